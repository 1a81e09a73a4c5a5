// Entries of a store to what they do to its ledger: each read, put aside or stepped, in sequence. No I/O (R1 to R24).
import type { Book, BookEntry, DirectiveEntry, FactEntry, ReadFact, Stepped } from '../core/book.ts';
import { type Epoch, genesisChain } from '../core/chain.ts';
import type { DecisionBody, Directive } from '../core/decision.ts';
import type { DeadlineHours } from '../core/exception.ts';
import { contentHash, type Fact, naturalKey } from '../core/fact.ts';
import type { Hash } from '../core/hash.ts';
import { type At, BEGINNING, compareAt, factName, sameAt } from '../core/order.ts';
import { linkOutcome, step } from '../core/step.ts';
import { FactSchema } from '../protocol/fact.ts';
import { sha256 } from '../protocol/sha256.ts';
import type { Signer } from '../protocol/wire/signing.ts';
import { type Letter, namesOf, openAside, reasonOf } from './aside.ts';
import { type BookChanges, openBookChanges } from './book-changes.ts';
import { type Draft, grantOf, signDirective } from './directive-log.ts';
import type { Stream } from './judge.ts';
import type { AsideFact, DirectiveRow } from './law-ports.ts';

/** An entry as it came; `read` is null where its bytes cannot be read. */
export type Arrived = {
  seq: number;
  chain: string;
  /** Last sequence number of the signed batch it came in. */
  batchLast: number;
  bytes: Uint8Array;
  read: ReadFact | null;
  /** It can be read, and is not, because the ledger would not take what it posts (F49). */
  isUnacceptable?: boolean | undefined;
};

export type FactStep = { entry: FactEntry; stepped: Stepped; epoch: Epoch; arrived: Arrived };
/** `isNew`: it was decided just now and is not in the log yet. */
export type DirectiveStep = { entry: DirectiveEntry; stepped: Stepped; row: DirectiveRow; isNew: boolean };
export type Step = FactStep | DirectiveStep;

export const isFactStep = (one: Step): one is FactStep => one.entry.kind === 'fact';

/** What a transaction does to a store, in order, and where the store stands behind it. */
export type Done = BookChanges & {
  postedMs: number;
  stream: Stream;
  steps: Step[];
  letters: Letter[];
  released: { at: At; dseq: number }[];
  /** Of the store's questions, where its configuration says so. */
  hours?: DeadlineHours | undefined;
};

