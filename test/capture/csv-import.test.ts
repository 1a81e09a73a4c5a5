// The rules of an import: every row in one class, receipts atomic, nothing twice, nothing lost (D31).
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ImportStopped } from '../../capture/csv/source.ts';
import type { TransactionContent } from '../../core/fact.ts';
import { ENTRY_BYTES_MAX, LINES_MAX } from '../../core/limits.ts';
import { balanced, importText, mappingOf } from './imports.ts';
import { memoryJournal } from './memory-journal.ts';

const TIME = '2026-11-21T10:15:00';
const HEAD = 'receipt,sku,quantity,time';
const priced = {
  currency: 'EUR',
  columns: { receipt: 'receipt', sku: 'sku', quantity: 'quantity', time: 'time', unitPrice: 'price' },
};
const contents = (journal: ReturnType<typeof memoryJournal>) => journal.facts.map(({ captured }) => captured.content);

test('rows of a receipt may lie apart, equal rows are all real, the earliest time counts', async () => {
  const journal = memoryJournal();
  const text = `${HEAD}\n1,A,1,2026-11-21T10:16:00\n2,B,1,${TIME}\n1,A,1,${TIME}\n1,A,1,${TIME}\n`;
  const result = await importText(journal, text, mappingOf());
  expect(result).toMatchObject({ rows: 4, rowsCaptured: 4, receipts: 2, sales: 2, captured: 2, setAside: 0 });
  expect(contents(journal)).toMatchObject([
    { receipt: '1', occurred: `${TIME}+00:00`, lines: [{ quantity: 1000 }, { quantity: 1000 }, { quantity: 1000 }] },
    { receipt: '2' },
  ]);
});

