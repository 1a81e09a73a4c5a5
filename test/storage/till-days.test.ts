// What a till did on a day, as the journal has it: the same whether read at once or followed while it happens.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Captured } from '../../core/captured.ts';
import type { DayClosedContent } from '../../core/fact.ts';
import { missingReceipts } from '../../core/receipt-numbers.ts';
import { openReadOnly } from '../../storage/database.ts';
import { openTillDays, type TillOfDay } from '../../storage/till-days.ts';
import { temporaryFolder } from '../temporary.ts';
import { DAY, openTest, sale } from './shop.ts';

const closed = (more: Partial<DayClosedContent> = {}): Captured => ({
  feed: 'http',
  content: {
    ...{ kind: 'day-closed', workstation: 'T1', document: 'Z1', businessDate: DAY },
    ...{ occurred: `${DAY}T20:00:00+01:00`, ...more },
  },
});
const summary = ({ workstation, declared, captured }: TillOfDay): object => ({
  ...{ workstation, declared, receipts: captured.receipts, sums: captured.sums },
  missing: missingReceipts(captured.numbers).ranges.map(({ from, to }) => `${from}-${to}`),
});

test('receipts, sums and gaps of each till; the other day and other documents do not count', () => {
  const journal = openTest(temporaryFolder());
  journal.appendGroup([
    sale(1),
    sale(2, { kind: 'return', total: -100 }),
    sale(5, { kind: 'void', total: -250 }),
    sale(6, { currency: 'USD' }),
    sale(1, { workstation: 'T2' }),
    sale(9, { businessDate: '2026-11-20' }),
  ]);
  expect(journal.tillDays([DAY]).map(summary)).toEqual([
    {
      ...{ workstation: 'T1', declared: null, receipts: 4, missing: ['R3-R4'] },
      sums: [
        { currency: 'EUR', sales: 250, returns: 100, voids: 250 },
        { currency: 'USD', sales: 250, returns: 0, voids: 0 },
      ],
    },
    {
      ...{ workstation: 'T2', declared: null, receipts: 1, missing: [] },
      sums: [{ currency: 'EUR', sales: 250, returns: 0, voids: 0 }],
    },
  ]);
});

test('a report stands beside what was captured; the last one counts, one for each currency', () => {
  const journal = openTest(temporaryFolder());
  journal.appendGroup([
    sale(1),
    closed({ receipts: 1, currency: 'EUR', sales: 1 }),
    closed({ document: 'Z2', receipts: 2, currency: 'EUR', sales: 500, lastReceipt: 'R2' }),
    closed({ document: 'Z3', receipts: 2, currency: 'USD', sales: 70, lastReceipt: 'R2' }),
    closed({ workstation: 'T9', receipts: 30 }),
  ]);
  const days = journal.tillDays([DAY]);
  expect(days.map(({ declared }) => declared)).toMatchObject([
    {
      ...{ workstation: 'T1', receipts: 2, lastReceipt: 'R2' },
      sums: [
        { currency: 'EUR', sales: 500 },
        { currency: 'USD', sales: 70 },
      ],
    },
    // A till of which nothing came in is told all the same.
    { workstation: 'T9', receipts: 30 },
  ]);
});

test('where a receipt told no total, sums are not compared', () => {
  const journal = openTest(temporaryFolder());
  journal.appendGroup([sale(1), sale(2, { total: undefined }), closed({ currency: 'EUR', sales: 500 })]);
  expect(journal.tillDays([DAY])[0]?.declared).toMatchObject({ sums: [] });
});

test('followed while it happens, it is what a fresh reader sees, over new epochs too', () => {
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.record({ number: fc.integer({ min: 1, max: 30 }), till: fc.constantFrom('T1', 'T2') }) },
    { weight: 1, arbitrary: fc.constant('closed' as const) },
    { weight: 1, arbitrary: fc.constant('epoch' as const) },
    { weight: 3, arbitrary: fc.constant('look' as const) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const folder = temporaryFolder();
      const journal = openTest(folder);
      for (const [index, one] of steps.entries()) {
        if (one === 'look') journal.tillDays([DAY]);
        else if (one === 'epoch') journal.beginEpoch('a test', journal.heads().epoch.ordinal + 1);
        else if (one === 'closed') journal.appendGroup([closed({ document: `Z${index}`, receipts: index })]);
        else journal.appendGroup([sale(one.number, { workstation: one.till })]);
      }
      const fresh = openReadOnly(`${folder}/journal.db`);
      expect(journal.tillDays([DAY])).toEqual(openTillDays(fresh, 'S001').read([DAY]));
      fresh.close();
      journal.close();
    }),
    { numRuns: 12 },
  );
});
