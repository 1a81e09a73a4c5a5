// Posting in memory: what is loaded of a book before, and all rows of a transaction.

import type { Done } from '../../central/fold.ts';
import type { LoadedBook, Wanted } from '../../central/law-ports.ts';
import { type Postings, UnacceptableData } from '../../central/ports.ts';
import {
  changeRows,
  directiveSteps,
  exceptionRows,
  factSteps,
  letterRows,
  outcomeRow,
  postingRows,
  signedBatches,
} from '../../central/rows.ts';
import type { Effect } from '../../core/shelf.ts';
import type { Batch } from '../../protocol/wire/frames.ts';
import { copyShelf } from './memory-law.ts';
import { entryKey } from './memory-rows.ts';
import { loadTills } from './memory-tills.ts';
import type { Scope } from './memory-topics.ts';

export const postings = (scope: Scope): Postings => ({
  async load(store, wanted) {
    scope.locks.mustHold(store);
    return loadBook(scope, store, wanted);
  },
  async write(done, batches) {
    scope.locks.mustHold(done.stream.store);
    writeEntries(scope, done, batches);
    writeDirectives(scope, done);
    writePostings(scope, done);
    writeExceptions(scope, done);
    advanceStream(scope, done);
  },
});

function loadBook({ rows }: Scope, store: string, wanted: Wanted): LoadedBook {
  const pick = <Row, Value>(
    names: Iterable<string>,
    get: (name: string) => Row | undefined,
    value: (row: Row) => Value,
  ) =>
    new Map(
      [...names].flatMap((name): [string, Value][] => {
        const row = get(name);
        return row === undefined ? [] : [[name, value(row)]];
      }),
    );
  const recent = (effects: Effect[]): Effect[] =>
    effects.filter(({ recordedMs }) => (recordedMs ?? 0) >= wanted.effectsSinceMs);
  return {
    tills: loadTills(rows, store, wanted),
    keys: pick(
      wanted.keys,
      (key) => rows.keys.get(store, key),
      ({ epoch, seq, hash }) => ({ at: { epoch, seq }, hash }),
    ),
    shelves: pick(
      wanted.skus,
      (sku) => rows.shelves.get(store, sku),
      ({ shelf }) => copyShelf(shelf),
    ),
    effects: pick(
      wanted.counted,
      (sku) => rows.effects.get(store, sku),
      ({ effects }) => recent(effects),
    ),
    taken: pick(
      wanted.taken,
      (subject) => rows.taken.get(store, subject),
      ({ entry }) => entry,
    ),
    exceptions: pick(
      wanted.exceptions,
      (id) => rows.exceptions.get(store, id),
      ({ decidedBy: by, option }) => (by === null ? null : { by, option: option ?? '' }),
    ),
  };
}

function writeEntries({ rows }: Scope, done: Done, batches: Batch[]): void {
  const { postedMs, keys, taken } = done;
  const { store } = done.stream;
  for (const one of factSteps(done)) {
    const { seq, bytes, chain, batchLast, read } = one.arrived;
    const epoch = one.epoch.ordinal;
    const key = read?.fact.key ?? null;
    rows.entries.insert(store, entryKey(epoch, seq), {
      epoch,
      seq,
      bytes,
      chain,
      key,
      postedMs,
      batchLast,
      ...outcomeRow(one),
    });
  }
  for (const { key, at, hash } of keys) rows.keys.insert(store, key, { key, ...at, hash });
  for (const { subject, entry } of taken) rows.taken.insert(store, subject, { subject, entry });
  for (const letter of letterRows(done)) {
    const { epoch, seq } = letter.at;
    rows.deadLetters.insert(store, entryKey(epoch, seq), { ...letter, postedMs, releasedDseq: null });
  }
  for (const { at, dseq } of done.released) {
    const letter = rows.deadLetters.get(store, entryKey(at.epoch, at.seq));
    if (letter !== undefined)
      rows.deadLetters.put(store, entryKey(at.epoch, at.seq), { ...letter, releasedDseq: dseq });
  }
  for (const batch of signedBatches(done, batches)) {
    const epoch = batch.epoch.ordinal;
    const key = entryKey(epoch, batch.last);
    if (rows.evidence.get(store, key) === undefined) rows.evidence.insert(store, key, { epoch, batch });
  }
}

function writeDirectives({ rows }: Scope, done: Done): void {
  const { store } = done.stream;
  for (const one of directiveSteps(done)) {
    if (one.isNew) rows.directives.insert(store, `${one.row.dseq}`, one.row);
    rows.directiveOutcomes.insert(store, `${one.row.dseq}`, { dseq: one.row.dseq, ...outcomeRow(one) });
  }
  for (const change of changeRows(done)) rows.changes.insert(store, `${change.entry} ${change.by}`, change);
}

function writePostings(scope: Scope, done: Done): void {
  const { rows } = scope;
  const { store } = done.stream;
  for (const posting of postingRows(done)) {
    if (scope.isRefused(store, posting)) throw new UnacceptableData(`a posting of ${posting.sku} is not acceptable`);
    const { at, dseq, move } = posting;
    rows.postings.insert(store, `${entryKey(at.epoch, at.seq)}/${dseq}/${move}`, posting);
  }
  for (const { stepped } of done.steps) {
    for (const { sku, effect } of stepped.effects) {
      const effects = rows.effects.get(store, sku)?.effects ?? [];
      rows.effects.put(store, sku, { effects: [...effects, effect] });
    }
  }
  for (const [sku, shelf] of done.shelves) rows.shelves.put(store, sku, { sku, shelf });
}

function writeExceptions({ rows }: Scope, done: Done): void {
  const { store } = done.stream;
  const { raised, decided } = exceptionRows(done);
  for (const { decided: answer, ...row } of raised) {
    if (rows.exceptions.get(store, row.id) !== undefined) continue;
    const told = { decidedBy: answer?.by ?? null, option: answer?.option ?? null };
    rows.exceptions.put(store, row.id, { ...row, store, ...told });
  }
  for (const { id, by, option } of decided) {
    const row = rows.exceptions.get(store, id);
    if (row === undefined || row.decidedBy !== null) continue;
    rows.exceptions.put(store, id, { ...row, decidedBy: by, option, decidedMs: done.postedMs });
  }
}

function advanceStream({ rows }: Scope, done: Done): void {
  const {
    store,
    epoch,
    seq,
    chain,
    dseq,
    directiveChain,
    heldDseq,
    heldChain,
    outcomes,
    buckets,
    aside,
    closedThrough,
  } = done.stream;
  const row = rows.streams.get(store, 'stream');
  if (row === undefined) throw new Error(`${store} has no stream`);
  const cut = { epoch, seq, chain, dseq, directiveChain, heldDseq, heldChain, outcomes, buckets, aside, closedThrough };
  const entries = row.entries + factSteps(done).length;
  rows.streams.put(store, 'stream', { ...row, ...cut, entries, postedMs: done.postedMs });
}
