// A typed document of goods becomes one fact, by the same way as one that is posted: however often it is asked for (L1).
import { DateTime } from 'luxon';
import { WAYS } from '../../capture/ways.ts';
import { formatQuantity } from '../../core/amounts.ts';
import type { AppendOutcome, Captured } from '../../core/captured.ts';
import type { Clock } from '../../core/clock.ts';
import { naturalKey, readNaturalKey } from '../../core/fact.ts';
import { lacksOf, movedLines } from '../../core/goods.ts';
import { hex, utf8 } from '../../core/hash.ts';
import { TAKE_BACK_MS_MAX } from '../../core/limits/goods.ts';
import { IDENTIFIER_LENGTH_MAX } from '../../core/limits.ts';
import type { GoodsContent, GoodsKept, TakenBack } from '../../protocol/local/rooms/goods.ts';
import { MovementInput } from '../../protocol/local/transaction.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { Storage } from '../../storage/client.ts';
import type { DraftRow } from '../../storage/goods-drafts.ts';
import { WINDOW_WORKSTATION } from '../decide.ts';
import { readContent } from './draft.ts';

export type GoodsParts = { storage: Storage; clock: Clock };

const FEED = 'window';
/** Documents of goods name no customer, so nothing is ever made a pseudonym with it. */
const NO_PSEUDONYMS = new Uint8Array(32);

const contextOf = ({ storage, clock }: GoodsParts, clientKey: string) => ({
  ...{ store: storage.store, feed: FEED, pseudonymKey: NO_PSEUDONYMS, nowMs: clock.wallMs(), clientKey },
});

/** Hands a draft over. A rejected promise means "unknown": asking again gives the same document. */
export async function keepDraft(parts: GoodsParts, id: string, another: boolean): Promise<GoodsKept> {
  const { storage } = parts;
  const draft = await storage.goodsDraft(id);
  if (draft === null) return { result: 'gone' };
  if (draft.kept !== null) return { result: 'kept', ...readKept(draft.kept), was: true };
  let { frozen } = draft;
  if (frozen === null) {
    const content = readContent(draft);
    const problems = lacksOf(content, storage.store);
    if (problems.length > 0) return { result: 'incomplete', problems };
    const note = content.kind === 'goods-received' ? content.note.trim() : '';
    const earlier = note === '' ? [] : await storage.deliveriesNumbered(note);
    const standing = earlier.filter(({ takenBackBy }) => takenBackBy === null);
    if (standing.length > 0 && !another) return { result: 'note-used', earlier: standing };
    const body = bodyOf(content, numberOf(draft, note, earlier.length > 0), parts.clock.wallMs());
    frozen = (await storage.freezeGoodsDraft(id, JSON.stringify(body)))?.frozen ?? null;
    if (frozen === null) return keepDraft(parts, id, another);
  }
  return handOver(parts, id, MovementInput.parse(JSON.parse(frozen)));
}

async function handOver(parts: GoodsParts, id: string, body: MovementInput): Promise<GoodsKept> {
  const { storage, clock } = parts;
  // The clock that says when is our own: nothing lies between.
  const sent = { ...body, sentAt: new Date(clock.wallMs()).toISOString() };
  const prepared = await WAYS.movements.prepare(sent, contextOf(parts, `goods-${id}`), storage);
  if (!prepared.ok) return { result: 'not-kept', sentence: notFit(prepared.issues?.[0]) };
  const outcome = await storage.append(prepared.captures[0]);
  if (outcome.kind === 'refused') return { result: 'not-kept', sentence: outcome.message };
  if (outcome.kind === 'conflict' && outcome.by !== 'idempotency-key') {
    const earlier = await storage.deliveriesNumbered(body.document);
    return earlier.length > 0 ? { result: 'note-used', earlier } : { result: 'not-kept', sentence: NUMBER_USED };
  }
  // A conflict of the client's key: this draft was handed over before, as it was then.
  const { key } = outcome.kept;
  const { number } = readNaturalKey(key);
  await storage.goodsDraftKept(id, JSON.stringify({ number, key }));
  return { result: 'kept', number, key, was: outcome.kind !== 'captured' };
}