/** The fact in the bytes; null where this version cannot read it or it belongs to another store (L9). */
export function readFact(store: string, text: string, hash: Hash): ReadFact | null {
  const json = parseJson(text);
  const parsed = FactSchema.safeParse(json);
  if (!parsed.success || parsed.data.store !== store) return null;
  if (parsed.data.key !== naturalKey(store, parsed.data.content)) return null;
  // The value that was checked, not the checker's copy: it still has the order of its canonical bytes.
  const fact = json as Fact;
  return { fact, hash: contentHash(hash, fact.content) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export type Pending = { row: DirectiveRow; released: ReadFact | null };

export type FoldParts = {
  stream: Stream;
  /** Everything that `needsOf` names for the entries, loaded; it is changed. */
  book: Book;
  /** Facts put aside on which the entries may depend. */
  aside: AsideFact[];
  /** Directives that are held and not stepped yet, in order. */
  pending: Pending[];
  signer: Pick<Signer, 'keyId' | 'sign'>;
  nowMs: number;
};

export type Fold = ReturnType<typeof openFold>;

/** Steps entries one after the other; `done` tells what came of all of them. */
export function openFold({ book, signer, nowMs, ...parts }: FoldParts) {
  const { store } = parts.stream;
  const aside = openAside(store, book, parts.aside);
  const changes = openBookChanges(book);
  const state: State = {
    stream: { ...parts.stream, buckets: Uint8Array.from(parts.stream.buckets) },
    pending: [...parts.pending],
    steps: [],
    letters: [],
    released: [],
  };
  const { stream } = state;
  /** Facts of this very transaction: a release among the pending directives may let one of them in. */
  const arrivedNow = new Map<string, ReadFact>();

  function take(entry: BookEntry): Stepped {
    const stepped = step(book, entry);
    stream.outcomes = linkOutcome(sha256, stream.outcomes, stepped);
    changes.note(entry, stepped);
    return stepped;
  }

  function append(draft: Draft, basis: At): DirectiveRow {
    const end = { store, dseq: stream.heldDseq, chain: stream.heldChain, signer, nowMs };
    const row = signDirective(end, draft, basis);
    stream.heldDseq = row.dseq;
    stream.heldChain = row.chain;
    return row;
  }

  function putAside(directive: Directive, arrived: Arrived): void {
    const letters = aside.put(directive, arrived);
    state.letters.push(...letters);
    stream.aside += letters.length;
  }

  function takeDirective(row: DirectiveRow, read: ReadFact | null, isNew: boolean): void {
    const { directive } = row;
    const { body } = directive;
    const letsIn = body.kind === 'release' && read !== null && aside.isAside(body.fact);
    const entry: DirectiveEntry = { kind: 'directive', directive, released: read };
    state.steps.push({ entry, stepped: take(entry), row, isNew });
    if (letsIn) state.released.push({ at: body.fact, dseq: row.dseq });
    if (letsIn) stream.aside -= 1;
    moveOn(stream, row);
    stream.closedThrough = book.closedThrough;
  }

  const letIn = (body: DecisionBody): ReadFact | null =>
    body.kind === 'release' ? (arrivedNow.get(factName(body.fact)) ?? null) : null;

  /** Adopted directives whose place is reached. */
  function stepPending(): void {
    for (;;) {
      const [next] = state.pending;
      if (next === undefined || compareAt(next.row.directive.basis, headAt(stream)) > 0) return;
      state.pending.shift();
      takeDirective(next.row, next.released ?? letIn(next.row.directive.body), false);
      stream.closing = state.pending.flatMap(({ row }) => grantOf(row.directive)?.closed ?? [])[0] ?? null;
    }
  }

  return {
    stepPending,
    blocker: aside.blocker,
    obstacle: aside.obstacle,
    isAside: aside.isAside,
    /** The next fact of the journal. */
    takeFact(epoch: Epoch, arrived: Arrived): void {
      const at = { epoch: epoch.ordinal, seq: arrived.seq };
      if (arrived.read !== null) arrivedNow.set(factName(at), arrived.read);
      for (const directive of saidBefore(state.pending, at)) putAside(directive, arrived);
      // While earlier words of central are not stepped yet, it makes no others (H10 of the law).
      const verdict = state.pending.length > 0 ? null : verdictOn(aside, at, arrived);
      const row = verdict === null ? null : append({ by: 'central', body: verdict }, at);
      if (row !== null) putAside(row.directive, arrived);
      const entry: FactEntry = { kind: 'fact', at, read: arrived.read };
      const stepped = take(entry);
      state.steps.push({ entry, stepped, epoch, arrived });
      if (!aside.isAside(at)) state.letters.push(...unsaidLetter(stepped, at, arrived));
      Object.assign(stream, { epoch, seq: arrived.seq, chain: arrived.chain });
      if (row !== null) takeDirective(row, null, true);
      stepPending();
    },
    /** A decision at the store's present place; `read` is the fact that a release lets in. */
    takeDecision(draft: Draft, basis: At, read: ReadFact | null): void {
      takeDirective(append(draft, basis), read, true);
    },
    done(): Done {
      const { steps, letters, released } = state;
      return { postedMs: nowMs, stream, steps, letters, released, ...changes.collect(stream.buckets) };
    },
  };
}

type State = Pick<Done, 'stream' | 'steps' | 'letters' | 'released'> & { pending: Pending[] };

/** What central said of a fact before it was put back from an older copy. */
function saidBefore(pending: readonly Pending[], at: At): Directive[] {
  const said: Directive[] = [];
  for (const { row } of pending) {
    const { body, basis } = row.directive;
    if (compareAt(basis, at) > 0) break;
    if ((body.kind === 'refuse' || body.kind === 'wait') && sameAt(body.fact, at)) said.push(row.directive);
  }
  return said;
}

/** What central has to say of a fact before it is stepped; null for most of them. */
function verdictOn(aside: ReturnType<typeof openAside>, at: At, arrived: Arrived): DecisionBody | null {
  const reason = aside.obstacle(arrived);
  if (reason !== null) return { kind: 'refuse', fact: at, reason };
  const on = arrived.read === null ? null : aside.blocker(arrived.read, at);
  return on === null ? null : { kind: 'wait', fact: at, on };
}

/** Nothing of it was posted, and no directive could say so. */
function unsaidLetter({ lines: [line] }: Stepped, at: At, arrived: Arrived): Letter[] {
  if (line === undefined || line.outcome !== 'refused') return [];
  const reason = reasonOf(arrived, line.reason ?? 'unreadable');
  return [{ at, kind: 'refused', reason, on: null, dseq: null, names: namesOf(arrived) }];
}

/** The stream behind a directive; a grant begins a new life of the journal (H19 of the law). */
function moveOn(stream: Stream, { dseq, chain, directive: { body } }: DirectiveRow): void {
  stream.dseq = dseq;
  stream.directiveChain = chain;
  if (body.kind !== 'epoch-granted') return;
  stream.epoch = { ordinal: body.ordinal, life: body.life };
  stream.seq = 0;
  stream.chain = genesisChain(sha256, stream.store, stream.epoch);
}

/** The last entry that is posted: what a decision made now is based on (R2). */
export const headAt = ({ epoch, seq }: Stream): At => (epoch === null ? BEGINNING : { epoch: epoch.ordinal, seq });
