// What people are told of the book: questions, the history of a shelf, what became of a receipt; so far, then confirmed.
import { expect, test } from 'vitest';
import type { Captured } from '../../core/captured.ts';
import { temporaryFolder } from '../temporary.ts';
import { makeCentralBook, settle, workOff } from './central-book.ts';
import { DAY, NOON_MS, openTest, sale } from './shop.ts';

const AT = new Date(NOON_MS - 60_000).toISOString();
const PRECISE = { ms: 0, boundMs: 1_000 };
const common = { workstation: 'T1', businessDate: DAY, occurred: AT };
const received = (document: string, quantity: number): Captured => ({
  content: { kind: 'goods-received', ...common, document, lines: [{ sku: 'APPLE', quantity }] },
  feed: 'http',
  skew: PRECISE,
});

function shop() {
  const journal = openTest(temporaryFolder());
  journal.appendGroup([received('D1', 2000), sale(1, { lines: [{ sku: 'APPLE', quantity: 3000 }] })]);
  return { journal, central: makeCentralBook() };
}

test('an oversold shelf is a question of the store, so far and then for good, until it is answered', () => {
  const { journal, central } = shop();
  const id = 'oversold/1:2/1';
  expect(journal.exceptions()).toMatchObject([
    { id, type: 'oversold', owner: 'store', sku: 'APPLE', soFar: true, deadlineMs: NOON_MS + 48 * 3_600_000 },
  ]);
  central.take(journal, 2);
  settle(journal, central.mark());
  workOff(journal);
  const [open] = journal.exceptions();
  expect(open).toMatchObject({
    id,
    soFar: false,
    options: [{ name: 'counted' }, { name: 'accept', words: 'Leave it' }],
  });
  expect(open?.evidence).toEqual([{ name: '1:2', kind: 'sale', number: 'R1', workstation: 'T1' }]);
  expect(journal.exceptionCounts()).toEqual({ store: 1, others: 0, newestMs: NOON_MS });
  const content = { kind: 'exception-decided', ...common, document: 'A1', exception: id, option: 'accept' } as const;
  journal.appendGroup([{ content, feed: 'window' }]);
  expect(journal.exceptions()).toEqual([]);
  expect(journal.findException(id)?.decided).toEqual({ by: '1:3', option: 'accept' });
  central.take(journal, 1);
  settle(journal, central.mark());
  workOff(journal);
  const answered = { row: { id, soFar: false }, decided: { by: '1:3', option: 'accept' } };
  expect(journal.findException(id)).toMatchObject(answered);
  expect(journal.findException('no such')).toBeNull();
});

test('of two answers the first in canonical order stands, so far as for good: a later one overrides nothing', () => {
  const id = 'oversold/1:2/1';
  const answer = (document: string, option: string): Captured => ({
    content: { kind: 'exception-decided', ...common, document, exception: id, option },
    feed: 'window',
  });
  const counted: Captured = {
    content: {
      kind: 'stocktake',
      ...{ ...common, document: 'C1', begun: AT, stocktake: 'C1', occurred: new Date(NOON_MS).toISOString() },
      lines: [{ sku: 'APPLE', counted: 1000 }],
    },
    feed: 'http',
    skew: { ms: 0, boundMs: 1 },
  };
  const decide = (option: string) => ({ kind: 'exception-decided', exception: id, option }) as const;
  type Way = [name: string, act: (at: ReturnType<typeof shop>) => void, by: string, option: string];
  const ways: Way[] = [
    [
      'the store twice',
      ({ journal }) => journal.appendGroup([answer('A1', 'accept'), answer('A2', 'counted')]),
      '1:3',
      'accept',
    ],
    [
      'head office twice',
      ({ central }) => {
        central.decide(decide('accept'));
        central.decide(decide('counted'));
      },
      'd1',
      'accept',
    ],
    [
      'both at once',
      ({ journal, central }) => {
        journal.appendGroup([answer('A1', 'counted')]);
        central.decide(decide('accept'));
      },
      'd1',
      'accept',
    ],
    [
      'head office behind the store',
      ({ journal, central }) => {
        journal.appendGroup([answer('A1', 'counted')]);
        central.take(journal, 1);
        central.decide(decide('accept'));
      },
      '1:3',
      'counted',
    ],
    [
      'a person, then a count',
      ({ journal }) => journal.appendGroup([answer('A1', 'accept'), counted]),
      '1:3',
      'accept',
    ],
    [
      'a count, then a person',
      ({ journal }) => journal.appendGroup([counted, answer('A1', 'accept')]),
      '1:3',
      'counted',
    ],
    [
      'a count, while head office decides',
      ({ journal, central }) => {
        journal.appendGroup([counted]);
        central.decide(decide('accept'));
      },
      'd1',
      'accept',
    ],
  ];
  for (const [name, act, by, option] of ways) {
    const at = shop();
    const { journal, central } = at;
    central.take(journal, 2);
    settle(journal, central.mark());
    workOff(journal);
    act(at);
    journal.applyDirectives(central.log);
    expect(journal.exceptions(), name).toEqual([]);
    expect(journal.findException(id)?.decided, name).toEqual({ by, option });
    central.take(journal, 10);
    settle(journal, central.mark());
    expect(workOff(journal).at(-1), name).toMatchObject({ agrees: true });
    expect(journal.findException(id)?.decided, name).toEqual({ by, option });
  }
});

