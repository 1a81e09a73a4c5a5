// Whatever order the rows of a file have: the same facts, the same counts, and nothing new the second time.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { balanced, importText, mappingOf } from './imports.ts';
import { memoryJournal } from './memory-journal.ts';

const mapping = mappingOf({
  currency: 'GBP',
  columns: { receipt: 'receipt', sku: 'sku', quantity: 'quantity', time: 'time', unitPrice: 'price' },
  returns: { receiptPrefix: 'C' },
  adjustments: { negativeQuantity: true },
  notGoods: { codes: ['POST'] },
});
const row = fc
  .record({
    receipt: fc.constantFrom('1', '2', 'C3', '4', ''),
    sku: fc.constantFrom('A', 'B', 'a', 'POST', ''),
    quantity: fc.constantFrom('1', '2.5', '-3', '0', 'x'),
    time: fc.constantFrom('2026-11-21T10:00:00', '2026-11-21T23:59:59', '2026-11-22T00:00:00'),
    price: fc.constantFrom('1.99', '0.001', '', '1,99'),
  })
  .map((cells) =>
    Object.values(cells)
      .map((cell) => (cell.includes(',') ? `"${cell}"` : cell))
      .join(','),
  );
const file = (rows: string[]): string => ['receipt,sku,quantity,time,price', ...rows, ''].join('\n');

test('a shuffled copy of any file is the same file', async () => {
  const shuffles = fc
    .array(row, { maxLength: 25 })
    .chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })));
  await fc.assert(
    fc.asyncProperty(shuffles, async ([rows, shuffled]) => {
      const journal = memoryJournal();
      const first = await importText(journal, file(rows), mapping);
      expect(balanced(first)).toBe(true);
      expect(first.rows).toBe(rows.length);
      expect(first.setAsideNew).toBe(journal.items.length);
      const second = await importText(journal, file(shuffled), mapping);
      expect(second).toMatchObject({
        ...first,
        captured: 0,
        rowsCaptured: 0,
        duplicates: first.captured,
        rowsDuplicate: first.rowsCaptured,
        setAsideNew: 0,
      });
    }),
    { numRuns: 40 },
  );
});
