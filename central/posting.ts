// Loads what entries need of a store's book, and writes what stepping them did: the shell around the fold (D15).
import { type BookEntry, emptyBook, needsOf, noNeeds, type ReadFact } from '../core/book.ts';
import type { DecisionBody } from '../core/decision.ts';
import { dependsOn } from '../core/dependence.ts';
import { text } from '../core/hash.ts';
import { COUNT_LATE_MS_MAX, DIRECTIVES_MAX } from '../core/limits.ts';
import { type At, factName } from '../core/order.ts';
import { sha256 } from '../protocol/sha256.ts';
import type { Batch } from '../protocol/wire/frames.ts';
import { notePosted } from './desk-notes.ts';
import { readDirective } from './directive-log.ts';
import { type Fold, openFold, type Pending, readFact } from './fold.ts';
import type { Intake } from './intake.ts';
import type { Stream } from './judge.ts';
import type { AsideFact, DirectiveRow } from './law-ports.ts';
import type { LedgerTx } from './ports.ts';

export type Posting = {
  fold: Fold;
  /** Facts that releases among the directives let in, by name; null where they cannot be read. */
  facts: ReadonlyMap<string, ReadFact | null>;
  /** Writes all that was stepped, tells head office's desk, and answers with the stream as it is then. */
  write(batches: Batch[], underway?: () => void): Promise<Stream>;
};

/** What is about to be stepped: facts of the journal, and decisions that are not in the log yet. */
export type Coming = { facts: ReadFact[]; bodies: DecisionBody[]; aside?: AsideFact[] | undefined };

/** The stream must be locked. */
export async function openPosting(tx: LedgerTx, intake: Intake, stream: Stream, coming: Coming): Promise<Posting> {
  const { store } = stream;
  const rows = await loadPending(tx, stream);
  const bodies = [...rows.map(({ directive }) => directive.body), ...coming.bodies];
  const released = bodies.flatMap((body) => (body.kind === 'release' ? [body.fact] : []));
  const facts = await readFacts(tx, store, released);
  const known = coming.aside ?? [];
  for (const { at, bytes } of known) facts.set(factName(at), readFact(store, text(bytes), sha256));
  const all = [...coming.facts, ...[...facts.values()].filter((read) => read !== null)];
  const aside = stream.aside === 0 ? [] : await findAside(tx, store, all, [...released, ...known.map(({ at }) => at)]);
  const entries: BookEntry[] = [
    ...all.map((read) => ({ kind: 'fact', at: NOWHERE, read }) as const),
    ...bodies.map((body) => directiveEntry(store, body)),
  ];
  const { closedThrough } = stream;
  const book = { ...emptyBook(store), ...(await loadBook(tx, store, entries)), followsTills: false, closedThrough };
  const pending: Pending[] = rows.map((row) => ({ row, released: releasedBy(row, facts) }));
  const fold = openFold({ stream, book, aside, pending, signer: intake.signer, nowMs: intake.wallMs() });
  return {
    fold,
    facts,
    async write(batches, underway = () => {}) {
      const done = { ...fold.done(), hours: intake.hoursOf?.(store) };
      const written = tx.postings.write(done, batches);
      underway();
      await written;
      await notePosted(tx, store, done);
      return done.stream;
    },
  };
}

/** Only what is needed is asked of them, not where they stand. */
const NOWHERE: At = { epoch: 0, seq: 0 };
const directiveEntry = (store: string, body: DecisionBody): BookEntry => ({
  kind: 'directive',
  directive: { v: 1, store, dseq: 0, basis: NOWHERE, by: '', at: 0, body },
  released: null,
});

function loadBook(tx: LedgerTx, store: string, entries: BookEntry[]) {
  const needs = noNeeds();
  let effectsSinceMs = Number.MAX_SAFE_INTEGER;
  for (const entry of entries) {
    needsOf(store, entry, needs);
    if (entry.kind !== 'fact' || entry.read?.fact.content.kind !== 'stocktake') continue;
    effectsSinceMs = Math.min(effectsSinceMs, entry.read.fact.recorded.ms - COUNT_LATE_MS_MAX);
  }
  return tx.postings.load(store, { ...needs, effectsSinceMs });
}

/** Adopted directives that wait for the entries they were based on. */
async function loadPending(tx: LedgerTx, { store, dseq, heldDseq }: Stream): Promise<DirectiveRow[]> {
  const rows: DirectiveRow[] = [];
  for (let after = dseq; after < heldDseq; ) {
    const page = await tx.directives.page(store, after, DIRECTIVES_MAX);
    rows.push(...page.map((held) => ({ ...held, directive: readDirective(held.bytes) })));
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.dseq;
  }
  return rows;
}

async function readFacts(tx: LedgerTx, store: string, places: At[]): Promise<Map<string, ReadFact | null>> {
  if (places.length === 0) return new Map();
  const held = await tx.entries.read(store, places);
  return new Map([...held].map(([name, bytes]) => [name, readFact(store, text(bytes), sha256)]));
}

const releasedBy = ({ directive: { body } }: DirectiveRow, facts: Posting['facts']): ReadFact | null =>
  body.kind === 'release' ? (facts.get(factName(body.fact)) ?? null) : null;

function findAside(tx: LedgerTx, store: string, facts: ReadFact[], places: At[]): Promise<AsideFact[]> {
  const names = new Set<string>();
  for (const { fact } of facts) for (const name of dependsOn(store, fact.content)) names.add(name);
  return tx.putAside.find(store, { names, facts: places });
}
