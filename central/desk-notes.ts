// What head office's desk must know of entries that were posted: noted in the transaction that posts them.
import type { BookEntry, Stepped } from '../core/book.ts';
import type { Directive } from '../core/decision.ts';
import { type DeadlineHours, deadlineOf, policyOf } from '../core/exception.ts';
import type { Fact } from '../core/fact.ts';
import { TRANSFER_RESIDUE_MS } from '../core/limits.ts';
import type { At } from '../core/order.ts';
import { type Outcome, overall } from '../core/outcome.ts';
import { claimsOf, receiptNameOf, voidedReceipt } from './claims.ts';
import type { ClaimNews, ClaimsTold, Task } from './desk-ports.ts';
import type { LedgerTx } from './ports.ts';
import { orderedLines, type TransferLine, transferLines } from './transfers.ts';

/** An entry and what it did, in the order in which they were stepped. */
export type PostedEntry = { entry: BookEntry; stepped: Stepped };

type Notes = { claims: ClaimNews; told: ClaimsTold; transfers: TransferLine[]; tasks: Task[] };

/**
 * To be called once in each transaction that steps entries of a store, when their keys are written and while the
 * stream is locked. Asks the ledger nothing where no entry concerns the desk, and one question where sales were posted.
 */
export async function notePosted(
  tx: LedgerTx,
  store: string,
  { steps, postedMs: nowMs, hours }: { steps: PostedEntry[]; postedMs: number; hours?: DeadlineHours | undefined },
): Promise<void> {
  const notes = notesOf(store, steps, hours);
  const { claims, told, transfers, tasks } = notes;
  if (claims.claims.length + claims.voided.length + claims.sold.length > 0) {
    for (const sale of await tx.claims.note(claims)) {
      tasks.push({ kind: 'claims', subject: sale, details: '', dueMs: nowMs });
    }
  }
  if (told.notices.length + told.verdicts.length > 0) await tx.claims.noteTold(store, told);
  if (transfers.length > 0) {
    await tx.transfers.note(transfers);
    for (const transfer of new Set(transfers.map((line) => line.transfer))) {
      const { isOpen } = await tx.transfers.asked(transfer);
      tasks.push({
        kind: 'transfer',
        subject: transfer,
        details: '',
        dueMs: isOpen ? nowMs : nowMs + TRANSFER_RESIDUE_MS,
      });
    }
  }
  if (tasks.length > 0) await tx.tasks.add(tasks);
}

/** Decided without any I/O. */
function notesOf(store: string, posted: PostedEntry[], hours: DeadlineHours | undefined): Notes {
  const notes: Notes = {
    claims: { claims: [], voided: [], sold: [] },
    told: { notices: [], verdicts: [] },
    transfers: [],
    tasks: [],
  };
  for (const { entry, stepped } of posted) {
    if (entry.kind === 'directive') {
      noteDirective(notes, store, entry.directive, stepped);
      const { body } = entry.directive;
      if (body.kind === 'release' && entry.released !== null) {
        noteFact(notes, store, { at: body.fact, fact: entry.released.fact, stepped });
      }
    } else if (entry.read !== null) noteFact(notes, store, { at: entry.at, fact: entry.read.fact, stepped });
    for (const raised of stepped.raised) {
      if (policyOf(raised.type).atDeadline === null) continue;
      const subject = `${store} ${raised.id}`;
      const details = JSON.stringify({ store, exception: raised.id });
      notes.tasks.push({ kind: 'deadline', subject, details, dueMs: deadlineOf(raised, hours) });
    }
  }
  return notes;
}

const isAside = (outcome: Outcome): boolean => outcome === 'refused' || outcome === 'waiting';

function noteFact(notes: Notes, store: string, { at, fact, stepped }: { at: At; fact: Fact; stepped: Stepped }): void {
  const { outcome, reason } = overall(stepped.lines);
  const { content } = fact;
  if (outcome === 'duplicate') return;
  if (isAside(outcome)) {
    notes.claims.claims.push(...claimsOf(at, fact, true));
    return;
  }
  if ('receipt' in content) {
    notes.claims.claims.push(...claimsOf(at, fact, false));
    const voided = reason === 'voided-before' ? null : voidedReceipt(store, content);
    if (voided !== null) notes.claims.voided.push(voided);
    if (content.kind === 'sale') notes.claims.sold.push(receiptNameOf(store, content));
  }
  notes.transfers.push(...(changesNothing(stepped) ? [] : transferLines(stepped.name, fact)));
  if (content.kind === 'exception-decided' && outcome === 'posted') {
    const { exception, option, note } = content;
    const details = JSON.stringify({ store, exception, option, note: note ?? null, entry: stepped.name });
    notes.tasks.push({ kind: 'decided', subject: `${store} ${exception}`, details, dueMs: 0 });
  }
}

/** A document taken back that was not there, for example. */
const changesNothing = ({ moves, lines }: Stepped): boolean =>
  moves.length === 0 && lines.every(({ outcome }) => outcome === 'flagged');

function noteDirective(notes: Notes, store: string, { dseq, at, body }: Directive, stepped: Stepped): void {
  notes.transfers.push(...orderedLines(store, stepped.name, body, at));
  if (body.kind === 'claim-notice') notes.told.notices.push({ claim: body.claim, sale: body.sale, dseq });
  if (body.kind === 'claim-verdict') {
    const { claim, kept, disputed, unclear, sentence } = body;
    notes.told.verdicts.push({ claim, kept, disputed, unclear, sentence, dseq });
  }
  if (body.kind === 'reserve' && body.until !== undefined) {
    const details = JSON.stringify({ store, sku: body.sku, reservation: body.reservation });
    const subject = `${store} ${body.sku} ${body.reservation}`;
    notes.tasks.push({ kind: 'expire', subject, details, dueMs: body.until });
  }
}