test('a shelf tells its history, and what it would read without what is flagged', () => {
  const { journal, central } = shop();
  central.take(journal, 2);
  central.decide({ kind: 'correction', sku: 'APPLE', delta: 500 });
  settle(journal, central.mark());
  const soFar = journal.explainSku('APPLE');
  expect(soFar).toMatchObject({ onHand: -1000, reserved: 0, known: true, soFar: true });
  expect(soFar?.steps.map(({ sentence }) => sentence.startsWith('So far'))).toEqual([true, true]);
  journal.applyDirectives(central.log);
  workOff(journal);
  const story = journal.explainSku('APPLE');
  expect(story).toMatchObject({ onHand: -500, soFar: false, readings: [{ without: '1:2', onHand: 2500 }] });
  expect(story?.steps.map(({ name, number, onHand }) => [name, number, onHand])).toEqual([
    ['1:1', 'D1', 2000],
    ['1:2', 'R1', -1000],
    ['d1', null, -500],
  ]);
  expect(story?.steps[1]?.sentence).toBe('Posted. More was sold than the books held: please check the shelf.');
  expect(journal.explainSku('NONE')).toBeNull();
});

test('a receipt says what became of it, also once it was let in again', () => {
  const { journal, central } = shop();
  expect(journal.outcome({ epoch: 1, seq: 1 })).toEqual({
    sentence: 'So far: posted to stock.',
    soFar: true,
    lines: [],
  });
  expect(journal.outcome({ epoch: 1, seq: 9 })).toBeNull();
  let taken = 0;
  central.take(journal, 2, () => ++taken === 2);
  journal.applyDirectives(central.log);
  settle(journal, central.mark());
  workOff(journal);
  expect(journal.outcome({ epoch: 1, seq: 2 })).toMatchObject({
    sentence: 'Set aside at head office: the quantities are too large to be counted.',
    soFar: false,
  });
  central.decide({ kind: 'release', fact: { epoch: 1, seq: 2 } });
  journal.applyDirectives(central.log);
  settle(journal, central.mark());
  workOff(journal);
  expect(journal.outcome({ epoch: 1, seq: 2 })?.sentence).toMatch(/^Posted. More was sold/);
});

test('capture finds its own documents, who took them back, and what is held now', () => {
  const { journal, central } = shop();
  const key = `S001|T1|${DAY}|D1|goods-received`;
  const found = journal.findDocument(key);
  expect(found).toMatchObject({ kept: { seq: 1, key }, fact: { lo: NOON_MS - 61_000 }, takenBackBy: null });
  expect(journal.findDocument('S001|T1|none')).toBeNull();
  expect(journal.heldSkus(null, 10)).toEqual(['APPLE']);
  if (found === null || found.fact.content.kind !== 'goods-received') throw new Error('it was received');
  const { content, lo, hi, frame, frameStart } = found.fact;
  const original = { content, lo, hi, frame, frameStart };
  journal.appendGroup([
    { content: { kind: 'reversal', ...common, document: 'U1', reverses: key, original }, feed: 'http', skew: PRECISE },
    {
      content: {
        kind: 'void',
        ...common,
        receipt: 'V1',
        voids: { receipt: 'R1' },
        lines: [{ sku: 'APPLE', quantity: 3000 }],
      },
      feed: 'http',
    },
  ]);
  const takers = () => [key, `S001|T1|${DAY}|R1|sale`].map((each) => journal.findDocument(each)?.takenBackBy);
  const expected = [`S001|T1|${DAY}|U1|reversal`, `S001|T1|${DAY}|V1|void`];
  expect(takers()).toEqual(expected);
  expect(journal.heldSkus(null, 10)).toEqual([]);
  central.take(journal, 10);
  settle(journal, central.mark());
  workOff(journal);
  expect(takers()).toEqual(expected);
  journal.appendGroup([received('D2', 1000)]);
  expect([journal.heldSkus('A', 10), journal.heldSkus('APPLE', 10)]).toEqual([['APPLE'], []]);
});