test('a receipt with a bad row is set aside whole, naming line, field and fix', async () => {
  const journal = memoryJournal();
  const text = `${HEAD}\n1,A,1,${TIME}\n2,A,1,${TIME}\n1,B,two,${TIME}\n1,,0,yesterday\n`;
  const result = await importText(journal, text, mappingOf());
  expect(result).toMatchObject({ rows: 4, rowsCaptured: 1, rowsSetAside: 3, receipts: 2, captured: 1, setAside: 1 });
  const [item] = journal.items;
  expect(item).toMatchObject({
    feed: 'csv:test',
    receipt: '1',
    code: 'bad-row',
    place: 'lines 2 and 4 to 5',
    rows: 3,
    raw: `${HEAD}\n1,A,1,${TIME}\n1,B,two,${TIME}\n1,,0,yesterday\n`,
  });
  expect(item?.source).toMatch(/^sales\.csv#[0-9a-f]{8}$/);
  expect(item?.reason).toContain('Line 4: quantity "two" is no number');
  expect(item?.reason).toContain('sku is empty: use 1 to 64 printable characters');
  expect(item?.reason).toContain('time "yesterday" is no time');
});

test('a receipt that is a sale and an adjustment is kept whole or not at all', async () => {
  const journal = memoryJournal();
  const mapping = mappingOf({ adjustments: { negativeQuantity: true } });
  await importText(journal, `${HEAD}\n1,A,1,${TIME}\n2,B,-1,${TIME}\n`, mapping);
  const other = `${HEAD}\n1,A,2,${TIME}\n1,B,-5,${TIME}\n2,A,1,${TIME}\n2,B,-2,${TIME}\n`;
  const result = await importText(journal, other, mapping);
  expect(result).toMatchObject({ rows: 4, rowsSetAside: 4, receipts: 2, setAside: 2, captured: 0 });
  expect(journal.facts.length).toBe(2);
  expect(journal.items.map(({ reason }) => reason.slice(0, 33))).toEqual([
    'Another sale with the number 1 of',
    'Another adjustment with the numbe',
  ]);
});

test('a row without a receipt number is set aside alone; equal ones are each kept', async () => {
  const journal = memoryJournal();
  const text = `${HEAD}\n,A,1,${TIME}\n1,A,1,${TIME}\n,A,1,${TIME}\n`;
  const first = await importText(journal, text, mappingOf());
  expect(first).toMatchObject({ rows: 3, rowsSetAside: 2, rowsCaptured: 1, receipts: 1, setAside: 0, setAsideNew: 2 });
  const again = await importText(journal, text, mappingOf());
  expect(again).toMatchObject({ rowsSetAside: 2, rowsDuplicate: 1, setAsideNew: 0 });
  const shuffled = await importText(journal, `${HEAD}\n1,A,1,${TIME}\n,A,1,${TIME}\n,A,1,${TIME}\n`, mappingOf());
  expect(shuffled).toMatchObject({ setAsideNew: 0 });
  const other = await importText(journal, `${HEAD}\n,A,1,${TIME}\n2,A,1,${TIME}\n`, mappingOf());
  expect(other, 'another file with an equal row is another row').toMatchObject({ setAsideNew: 1 });
});

test('rows that are not goods stay in the receipt as money and move no stock', async () => {
  const journal = memoryJournal();
  const mapping = mappingOf({ ...priced, notGoods: { codes: ['POST'], patterns: ['gift_.*'] } });
  const text = `receipt,sku,quantity,time,price\n1,A,2,${TIME},1.005\n1,POST,1,${TIME},3.00\n2,gift_10,1,${TIME},10\n2,GIFT,-1,${TIME},1`;
  const result = await importText(journal, `${text.split('\n').slice(0, 4).join('\n')}\n`, mapping);
  expect(result).toMatchObject({ rows: 3, rowsCaptured: 1, rowsNotGoods: 2, receipts: 2, captured: 2 });
  expect(contents(journal)).toMatchObject([
    {
      total: 501,
      lines: [
        { sku: 'A', amount: 201, unitPriceE4: 10_050 },
        { sku: 'POST', notGoods: true },
      ],
    },
    { total: 1000, lines: [{ sku: 'gift_10', notGoods: true }] },
  ]);
});

test('returns by number: quantities positive in the fact, money negative, however the file signs them', async () => {
  for (const [quantities, quantity] of [
    ['negative', '-2'],
    ['positive', '2'],
  ]) {
    const journal = memoryJournal();
    const mapping = mappingOf({ ...priced, returns: { receiptPrefix: 'C', quantities } });
    const text = `receipt,sku,quantity,time,price\nC1,A,${quantity},${TIME},2.50\n`;
    expect(await importText(journal, text, mapping)).toMatchObject({ returns: 1, sales: 0 });
    expect(contents(journal)).toMatchObject([
      { kind: 'return', total: -500, lines: [{ quantity: 2000, amount: -500 }] },
    ]);
  }
});

test('negative quantities: a return, an exchange, an adjustment or set aside, as the mapping says', async () => {
  const text = `${HEAD}\n1,A,-1,${TIME}\n2,A,-1,${TIME}\n2,B,3,${TIME}\n`;
  const of = async (changes: Record<string, unknown>) => {
    const journal = memoryJournal();
    const result = await importText(journal, text, mappingOf(changes));
    expect(balanced(result)).toBe(true);
    return {
      ...result,
      facts: contents(journal).map(
        (content) =>
          `${content.kind} ${'lines' in content ? content.lines.map((line) => ('quantity' in line ? line.quantity : 0)) : ''}`,
      ),
      codes: journal.items.map(({ code }) => code),
    };
  };
  expect(await of({})).toMatchObject({ facts: [], codes: ['unknown-kind', 'unknown-kind'] });
  expect(await of({ returns: { negativeQuantity: true } })).toMatchObject({
    facts: ['return 1000', 'sale -1000,3000'],
    returns: 1,
    sales: 1,
  });
  expect(await of({ adjustments: { negativeQuantity: true } })).toMatchObject({
    facts: ['adjustment -1000', 'sale 3000', 'adjustment -1000'],
    receipts: 2,
    captured: 2,
    sales: 1,
    adjustments: 2,
    rowsCaptured: 3,
  });
  expect(await of({ adjustments: { receiptPattern: '[12]' } })).toMatchObject({
    facts: ['adjustment -1000', 'adjustment -1000,3000'],
  });
});

test('the same number with another content is set aside as a conflict, with its rows', async () => {
  const journal = memoryJournal();
  await importText(journal, `${HEAD}\n1,A,1,${TIME}\n`, mappingOf());
  const result = await importText(journal, `${HEAD}\n1,A,2,${TIME}\n`, mappingOf());
  expect(result).toMatchObject({ rowsSetAside: 1, setAside: 1, captured: 0 });
  expect(journal.items).toMatchObject([{ code: 'key-conflict', raw: `${HEAD}\n1,A,2,${TIME}\n` }]);
  expect(journal.facts).toHaveLength(1);
});

test('a receipt with too many rows or too many bytes is set aside as too large, with every row of it', async () => {
  const journal = memoryJournal();
  const many = Array.from({ length: LINES_MAX + 1 }, (_, nth) => `1,${nth < LINES_MAX ? 'A' : 'B'},1,${TIME}`);
  const result = await importText(journal, [HEAD, `2,A,1,${TIME}`, ...many, ''].join('\n'), mappingOf());
  expect(result).toMatchObject({ rows: LINES_MAX + 2, rowsCaptured: 1, rowsSetAside: LINES_MAX + 1, setAside: 1 });
  expect(journal.items.length).toBeGreaterThan(1);
  expect(journal.items.every(({ code }) => code === 'too-large')).toBe(true);
  expect(journal.items.flatMap(({ raw }) => raw.trimEnd().split('\n').slice(1))).toEqual(many);

  const wide = memoryJournal();
  wide.interfere = (captured) =>
    JSON.stringify(captured.content).length > ENTRY_BYTES_MAX
      ? { kind: 'refused', reason: 'too-large', message: 'too large' }
      : null;
  const long = 'x'.repeat(190);
  const columns = { receipt: 'receipt', sku: 'sku', quantity: 'quantity', time: 'time', description: 'text' };
  const rows = Array.from({ length: LINES_MAX }, (_, nth) => `1,SKU${'0'.repeat(50)}${nth},1,${TIME},${long}`);
  const text = ['receipt,sku,quantity,time,text', ...rows].join('\n');
  expect(await importText(wide, text, mappingOf({ columns }))).toMatchObject({ setAside: 1, rowsSetAside: LINES_MAX });
  expect(wide.items).toMatchObject([{ code: 'too-large', rows: LINES_MAX }]);
});

test('numbers that repeat daily are told apart by day and till; an unreadable day taints them all', async () => {
  const journal = memoryJournal();
  const mapping = mappingOf({ receiptScope: 'day', till: { column: 'till' } });
  const text = [
    `till,${HEAD}`,
    '1,7,A,1,2026-11-20T10:00:00',
    '1,7,A,1,2026-11-21T10:00:00',
    '2,7,A,1,2026-11-21T10:00:00',
    '1,8,A,1,2026-11-21T10:00:00',
    '1,8,A,1,2026-11-22T10:00:00',
    '1,8,B,1,whenever',
    '2,8,A,1,2026-11-22T10:00:00',
  ].join('\n');
  const result = await importText(journal, text, mapping);
  expect(result).toMatchObject({ captured: 4, setAside: 3, rowsSetAside: 3, receipts: 7 });
  expect(journal.items.map(({ receipt, place, code }) => `${receipt} ${place} ${code}`)).toEqual([
    '8 line 5 bad-receipt',
    '8 line 6 bad-receipt',
    '8 line 7 bad-row',
  ]);
});

test('card numbers are painted over before anything is kept, identifiers are left alone (L12)', async () => {
  const journal = memoryJournal();
  const card = '4111111111111111';
  const columns = {
    receipt: 'receipt',
    sku: 'sku',
    quantity: 'quantity',
    time: 'time',
    description: 'text',
    customer: 'customer',
  };
  const text = [
    'receipt,sku,quantity,time,text,customer,other',
    `1,${card},1,${TIME},"gift, ${card}",jane,x`,
    `2,A,1,${TIME},fine,4111 1111 1111 1111,x`,
    `3,${card},zero,${TIME},fine,jane,"paid ""${card}"""`,
  ].join('\n');
  const result = await importText(journal, text, mappingOf({ columns }));
  expect(result).toMatchObject({ captured: 1, setAside: 2, masked: 3 });
  expect(contents(journal)).toMatchObject([{ lines: [{ sku: card, description: `gift, ${'*'.repeat(16)}` }] }]);
  const [byCustomer, byRow] = journal.items;
  expect(byCustomer).toMatchObject({ code: 'card-number', receipt: '2' });
  expect(byCustomer?.reason).toContain('customer holds a card number');
  expect(byRow?.raw).toContain(`3,${card},zero`);
  for (const { raw, masked } of journal.items) {
    expect(masked).toHaveLength(1);
    for (const [from, to] of masked) expect(raw.slice(from, to)).toMatch(/^\*+$/);
    expect(raw.replaceAll(`,${card},`, '')).not.toMatch(/4111/);
  }
});

test('a row whose quotation marks or cells are wrong takes its receipt with it', async () => {
  const journal = memoryJournal();
  const text = `${HEAD}\n1,A,1,${TIME}\n1,"A"B,1,${TIME}\n2,A,1\n3,A,1,${TIME}\n`;
  const result = await importText(journal, text, mappingOf());
  expect(result).toMatchObject({ rows: 4, captured: 1, setAside: 2, rowsSetAside: 3 });
  expect(journal.items[0]?.reason).toContain('quotation marks');
  expect(journal.items[1]?.reason).toContain('3 cells, the header 4');
});

test('a file that cannot be used is refused whole, in words', async () => {
  const journal = memoryJournal();
  const refusal = async (content: string | Uint8Array, changes = {}) => {
    const error: unknown = await importText(journal, content, mappingOf(changes)).catch((reason: unknown) => reason);
    return error instanceof ImportStopped ? `${error.code} ${error.message}` : error;
  };
  expect(await refusal('')).toMatch(/^bad-file .*empty/);
  expect(await refusal('receipt,sku\n1,A\n')).toBe(
    'bad-file The file has no column "quantity", which the mapping names as quantity. It has "receipt", "sku".',
  );
  expect(await refusal(gzipSync(`${HEAD}\n1,A,1,${TIME}\n`.repeat(99)).subarray(0, 60))).toMatch(
    /damaged or cut short/,
  );
  expect(await refusal('receipt,sku,sku,quantity,time\n')).toMatch(/more than one column "sku"/);
  expect(journal.facts).toEqual([]);
});

test('a gzip file is known by its bytes; columns may be listed where there is no header', async () => {
  const journal = memoryJournal();
  const mapping = mappingOf({ header: ['receipt', 'sku', 'quantity', 'time'] });
  const packed = gzipSync(`1,A,1,${TIME}\n2,A,x,${TIME}\n`);
  expect(await importText(journal, packed, mapping)).toMatchObject({ rows: 2, captured: 1, setAside: 1 });
  expect(journal.items).toMatchObject([{ place: 'line 2', raw: `2,A,x,${TIME}\n` }]);
});

test('SKU case is kept unless the mapping folds it; customers are hashed, and told only where rows agree', async () => {
  const columns = { receipt: 'receipt', sku: 'sku', quantity: 'quantity', time: 'time', customer: 'customer' };
  const text = `receipt,sku,quantity,time,customer\n1,a,1,${TIME},jane\n1,A,1,${TIME},\n2,a,1,${TIME},x\n2,a,1,${TIME},y\n`;
  const of = async (foldSkuCase: boolean) => {
    const journal = memoryJournal();
    await importText(journal, text, mappingOf({ columns, foldSkuCase }));
    return contents(journal) as TransactionContent[];
  };
  const kept = await of(false);
  expect(kept[0]?.lines.map(({ sku }) => sku)).toEqual(['A', 'a']);
  expect(kept.map(({ customer }) => customer?.length)).toEqual([64, undefined]);
  expect((await of(true))[0]?.lines.map(({ sku }) => sku)).toEqual(['A', 'A']);
});

test('a full disk or a failing journal stops the import; importing again is harmless', async () => {
  const text = [HEAD, ...Array.from({ length: 500 }, (_, nth) => `${nth},A,1,${TIME}`)].join('\n');
  const journal = memoryJournal();
  let left = 250;
  journal.interfere = () =>
    left-- > 0 ? null : { kind: 'refused', reason: 'disk-full', message: 'The disk is nearly full.' };
  await expect(importText(journal, text, mappingOf())).rejects.toMatchObject({ code: 'disk-full' });
  journal.interfere = () => new Error('worker gone');
  await expect(importText(journal, text, mappingOf())).rejects.toThrow('worker gone');
  let busy = 3;
  journal.interfere = () => (busy-- > 0 ? { kind: 'refused', reason: 'queue-full', message: 'Try again.' } : null);
  const result = await importText(journal, text, mappingOf());
  expect(result).toMatchObject({ rows: 500, captured: 250, duplicates: 250, setAside: 0 });
  expect(journal.facts).toHaveLength(500);
});
