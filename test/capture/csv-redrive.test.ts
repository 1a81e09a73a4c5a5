// What was set aside is driven again with a mended mapping: placed once, or left as it is.
import { expect, test } from 'vitest';
import { documentNumber, lineSkus } from '../../core/fact.ts';
import { importText, mappingOf, redriveAll } from './imports.ts';
import { memoryJournal } from './memory-journal.ts';

const TIME = '2026-11-21T10:15:00';
const HEAD = 'receipt,sku,quantity,time';
const german = mappingOf({ decimalComma: true, delimiter: ';' });
const open = (journal: ReturnType<typeof memoryJournal>): string[] =>
  journal.items.filter(({ resolvedMs }) => resolvedMs === null).map(({ receipt = '-' }) => receipt);

test('a mended mapping places what it can, in the transaction of the capture, and leaves the rest once', async () => {
  const journal = memoryJournal();
  const text = `${HEAD}\n1,A,"1,5",${TIME}\n2,A,"2,5",${TIME}\n2,B,2,${TIME}\n3,A,1,never\n`.replace(
    /,(?=[^"]*(?:"[^"]*"[^"]*)*$)/g,
    ';',
  );
  const wrong = mappingOf({ delimiter: ';' });
  expect(await importText(journal, text, wrong)).toMatchObject({ setAside: 3, captured: 0 });
  const result = await redriveAll(journal, german);
  expect(result).toMatchObject({ items: 3, resolved: 2, left: 1, captured: 2, duplicates: 0 });
  expect(result.reasons).toMatchObject([{ id: 3, reason: expect.stringContaining('"never" is no time') }]);
  expect(open(journal)).toEqual(['3']);
  expect(journal.items.map(({ resolvedMs }) => resolvedMs)).toEqual([2, 2, null]);
  expect(journal.facts.map(({ captured }) => [documentNumber(captured.content), captured.resolves])).toEqual([
    ['1', 1],
    ['2', 2],
  ]);
  expect(await redriveAll(journal, german)).toMatchObject({ items: 1, resolved: 0, left: 1, captured: 0 });
  expect(journal.items).toHaveLength(3);
});

test('importing the file again with the mended mapping, then driving again, resolves what is known already', async () => {
  const journal = memoryJournal();
  const text = 'receipt;sku;quantity;time\n1;A;1,5;2026-11-21T10:15:00\n';
  await importText(journal, text, mappingOf({ delimiter: ';' }));
  expect(await importText(journal, text, german)).toMatchObject({ captured: 1 });
  expect(await redriveAll(journal, german)).toMatchObject({ resolved: 1, duplicates: 1, captured: 0, left: 0 });
  expect(open(journal)).toEqual([]);
});

test('rows that lay in several items come together where the mended mapping makes them one receipt', async () => {
  const journal = memoryJournal();
  const text =
    'no,receipt,sku,quantity,time\n7,,A,1,2026-11-21T10:15:00\n7,,B,2,2026-11-21T10:15:00\n8,,A,1,x\n7,,A,1,2026-11-21T10:15:00\n';
  await importText(journal, text, mappingOf());
  expect(open(journal)).toEqual(['-', '-', '-', '-']);
  const mended = mappingOf({ columns: { receipt: 'no', sku: 'sku', quantity: 'quantity', time: 'time' } });
  expect(await redriveAll(journal, mended)).toMatchObject({ items: 4, resolved: 3, left: 1, captured: 1 });
  expect(journal.facts).toHaveLength(1);
  expect(journal.facts.slice(0, 1).flatMap(({ captured }) => lineSkus(captured.content))).toHaveLength(3);
  expect(journal.items.map(({ resolvedMs }) => resolvedMs !== null)).toEqual([true, true, false, true]);
});

test('the parts of a receipt that was too large are driven together', async () => {
  const journal = memoryJournal();
  const rows = Array.from(
    { length: 2_500 },
    (_, nth) => `all,${Math.floor(nth / 100)},SKU${nth},1,2026-11-21T10:15:00`,
  );
  const text = ['shop,receipt,sku,quantity,time', ...rows].join('\n');
  const columns = { receipt: 'shop', sku: 'sku', quantity: 'quantity', time: 'time' };
  expect(await importText(journal, text, mappingOf({ columns }))).toMatchObject({ setAside: 1, rowsSetAside: 2_500 });
  expect(journal.items.length).toBeGreaterThan(1);
  expect(await redriveAll(journal, mappingOf())).toMatchObject({
    captured: 25,
    left: 0,
    resolved: journal.items.length,
  });
  expect(journal.facts.every(({ captured }) => lineSkus(captured.content).length === 100)).toBe(true);
});

test('versions of one receipt from two files are not mixed: the first is kept, the other stays as a conflict', async () => {
  const journal = memoryJournal();
  const file = (quantity: string) => `receipt;sku;quantity;time\n1;A;${quantity};2026-11-21T10:15:00\n`;
  await importText(journal, file('1,5'), mappingOf({ delimiter: ';' }));
  await importText(journal, file('2,5'), mappingOf({ delimiter: ';' }));
  const result = await redriveAll(journal, german);
  expect(result).toMatchObject({ items: 2, resolved: 1, left: 1, captured: 1 });
  expect(result.reasons[0]?.reason).toContain('is kept already and says something else');
});

test('items of other feeds are left alone; a mapping that does not fit them changes nothing', async () => {
  const journal = memoryJournal();
  await importText(journal, `${HEAD}\n1,A,x,${TIME}\n`, mappingOf());
  expect(await redriveAll(journal, mappingOf({ name: 'other' }))).toMatchObject({ items: 0 });
  const columns = { receipt: 'nr', sku: 'sku', quantity: 'quantity', time: 'time' };
  expect(await redriveAll(journal, mappingOf({ columns }))).toMatchObject({ items: 1, left: 1, resolved: 0 });
  expect(open(journal)).toEqual(['1']);
});
