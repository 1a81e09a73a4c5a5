// A till's report against its receipts, as a question: who asks it, what answers it, and that order does not matter.
import { expect, test } from 'vitest';
import { emptyBook, type Stepped } from '../../core/book.ts';
import { type DayClosedContent, type Fact, type FactContent, naturalKey } from '../../core/fact.ts';
import { EXCEPTION_MESSAGE_LENGTH_MAX } from '../../core/limits.ts';
import { step } from '../../core/step.ts';
import { stepTill } from '../../core/till-day.ts';
import { transaction } from '../facts.ts';

const day = { workstation: 'T1', businessDate: '2026-11-21' };
const receipt = (number: number, total = 250): FactContent => ({
  ...transaction('sale', [{ sku: 'A', quantity: 1_000 }]),
  ...{ ...day, receipt: String(number), total, currency: 'EUR' },
});
const report = (document: string, more: Partial<DayClosedContent> = {}): FactContent => ({
  ...{ kind: 'day-closed', ...day, document, occurred: '2026-11-21T20:00:00Z', ...more },
});

function till() {
  const book = emptyBook('S1');
  let seq = 0;
  const take = (content: FactContent, change: Partial<Fact> = {}): Stepped => {
    const at = { epoch: 1, seq: ++seq };
    const key = naturalKey('S1', content);
    const recorded = { ms: seq * 1_000, n: 0 };
    const moment = { lo: 0, hi: 1_000, frame: 1, frameStart: 0, seen: 0, revision: 0 };
    const fact: Fact = { v: 1, store: 'S1', key, content, feed: 'test', recorded, ...moment, ...change };
    return step(book, { kind: 'fact', at, read: { fact, hash: JSON.stringify(content) } });
  };
  const open = (): string[] => [...book.exceptions].flatMap(([id, decided]) => (decided === null ? [id] : []));
  return { book, take, open };
}

test('a report that differs is a question with its sentence, and the receipt that was missing answers it', () => {
  const { take, open, book } = till();
  for (const number of [1, 2, 4]) expect(take(receipt(number)).raised).toEqual([]);
  const id = 'till-differs/1:4/T1|2026-11-21';
  expect(take(report('Z1', { receipts: 4, currency: 'EUR', sales: 1_000 })).raised).toEqual([
    {
      ...{ id, type: 'till-differs', sku: null, evidence: ['1:4'], raisedMs: 4_000 },
      message:
        '2026-11-21: Till T1 says 4 receipts, 3 are here: 3 is missing. ' +
        'Till T1 says sales of 10.00 EUR, 7.50 EUR are here: 2.50 EUR less.',
    },
  ]);
  expect(open()).toEqual([id]);
  expect(take(receipt(3)).settled).toEqual([{ sku: null, id, decided: { by: '1:5', option: 'compared' } }]);
  expect(open()).toEqual([]);
  expect(book.exceptions.get(id)).toEqual({ by: '1:5', option: 'compared' });
});

test('a report that agrees asks nothing; the late receipt that ends the agreement does, once', () => {
  const { take, open } = till();
  for (const number of [1, 2]) take(receipt(number));
  expect(take(report('Z1', { receipts: 2 })).raised).toEqual([]);
  expect(take(receipt(3)).raised).toMatchObject([
    { id: 'till-differs/1:4/T1|2026-11-21', evidence: ['1:4', '1:3'], raisedMs: 4_000 },
  ]);
  expect(take(receipt(4)).raised).toEqual([]);
  expect(open()).toHaveLength(1);
});

test('a gap of numbers at the close is a question even where the till tells no figures', () => {
  const { take, open } = till();
  for (const number of [7, 9]) take(receipt(number));
  expect(take(report('Z1')).raised).toMatchObject([{ message: '2026-11-21: Till T1: 8 is missing.' }]);
  take(receipt(8));
  expect(open()).toEqual([]);
});

test('a new report takes the place of the question of the one before; its own is another one', () => {
  const { take, open } = till();
  take(receipt(1));
  take(report('Z1', { receipts: 9 }));
  const second = take(report('Z2', { receipts: 2 }));
  expect(second.settled).toEqual([
    { sku: null, id: 'till-differs/1:2/T1|2026-11-21', decided: { by: '1:3', option: 'compared' } },
  ]);
  expect(open()).toEqual(['till-differs/1:3/T1|2026-11-21']);
  take(report('Z3', { receipts: 1 }));
  expect(open()).toEqual([]);
});

test('what a person explained is not asked again, whatever else is missing; only an agreement begins anew', () => {
  const { take, open } = till();
  take(receipt(1));
  take(report('Z1', { receipts: 3 }));
  const decided = { ...day, document: 'A1', occurred: '2026-11-21T21:00:00Z' };
  take({ kind: 'exception-decided', ...decided, exception: 'till-differs/1:2/T1|2026-11-21', option: 'accept' });
  take(receipt(2));
  expect(open()).toEqual([]);
  take(receipt(3));
  take(receipt(4));
  expect(open()).toEqual(['till-differs/1:6/T1|2026-11-21']);
});

test('a receipt that comes twice, another till and another day count nothing', () => {
  const { take, open } = till();
  take(receipt(1));
  take(receipt(1));
  take({ ...receipt(5), workstation: 'T2' } as FactContent);
  take({ ...receipt(8), businessDate: '2026-11-20' } as FactContent);
  expect(take(report('Z1', { receipts: 1 })).raised).toEqual([]);
  expect(take(report('Z1', { receipts: 1 })).lines).toMatchObject([{ outcome: 'duplicate' }]);
  expect(open()).toEqual([]);
});

test('where tills are not followed nothing is asked, and a long message is cut between sentences', () => {
  const { book, take } = till();
  const [before] = [{ ...emptyBook('S1'), followsTills: false }];
  const content = report('Z1', { receipts: 5 });
  const stepped = take(content);
  expect(stepped.raised).toHaveLength(1);
  const quiet: Stepped = { ...stepped, raised: [], settled: [] };
  const fact = { content, recorded: { ms: 1, n: 0 } } as Fact;
  stepTill(before, quiet, fact, { epoch: 1, seq: 9 });
  expect([quiet.raised, before.tills.size]).toEqual([[], 0]);
  for (let n = 0; n < 6; n++) {
    const currency = `X${'ABCDEF'[n]}A`;
    take(report(`Z${n + 2}`, { currency, sales: 10 ** 11, returns: 10 ** 11, voids: 10 ** 11 }));
  }
  const { message } = take(report('Z9', { receipts: 5 })).raised[0] ?? { message: '' };
  expect(message.length).toBeLessThanOrEqual(EXCEPTION_MESSAGE_LENGTH_MAX);
  expect(message).toMatch(/\. And \d+ more\.$/);
  expect(book.tills.size).toBe(1);
});
