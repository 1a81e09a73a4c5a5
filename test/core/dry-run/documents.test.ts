// Two readings of one file compared document by document: what is set aside, placed, other, gone or new.
import { expect, test } from 'vitest';
import {
  type ChangedDocument,
  changeOf,
  openComparison,
  type ReadDocument,
  type Shown,
  showFact,
} from '../../../core/dry-run/documents.ts';

const shown = (over: Partial<Shown> = {}): Shown => ({
  ...{ kind: 'sale', number: '1', till: 'T1', date: '2026-11-21', time: '2026-11-21T10:00:00Z', total: 300 },
  ...{ currency: 'EUR', lines: 1, units: 1_000 },
  ...over,
  hash: JSON.stringify(over),
});
const read = (place: string, over: Partial<Shown> = {}): ReadDocument => ({
  ...{ place, outcome: 'captured', number: '1', bytes: 100 },
  shown: [shown(over)],
});
const aside = (place: string): ReadDocument => ({
  ...{ place, outcome: 'set-aside', number: '1', shown: [], bytes: 0, code: 'bad-row', reason: 'Line 2: it is wrong.' },
});

test.each<[Partial<Shown>, string[]]>([
  [{}, []],
  [{ total: 400 }, ['total']],
  [{ currency: 'USD' }, ['total']],
  [{ date: '2026-11-22', time: '2026-11-22T10:00:00Z' }, ['date', 'time']],
  [{ number: '2', till: 'T2' }, ['number', 'till']],
  [{ kind: 'return' }, ['kind']],
  [{ units: 2_000 }, ['lines']],
])('a document with %j is other in %j', (over, differences) => {
  const changed = changeOf(read('a'), read('a', over));
  expect(changed?.differences ?? []).toEqual(differences);
  expect(changed === null).toBe(differences.length === 0);
});

test('what is not compared by name is found by its content', () => {
  const before = { ...read('a'), shown: [{ ...shown(), hash: 'x' }] };
  expect(changeOf(before, read('a'))).toMatchObject({ change: 'changed', differences: ['other'] });
});

test('set aside newly, or not any more; aside under both is no change, nor is a duplicate', () => {
  expect(changeOf(read('a'), aside('a'))?.change).toBe('set-aside');
  expect(changeOf(aside('a'), read('a'))?.change).toBe('placed');
  expect(changeOf(aside('a'), aside('a'))).toBeNull();
  expect(changeOf({ ...read('a'), outcome: 'duplicate' }, read('a'))).toBeNull();
  expect([changeOf(null, aside('a'))?.change, changeOf(aside('a'), null)]).toEqual(['set-aside', null]);
  const passed: ReadDocument = { place: 'a', outcome: 'passed', number: '', shown: [], bytes: 0 };
  expect([changeOf(read('a'), passed)?.change, changeOf(passed, read('a'))?.change]).toEqual(['disappears', 'appears']);
  expect([changeOf(null, passed), changeOf(passed, null), changeOf(aside('a'), passed)]).toEqual([null, null, null]);
});

test('files are compared one after the other by place; all is counted, also beyond what is compared', () => {
  const told: ChangedDocument[] = [];
  const comparison = openComparison(2, (changed) => told.push(changed));
  for (const place of ['a', 'b']) comparison.before(read(place));
  for (const each of [aside('a'), read('c')]) comparison.after(each);
  comparison.endFile();
  for (const place of ['a', 'b', 'c']) comparison.before(read(place));
  for (const place of ['a', 'b', 'c']) comparison.after(read(place, { total: 301 }));
  comparison.endFile();
  expect(comparison.told()).toMatchObject({
    before: { documents: 5, captured: 5, facts: 5, bytes: 500, totals: { EUR: 1_500 } },
    after: { documents: 5, captured: 4, setAside: 1, totals: { EUR: 1_203 } },
    changes: { 'set-aside': 1, placed: 0, changed: 2, appears: 1, disappears: 1 },
    ...{ differences: { total: 2 }, codes: { 'bad-row': 1 }, uncompared: 1 },
  });
  expect(told.map(({ change, before, after }) => [change, (before ?? after)?.place])).toEqual([
    ['set-aside', 'a'],
    ['appears', 'c'],
    ['disappears', 'b'],
    ['changed', 'a'],
    ['changed', 'b'],
  ]);
});

test('a receipt without a total is worth what its lines are; a delivery is worth nothing', () => {
  const head = { workstation: 'T1', businessDate: '2026-11-21', occurred: '2026-11-21T10:00:00Z' };
  const lines = [
    { sku: 'A', quantity: 1_500, amount: 250 },
    { sku: 'B', quantity: 1_000 },
  ];
  const sale = showFact({ ...head, kind: 'sale', receipt: '7', currency: 'EUR', lines }, 'h');
  expect(sale).toMatchObject({ number: '7', total: 250, lines: 2, units: 2_500 });
  const goods = showFact({ ...head, kind: 'goods-received', document: 'D1', lines: [{ sku: 'A', quantity: 1 }] }, 'h');
  expect(goods).toMatchObject({ number: 'D1', total: null, currency: null });
});
