// Entries of a store to what they do to its ledger: each read, put aside or stepped, in sequence. No I/O (R1 to R24).
import {
  type Book,
  type BookEntry,
  type DirectiveEntry,
  type FactEntry,
  noteAside,
  type ReadFact,
  type Stepped,
} from '../core/book.ts';
import { type Epoch, genesisChain } from '../core/chain.ts';
import {
  type DecisionBody,
  type Directive,
  directiveBytes,
  directiveStatement,
  linkDirective,
  skusOfDecision,
} from '../core/decision.ts';
import { dependsOn, documentName, guessNames } from '../core/dependence.ts';
import { replaceInBuckets, shelfHash } from '../core/digest.ts';
import { contentHash, type Fact, lineSkus, naturalKey } from '../core/fact.ts';
import { type Hash, text } from '../core/hash.ts';
import { POSITION_MAX } from '../core/limits.ts';
import { type At, BEGINNING, compareAt, factName, sameAt } from '../core/order.ts';
import { PLACES } from '../core/posting.ts';
import type { Shelf } from '../core/shelf.ts';
import { linkOutcome, step } from '../core/step.ts';
import { FactSchema } from '../protocol/fact.ts';
import { sha256 } from '../protocol/sha256.ts';
import type { Signer } from '../protocol/wire/signing.ts';
import { grantOf } from './directive-log.ts';
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
};

/** Who looks at a fact that could not be posted. */
export type Owner = 'inventory-control' | 'it';

export type FactStep = { entry: FactEntry; stepped: Stepped; epoch: Epoch; arrived: Arrived };
/** `isNew`: it was decided just now and is not in the log yet. */
export type DirectiveStep = { entry: DirectiveEntry; stepped: Stepped; row: DirectiveRow; isNew: boolean };
export type Step = FactStep | DirectiveStep;

export const isFactStep = (one: Step): one is FactStep => one.entry.kind === 'fact';

/** A fact that was put aside, and the directive that said so; null where it could not be said any more. */
export type Letter = {
  at: At;
  kind: AsideFact['kind'];
  reason: string;
  on: At | null;
  dseq: number | null;
  names: string[];
};