const NUMBER_USED = 'Another document has this number already. Nothing was kept: please begin this one again.';

const notFit = (issue: { field: string; problem: string; fix: string } | undefined): string =>
  `Something in this document cannot be kept${issue === undefined ? '' : `: ${issue.problem}; ${issue.fix}`}.`;

export const readKept = (kept: string): { number: string; key: string } => JSON.parse(kept);

/** Whether what a draft was frozen as is in the journal; a draft that is not may be changed again. */
export async function keptBefore({ storage }: GoodsParts, draft: DraftRow): Promise<string | null> {
  if (draft.frozen === null) return null;
  const body = MovementInput.parse(JSON.parse(draft.frozen));
  const key = [storage.store, body.workstation, body.businessDate, body.document, body.kind].join('|');
  const found = await storage.findDocument(key);
  if (found === null) return null;
  await storage.goodsDraftKept(draft.id, JSON.stringify({ number: body.document, key }));
  return body.document;
}

/** The delivery note's own number, unless an earlier document has it. */
function numberOf({ number }: DraftRow, note: string, isUsed: boolean): string {
  if (note === '') return number;
  const code = number.slice(number.lastIndexOf('-'));
  return isUsed ? `${note.slice(0, IDENTIFIER_LENGTH_MAX - code.length)}${code}` : note;
}

const given = (text: string): string | undefined => (text.trim() === '' ? undefined : text.trim());

function bodyOf(content: GoodsContent, document: string, nowMs: number): MovementInput {
  const now = DateTime.fromMillis(nowMs);
  return {
    kind: content.kind,
    workstation: WINDOW_WORKSTATION,
    document,
    businessDate: now.toISODate() ?? '',
    occurred: now.toISO() ?? '',
    lines: movedLines(content).map(({ sku, quantity, damaged, expected }) => ({
      sku,
      quantity: formatQuantity(quantity),
      ...(damaged ? { disposition: 'damaged' as const } : {}),
      ...(expected === undefined ? {} : { expected: formatQuantity(expected) }),
    })),
    reason: given(content.reason),
    counterparty: given(content.counterparty),
    transfer: given(content.transfer),
    order: given(content.order),
  };
}

/** Takes an own document back (R21), once: asking again changes nothing. */
export async function takeBack(parts: GoodsParts, key: string): Promise<TakenBack> {
  const { storage, clock } = parts;
  const found = await storage.findDocument(key);
  if (found === null) return { result: 'no-such-document' };
  if (found.takenBackBy !== null) return { result: 'already', number: readNaturalKey(found.takenBackBy).number };
  if (clock.wallMs() - found.fact.recorded.ms > TAKE_BACK_MS_MAX) return { result: 'too-old' };
  const digest = hex(sha256(utf8(key))).slice(0, 16);
  const now = DateTime.fromMillis(clock.wallMs());
  const body = {
    workstation: WINDOW_WORKSTATION,
    document: `BACK-${digest.slice(0, 8).toUpperCase()}`,
    businessDate: now.toISODate(),
    occurred: now.toISO(),
    sentAt: now.toISO(),
    reverses: key,
  };
  const prepared = await WAYS.reversals.prepare(body, contextOf(parts, `take-back-${digest}`), storage);
  if (!prepared.ok) return { result: 'not-kept', sentence: prepared.message ?? notFit(prepared.issues?.[0]) };
  return takenAs(await storage.append(prepared.captures[0]), storage.store, prepared.captures[0]);
}

function takenAs(outcome: AppendOutcome, store: string, { content }: Captured): TakenBack {
  if (outcome.kind === 'refused') return { result: 'not-kept', sentence: outcome.message };
  const key = outcome.kind === 'captured' ? naturalKey(store, content) : outcome.kept.key;
  return { result: outcome.kind === 'captured' ? 'taken-back' : 'already', number: readNaturalKey(key).number };
}
