// A new disk of a store with a long past: the past is confirmed in slices, and nobody waits for it to be read.
import { expect, test } from 'vitest';
import { BATCH_ENTRIES_MAX } from '../../core/limits.ts';
import type { Journal } from '../../storage/journal.ts';
import { temporaryFolder } from '../temporary.ts';
import { makeCentralBook, settle, workOff } from './central-book.ts';
import { openTest, sale } from './shop.ts';

const PAST = 120;
/** From here on a history counts as long. */
const LONG = 50;

const PEARS = { lines: [{ sku: 'PEAR', quantity: 1_000, amount: 250 }] };

/** Central holds the past of a journal that is gone, and has granted a new one's first epoch; `give` hands it out. */
function replaced(folder = temporaryFolder()) {
  const lost = openTest(temporaryFolder());
  lost.appendGroup(Array.from({ length: PAST }, (_, n) => sale(n, n % 2 === 0 ? {} : PEARS)));
  const central = makeCentralBook();
  central.take(lost, PAST);
  const old = lost.heads();
  const open = (): Journal => openTest(folder, { bookEagerEntries: LONG, bookSliceEntries: 10 });
  const journal = open();
  journal.appendGroup([sale(1_001)]);
  journal.beginEpoch('new here', 2);
  central.grant(journal.heads().epoch, old.chain);
  journal.applyDirectives(central.log);
  const give = (to: Journal, after: number, through: number): void => {
    const page = lost.page(old.epoch, after, BATCH_ENTRIES_MAX, 1e6).slice(0, through - after);
    to.keepBranch(old.epoch, page);
  };
  return { journal, central, old, give, open };
}

test('what was captured since is known at once, whatever of the past is still missing', () => {
  const { journal, give, central } = replaced();
  expect(journal.historyState()).toMatchObject({ held: 0, confirmed: 0, total: PAST, others: PAST });
  const soFar = () => journal.provisional().shelves;
  const own = [['APPLE', -1_000, 0]];
  expect(soFar()).toEqual(own);
  give(journal, 0, 100);
  expect(soFar()).toEqual(own);
  give(journal, 100, PAST);
  expect(journal.missing()).toBeNull();
  // Nobody asked head office yet: nothing can be confirmed, and the past is not read all the same.
  expect(journal.work()).toEqual({ more: expect.any(Boolean), confirmed: null });
  expect(soFar()).toEqual(own);
  expect(journal.historyState()).toMatchObject({ held: PAST, confirmed: 0 });
  central.take(journal, 10);
  settle(journal, central.mark());
  expect(workOff(journal).at(-1)).toMatchObject({ agrees: true });
  expect(journal.historyState()).toMatchObject({ confirmed: PAST, total: PAST, cut: { at: { epoch: 2 } } });
});

test('figures so far are those of the two logs while the past is confirmed, and after it', () => {
  const { journal, central, give } = replaced();
  give(journal, 0, PAST);
  central.take(journal, 10);
  settle(journal, central.mark());
  // Of the same articles as the past has.
  journal.appendGroup([sale(1_002), sale(1_003, PEARS)]);
  const soFar = (): [string, number, number][] => journal.provisional().shelves;
  let steps = 0;
  for (let worked = journal.work(); worked.more; worked = journal.work()) {
    soFar();
    steps++;
    if (steps === 5) journal.appendGroup([sale(1_004)]);
  }
  expect(steps).toBeGreaterThan(10);
  const known = new Map(soFar().map(([sku, onHand]) => [sku, onHand]));
  central.take(journal, 100);
  settle(journal, central.mark());
  expect(workOff(journal).at(-1)).toMatchObject({ agrees: true });
  // 60 of each in the past; three and one since.
  expect([...known]).toEqual([
    ['APPLE', -63_000],
    ['PEAR', -61_000],
  ]);
  for (const [sku, onHand] of known) {
    const row = journal
      .stockPage({ text: sku, order: 'sku', offset: 0, limit: 100 })
      .rows.find((one) => one.sku === sku);
    expect({ sku, onHand: row?.onHand }).toEqual({ sku, onHand });
  }
});

test('a kill while the past comes in: it goes on where it was', () => {
  const folder = temporaryFolder();
  const { journal, central, give, open } = replaced(folder);
  give(journal, 0, 70);
  journal.close();
  const again = open();
  expect(again.historyState()).toMatchObject({ held: 70, confirmed: 0, total: PAST });
  give(again, 70, PAST);
  central.take(again, 10);
  settle(again, central.mark());
  again.work();
  again.close();
  const last = open();
  expect(last.historyState().confirmed).toBeGreaterThan(0);
  expect(workOff(last).at(-1)).toMatchObject({ agrees: true });
});
