// Histories that part: an epoch that central closed is read as central granted it, its lost branch is kept and folded.
import { expect, onTestFinished, test } from 'vitest';
import { genesisChain, linkChain } from '../../core/chain.ts';
import { type Fact, factBytes } from '../../core/fact.ts';
import { text } from '../../core/hash.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { Journal } from '../../storage/journal.ts';
import { openReader } from '../../storage/reader.ts';
import { temporaryFolder } from '../temporary.ts';
import { makeCentralBook, settle, workOff } from './central-book.ts';
import { openTest, receiptsOf, sale, sales, shelvesOf } from './shop.ts';

const factsOf = (journal: Journal, after: number): Fact[] =>
  journal.page(journal.heads().epoch, after, 100, 1e6).map(({ bytes }) => JSON.parse(text(bytes)) as Fact);

/** Central took 4 of the old epoch; of the last two this journal, an old copy, knows nothing and captured others. */
function forked() {
  const lost = openTest(temporaryFolder());
  lost.appendGroup(sales(1, 4));
  const [, , third, fourth] = factsOf(lost, 0);
  if (third === undefined || fourth === undefined) throw new Error('four were captured');
  const folder = temporaryFolder();
  const journal = openTest(folder);
  journal.appendGroup(sales(1, 2));
  const central = makeCentralBook();
  central.take(journal, 2);
  settle(journal, central.mark());
  const old = journal.heads();
  const branch = [third, fourth].map(factBytes);
  for (const fact of [third, fourth]) central.post(fact, false);
  // The same receipt as the lost branch has, and one of its own.
  journal.appendGroup([sale(3), sale(9)]);
  journal.beginEpoch('central knows another history', 2);
  const third3 = linkChain(sha256, old.chain, branch[0] ?? new Uint8Array());
  const chain = linkChain(sha256, third3, branch[1] ?? new Uint8Array());
  central.grant(journal.heads().epoch, chain);
  const entries = [
    { seq: 3, chain: third3, bytes: branch[0] ?? new Uint8Array() },
    { seq: 4, chain, bytes: branch[1] ?? new Uint8Array() },
  ];
  return { journal, central, old, entries, chain, folder };
}

test("after a grant the hole is named, the branch kept, and the book is central's again", () => {
  const { journal, central, old, entries, chain, folder } = forked();
  expect(journal.closedAt(old.epoch)).toBe(2);
  expect(journal.canonicalEpochs()).toEqual([{ epoch: old.epoch, end: null }]);
  journal.applyDirectives(central.log);
  expect(journal.canonicalEpochs()).toEqual([
    { epoch: old.epoch, end: { seq: 4, chain, dseq: 1 } },
    { epoch: journal.heads().epoch, end: null },
  ]);
  expect(journal.missing()).toEqual({
    ...{ dseq: 1, epoch: old.epoch, after: 2, before: old.chain, through: 4, chain },
  });
  central.take(journal, 10);
  settle(journal, central.mark());
  expect(workOff(journal)).toEqual([]);
  journal.keepBranch(old.epoch, entries.slice(0, 1));
  expect(journal.missing()).toMatchObject({ after: 3, before: entries[0]?.chain });
  expect(workOff(journal)).toEqual([]);
  journal.keepBranch(old.epoch, entries);
  expect(journal.missing()).toBeNull();
  expect(workOff(journal)).toEqual([{ cut: { at: { epoch: 2, seq: 2 }, dseq: 1 }, agrees: true }]);
  expect(shelvesOf(folder)).toEqual(new Map(central.sums()));
  expect(journal.page(old.epoch, 0, 10, 1e6).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  expect(journal.chainAt(old.epoch, 4)).toBe(chain);
  // Receipt 3 came twice: it is posted once, and says what became of it where it was first posted.
  expect(journal.explainSku('APPLE')).toMatchObject({ onHand: -5000, soFar: false });
  expect(journal.outcome({ epoch: 2, seq: 1 })).toMatchObject({ sentence: 'Posted to stock.', soFar: false });
  expect(receiptsOf(journal)).toEqual(['R1', 'R2', 'R3', 'R4', 'R3', 'R9']);
});

test('from outside, a closed epoch is read as central granted it', () => {
  const { journal, central, old, entries, chain, folder } = forked();
  journal.applyDirectives(central.log);
  journal.keepBranch(old.epoch, entries);
  const reader = openReader(folder);
  onTestFinished(reader.close);
  const present = journal.heads();
  expect(reader.granted()).toEqual([
    { ...old.epoch, seq: 4, chain, settled: 4 },
    { ...present.epoch, seq: 2, chain: present.chain, settled: 0 },
  ]);
  expect(reader.page(old.epoch, 0, 10, 1e6).map(({ chain }) => chain)).toEqual(
    [1, 2, 3, 4].map((seq) => journal.chainAt(old.epoch, seq)),
  );
  expect(reader.epochs()[0]).toMatchObject({ ordinal: 1, seq: 2 });
});

test('a branch that does not link, or ends in another chain, is not kept', () => {
  const { journal, central, old, entries } = forked();
  journal.applyDirectives(central.log);
  const [first, second] = entries;
  if (first === undefined || second === undefined) throw new Error('two are missing');
  expect(() => journal.keepBranch(old.epoch, [second])).toThrow(/does not follow/);
  const other = factBytes({ ...(JSON.parse(text(second.bytes)) as Fact), feed: 'other' });
  const forged = { seq: 4, bytes: other, chain: linkChain(sha256, first.chain, other) };
  expect(() => journal.keepBranch(old.epoch, [first, forged])).toThrow(/does not end where/);
  // The first one is our own as well; nothing of the other was kept.
  expect(journal.missing()).toMatchObject({ after: 3 });
});

test('an epoch of another life in between is recalled whole', () => {
  const journal = openTest(temporaryFolder());
  const clone = openTest(temporaryFolder());
  journal.appendGroup(sales(1, 2));
  clone.appendGroup(sales(5, 6));
  const central = makeCentralBook();
  central.take(journal, 2);
  const { epoch: own, chain } = journal.heads();
  const foreign = { ordinal: 2, life: 'c'.repeat(32) };
  central.grant(foreign, chain);
  let link = genesisChain(sha256, 'S001', foreign);
  const entries = factsOf(clone, 0).map((fact, index) => {
    central.post(fact, false);
    link = linkChain(sha256, link, factBytes(fact));
    return { seq: index + 1, chain: link, bytes: factBytes(fact) };
  });
  journal.beginEpoch('a clone went on', 3);
  central.grant(journal.heads().epoch, link);
  journal.applyDirectives(central.log);
  expect(journal.missing()).toMatchObject({ epoch: foreign, after: 0, through: 2 });
  journal.keepBranch(foreign, entries);
  central.take(journal, 10);
  settle(journal, central.mark());
  expect(workOff(journal)).toEqual([{ cut: { at: { epoch: 3, seq: 2 }, dseq: 2 }, agrees: true }]);
  expect(journal.page(own, 0, 10, 1e6)).toHaveLength(2);
  expect(journal.provisional().shelves).toEqual([]);
});