/** What a transaction does to a store, in order, and where the store stands behind it. */
export type Done = {
  postedMs: number;
  stream: Stream;
  steps: Step[];
  /** Shelves that were touched, as they are now. */
  shelves: Map<string, Shelf>;
  keys: { key: string; at: At; hash: string }[];
  taken: { subject: string; entry: string }[];
  letters: Letter[];
  released: { at: At; dseq: number }[];
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

export type Draft = { by: string; body: DecisionBody };
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
  const stream: Stream = { ...parts.stream, buckets: Uint8Array.from(parts.stream.buckets) };
  const pending = [...parts.pending];
  const steps: Step[] = [];
  const hashes = new Map([...book.shelves].map(([sku, shelf]) => [sku, shelfHash(sha256, sku, shelf)]));
  const known = { keys: new Set(book.keys.keys()), taken: new Set(book.taken.keys()) };
  const touched = new Set<string>();
  const letters: Letter[] = [];
  const released: Done['released'] = [];
  /** Places of facts that were put aside, by the names on which others depend. */
  const asideByName = new Map<string, At[]>();
  const nameAside = (at: At, names: readonly string[]): void => {
    for (const name of names) asideByName.set(name, [...(asideByName.get(name) ?? []), at]);
  };
  for (const { at, names, kind, reason, by, on } of parts.aside) {
    book.aside.set(factName(at), { kind, reason, by, on });
    nameAside(at, names);
  }
  const isAside = (at: At): boolean => book.aside.has(factName(at));

  function take(entry: BookEntry): Stepped {
    const stepped = step(book, entry);
    stream.outcomes = linkOutcome(sha256, stream.outcomes, stepped);
    for (const { sku } of stepped.lines) if (sku !== null) touched.add(sku);
    if (entry.kind === 'directive') for (const sku of skusOfDecision(entry.directive.body)) touched.add(sku);
    return stepped;
  }

  /** Why nothing of a fact can be posted now; null where it can. */
  function obstacle({ read }: Pick<Arrived, 'read'>): Extract<DecisionBody, { kind: 'refuse' }>['reason'] | null {
    if (read === null) return 'unreadable';
    const { fact, hash } = read;
    const posted = book.keys.get(fact.key);
    if (posted !== undefined) return posted.hash === hash ? null : 'other-body';
    return lineSkus(fact.content).some((sku) => isFull(book.shelves.get(sku))) ? 'out-of-bounds' : null;
  }

  /** The fact put aside before it that this one cannot do without; a repetition of what is posted can. */
  function blocker({ fact }: ReadFact, at: At): At | null {
    if (asideByName.size === 0 || book.keys.has(fact.key)) return null;
    for (const name of dependsOn(store, fact.content)) {
      const other = asideByName.get(name)?.find((one) => isAside(one) && compareAt(one, at) < 0);
      if (other !== undefined) return other;
    }
    return null;
  }

  /** What central has to say of a fact before it is stepped; what it said before a restore stands (H10 of the law). */
  function verdictOn(at: At, arrived: Arrived): DecisionBody | null {
    if (pending.length > 0) {
      for (const { row } of pending) {
        const { body } = row.directive;
        if ((body.kind === 'refuse' || body.kind === 'wait') && sameAt(body.fact, at)) putAside(row.directive, arrived);
      }
      return null;
    }
    const reason = obstacle(arrived);
    if (reason !== null) return { kind: 'refuse', fact: at, reason };
    const on = arrived.read === null ? null : blocker(arrived.read, at);
    return on === null ? null : { kind: 'wait', fact: at, on };
  }

  function putAside(directive: Directive, { read, bytes }: Arrived): void {
    const { body, dseq } = directive;
    if (body.kind !== 'refuse' && body.kind !== 'wait') return;
    noteAside(book, directive);
    const names = read === null ? guessNames(textOf(bytes)) : [documentName(read.fact.content)];
    nameAside(body.fact, names);
    const told =
      body.kind === 'refuse'
        ? ({ kind: 'refused', reason: body.reason, on: null } as const)
        : ({ kind: 'waiting', reason: 'depends-on-refused', on: body.on } as const);
    letters.push({ at: body.fact, ...told, dseq, names });
    stream.aside += 1;
  }

  function append({ by, body }: Draft, basis: At): DirectiveRow {
    const dseq = stream.heldDseq + 1;
    const directive: Directive = { v: 1, store, dseq, basis, by, at: nowMs, body };
    const bytes = directiveBytes(directive);
    const chain = linkDirective(sha256, stream.heldChain, bytes);
    const signature = signer.sign(directiveStatement(store, dseq, chain));
    stream.heldDseq = dseq;
    stream.heldChain = chain;
    return { dseq, chain, bytes, keyId: signer.keyId, signature, directive };
  }

  function stepDirective(row: DirectiveRow, read: ReadFact | null, isNew: boolean): void {
    const { directive } = row;
    const { body, dseq } = directive;
    const lets = body.kind === 'release' && read !== null && isAside(body.fact);
    const entry: DirectiveEntry = { kind: 'directive', directive, released: read };
    steps.push({ entry, stepped: take(entry), row, isNew });
    stream.dseq = dseq;
    stream.directiveChain = row.chain;
    stream.closedThrough = book.closedThrough;
    if (lets) {
      released.push({ at: body.fact, dseq });
      stream.aside -= 1;
    }
    if (body.kind === 'epoch-granted') {
      stream.epoch = { ordinal: body.ordinal, life: body.life };
      stream.seq = 0;
      stream.chain = genesisChain(sha256, store, stream.epoch);
    }
  }

  /** Adopted directives whose place is reached. */
  function stepPending(): void {
    for (;;) {
      const [next] = pending;
      if (next === undefined || compareAt(next.row.directive.basis, headAt(stream)) > 0) return;
      pending.shift();
      stepDirective(next.row, next.released, false);
      stream.closing = pending.flatMap(({ row }) => grantOf(row.directive)?.closed ?? [])[0] ?? null;
    }
  }

  return {
    stepPending,
    blocker,
    obstacle,
    isAside,
    /** The next fact of the journal. */
    takeFact(epoch: Epoch, arrived: Arrived): void {
      const at = { epoch: epoch.ordinal, seq: arrived.seq };
      const verdict = verdictOn(at, arrived);
      const row = verdict === null ? null : append({ by: 'central', body: verdict }, at);
      if (row !== null) putAside(row.directive, arrived);
      const entry: FactEntry = { kind: 'fact', at, read: arrived.read };
      steps.push({ entry, stepped: take(entry), epoch, arrived });
      stream.epoch = epoch;
      stream.seq = arrived.seq;
      stream.chain = arrived.chain;
      if (row !== null) stepDirective(row, null, true);
      stepPending();
    },
    /** A decision at the store's present place; `read` is the fact that a release lets in. */
    takeDecision(draft: Draft, basis: At, read: ReadFact | null): void {
      stepDirective(append(draft, basis), read, true);
    },
    done(): Done {
      const shelves = new Map<string, Shelf>();
      for (const sku of touched) {
        const shelf = book.shelves.get(sku);
        if (shelf === undefined) continue;
        shelves.set(sku, shelf);
        replaceInBuckets(stream.buckets, sku, hashes.get(sku) ?? null, shelfHash(sha256, sku, shelf));
      }
      const keys = [...book.keys].filter(([key]) => !known.keys.has(key));
      const taken = [...book.taken].filter(([subject]) => !known.taken.has(subject));
      return {
        postedMs: nowMs,
        stream,
        steps,
        shelves,
        keys: keys.map(([key, { at, hash }]) => ({ key, at, hash })),
        taken: taken.map(([subject, entry]) => ({ subject, entry })),
        letters,
        released,
      };
    },
  };
}

/** The last entry that is posted: what a decision made now is based on (R2). */
export const headAt = ({ epoch, seq }: Stream): At => (epoch === null ? BEGINNING : { epoch: epoch.ordinal, seq });

const isFull = (shelf: Shelf | undefined): boolean =>
  shelf !== undefined && PLACES.some((place) => Math.abs(shelf.places[place]) > POSITION_MAX);

/** Bytes that are no text have no names. */
function textOf(bytes: Uint8Array): string {
  try {
    return text(bytes);
  } catch {
    return '';
  }
}
