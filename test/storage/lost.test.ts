// Central was put back from a copy: what it had proven goes on here, and what it says now stands in place of its old word.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Epoch, linkChain } from '../../core/chain.ts';
import { type Fact, factBytes } from '../../core/fact.ts';
import { text } from '../../core/hash.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { Journal } from '../../storage/journal.ts';
import { temporaryFolder } from '../temporary.ts';
import { makeCentralBook, settle, workOff } from './central-book.ts';
import { openTest, receiptsOf, sale, sales, shelvesOf } from './shop.ts';

/** What two copies of one PC rang up, each once. */
const ALL = ['R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'RC1', 'RC2'];

const entriesOf = (journal: Journal, epoch: Epoch) => journal.page(epoch, 0, 100, 1e6);
const facts = (journal: Journal, epoch: Epoch): Fact[] =>
  entriesOf(journal, epoch).map(({ bytes }) => JSON.parse(text(bytes)) as Fact);

/** Five were proven; then central was put back to the first two and took two of a copy of this PC in place of ours. */
function twiceLost({ same }: { same: number }) {
  const folder = temporaryFolder();
  const journal = openTest(folder);
  journal.appendGroup(sales(1, 5));
  const before = makeCentralBook();
  before.take(journal, 5);
  settle(journal, before.mark());
  expect(workOff(journal)).toMatchObject([{ agrees: true }]);
  const { epoch } = journal.heads();
  const copy = openTest(temporaryFolder());
  copy.appendGroup([sale('C1'), sale('C2')]);
  const central = makeCentralBook();
  central.take(journal, same);
  const common = entriesOf(journal, epoch).slice(0, same);
  let chain = journal.chainAt(epoch, same) ?? '';
  const branch = facts(copy, copy.heads().epoch).map((fact, index) => {
    central.post(fact, false);
    chain = linkChain(sha256, chain, factBytes(fact));
    return { seq: same + index + 1, chain, bytes: factBytes(fact) };
  });
  const last = makeCentralBook();
  last.take(journal, 2);
  const chainAt2 = journal.chainAt(epoch, 2) ?? '';
  journal.beginEpoch('central holds other entries', 2);
  journal.appendGroup([sale(6)]);
  central.grant(journal.heads().epoch, chain);
  /** What central hands out of the closed epoch behind an entry. */
  const handOut = (after: number) => [...common, ...branch].filter(({ seq }) => seq > after);
  /** Put back once more, to the first two entries. */
  const putBackAgain = () => {
    last.grant(journal.heads().epoch, chainAt2);
    return last;
  };
  return { folder, journal, central, epoch, handOut, putBackAgain };
}

test.each([
  ['none', 0],
  ['two', 2],
  ['four', 4],
])('entries that were proven and lost go on in the present epoch: %s common with central', (_, same) => {
  const { folder, journal, central, epoch, handOut } = twiceLost({ same });
  journal.applyDirectives(central.log);
  const hole = journal.missing();
  if (hole !== null && hole.after > same) {
    // What central hands out does not follow what a mark once proved.
    expect(journal.doubtCommon()).toBe(true);
    expect(journal.missing()).toMatchObject({ after: 0 });
  }
  journal.keepBranch(epoch, handOut(journal.missing()?.after ?? 0));
  expect(journal.missing()).toBeNull();
  expect(journal.doubtCommon()).toBe(false);
  const carried = facts(journal, journal.heads().epoch).map(({ content }) =>
    'receipt' in content ? content.receipt : '',
  );
  expect(carried).toEqual(['R6', ...['R1', 'R2', 'R3', 'R4', 'R5'].slice(same)]);
  expect(receiptsOf(journal).toSorted()).toEqual(ALL);
  expect(journal.snapshot('2026-11-21')).toMatchObject({ captured: 6, waiting: 6 - same });
  central.take(journal, 10);
  settle(journal, central.mark());
  expect(workOff(journal)).toMatchObject([{ agrees: true }]);
  expect(shelvesOf(folder)).toEqual(new Map(central.sums()));
  expect(central.book.shelves.get('APPLE')?.places.shelf).toBe(-8000);
});

test('a kill in between, and a journal built again from its mirror, carry nothing on twice', () => {
  const { folder, journal, central, epoch, handOut } = twiceLost({ same: 2 });
  journal.applyDirectives(central.log);
  journal.doubtCommon();
  journal.keepBranch(epoch, handOut(0));
  const { seq, chain } = journal.heads();
  expect(seq).toBe(4);
  journal.close();
  const again = openTest(folder);
  expect(again.heads()).toMatchObject({ seq, chain });
  again.close();
  for (const file of ['journal.db', 'journal.db-wal', 'journal.db-shm']) rmSync(join(folder, file), { force: true });
  const built = openTest(folder);
  expect(built.heads()).toMatchObject({ seq, chain });
  // What central decided and handed out is not in the mirror: it comes once more.
  expect(built.directives().dseq).toBe(0);
  built.applyDirectives(central.log);
  if (built.missing() !== null && built.missing()?.after !== 0) expect(built.doubtCommon()).toBe(true);
  built.keepBranch(epoch, handOut(0));
  expect(built.missing()).toBeNull();
  expect(built.heads()).toMatchObject({ seq, chain });
  expect(built.snapshot('2026-11-21')).toMatchObject({ captured: 6 });
});

test('decisions of a log that central no longer has are set aside, its present ones applied, people told', () => {
  const journal = openTest(temporaryFolder());
  journal.appendGroup(sales(1, 3));
  const before = makeCentralBook();
  before.take(journal, 3);
  before.decide({ kind: 'correction', sku: 'APPLE', delta: 5000 });
  before.decide({ kind: 'reserve', reservation: 'W1', sku: 'APPLE', quantity: 1000 });
  journal.applyDirectives(before.log);
  settle(journal, before.mark());
  expect(workOff(journal)).toMatchObject([{ agrees: true }]);

  const central = makeCentralBook();
  central.take(journal, 2);
  central.decide({ kind: 'correction', sku: 'APPLE', delta: 7000 });
  journal.supersede(0);
  expect(journal.directives()).toEqual({ dseq: 0, chain: null });
  journal.applyDirectives(central.log);
  central.take(journal, 10);
  settle(journal, central.mark());
  expect(workOff(journal)).toMatchObject([{ agrees: true }]);
  expect(journal.explainSku('APPLE')).toMatchObject({ onHand: 4000, reserved: 0 });
  const { notices } = journal.snapshot('2026-11-21');
  expect(notices).toMatchObject([{ code: 'decisions-lost' }]);
  expect(notices[0]?.message).toContain('stock of APPLE corrected by 5, 1 of APPLE reserved (W1)');
  workOff(journal);
  expect(journal.snapshot('2026-11-21').notices).toHaveLength(1);
});

test('what central still has of its log is not told as lost', () => {
  const journal = openTest(temporaryFolder());
  journal.appendGroup(sales(1, 1));
  const central = makeCentralBook();
  central.take(journal, 1);
  central.decide({ kind: 'correction', sku: 'APPLE', delta: 5000 });
  journal.applyDirectives(central.log);
  journal.supersede(0);
  journal.applyDirectives(central.log);
  settle(journal, central.mark());
  expect(workOff(journal)).toMatchObject([{ agrees: true }]);
  expect(journal.snapshot('2026-11-21').notices).toEqual([]);
});

test('facts of a branch whose grant no longer stands go on as our own, once', () => {
  const { journal, central, epoch, handOut, putBackAgain } = twiceLost({ same: 2 });
  journal.applyDirectives(central.log);
  journal.doubtCommon();
  journal.keepBranch(epoch, handOut(0));
  const last = putBackAgain();
  journal.supersede(0);
  journal.applyDirectives(last.log);
  expect(journal.missing()).toBeNull();
  last.take(journal, 20);
  settle(journal, last.mark());
  expect(workOff(journal)).toMatchObject([{ agrees: true }]);
  // R1 to R6 and what only the branch held, C1 and C2.
  expect(last.book.shelves.get('APPLE')?.places.shelf).toBe(-8000);
  expect(receiptsOf(journal).toSorted()).toEqual(ALL);
});

test('a decision from before what is confirmed makes the book anew, also where it comes with a grant', () => {
  const journal = openTest(temporaryFolder());
  journal.appendGroup(sales(1, 3));
  const before = makeCentralBook();
  before.take(journal, 3);
  settle(journal, before.mark());
  expect(workOff(journal)).toMatchObject([{ agrees: true }]);
  const { chain } = journal.heads();
  // Put back to the first two; decided then, before the third came again.
  const central = makeCentralBook();
  central.take(journal, 2);
  central.decide({ kind: 'correction', sku: 'APPLE', delta: 5000 });
  central.take(journal, 1);
  journal.beginEpoch('two computers', 2);
  central.grant(journal.heads().epoch, chain);
  journal.appendGroup([sale(4)]);
  journal.applyDirectives(central.log);
  central.take(journal, 10);
  settle(journal, central.mark());
  expect(workOff(journal)).toEqual([{ cut: { at: { epoch: 2, seq: 1 }, dseq: 2 }, agrees: true }]);
});
