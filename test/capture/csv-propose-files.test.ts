// Unknown files of movements, counts and JSON, those that ship, and real sales: what is proposed captures their figures.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { propose } from '../../capture/csv/propose.ts';
import { needSample } from '../needs.ts';
import { asked, captured, lines, proposed } from './proposals.ts';

test('movements: the words of a column become kinds, unknown words are asked', async () => {
  const text = lines(
    'Lieferschein;Datum;Bewegungsart;Artikel;Menge;Lieferant',
    'LS-1;20.11.2026;Wareneingang;A;12;Mühle',
    'LS-1;20.11.2026;Wareneingang;B;2,5;Mühle',
    'BR-1;20.11.2026;Bruch;A;-1;',
    'UM-1;21.11.2026;Umlagerung Ausgang;B;-1;',
    'X-1;21.11.2026;Sonstiges;B;1;',
  );
  const proposal = await proposed('bewegungen.csv', text);
  expect(proposal.mapping).toMatchObject({
    documents: 'movements',
    movements: { sentQuantities: 'negative', kind: { column: 'Bewegungsart', values: { Bruch: 'adjustment' } } },
  });
  expect(proposal.questions.find(({ setting }) => setting === 'movements')?.question).toContain('"Sonstiges"');
  expect(proposal.unread.rows).toBe(1);
  const { result, contents } = await captured(proposal, text);
  expect(result).toMatchObject({ rows: 5, rowsCaptured: 4, rowsSetAside: 1, movements: 2, adjustments: 1 });
  expect(contents).toMatchObject([
    {
      kind: 'goods-received',
      document: 'LS-1',
      counterparty: 'Mühle',
      lines: [{ quantity: 12_000 }, { quantity: 2_500 }],
    },
    { kind: 'adjustment', lines: [{ quantity: -1_000 }] },
    { kind: 'transfer-sent', lines: [{ quantity: 1_000 }] },
  ]);
});

test('a delivery without a word of its kind: guessed and asked', async () => {
  const text = lines(
    'delivery_note,date,item,ordered,units',
    'D-1,2026-11-20 08:00,A,10,9',
    'D-1,2026-11-20 08:00,B,4,4',
  );
  const proposal = await proposed('delivery.csv', text);
  expect(proposal.mapping).toMatchObject({
    documents: 'movements',
    movements: { kind: { constant: 'goods-received' } },
  });
  expect(asked(proposal)).toContain('movements');
  const { contents } = await captured(proposal, text);
  expect(contents).toMatchObject([
    { kind: 'goods-received', lines: [{ expected: 10_000, quantity: 9_000 }, { quantity: 4_000 }] },
  ]);
});

test('counts: sheets, areas, zeros', async () => {
  const text = lines(
    'Inventur;Gezählt am;Bereich;Artikelnr;Istmenge',
    'I-1;20.11.2026 20:00;Laden;A;4',
    'I-1;20.11.2026 20:10;Lager;A;2,5',
    'I-1;20.11.2026 20:15;Laden;B;0',
  );
  const proposal = await proposed('inventur.csv', text);
  expect(proposal.mapping).toMatchObject({ documents: 'counts', counts: { scope: 'items' }, clockErrorSeconds: 60 });
  expect(asked(proposal)).toEqual(expect.arrayContaining(['counts', 'clockErrorSeconds']));
  const { result, contents } = await captured(proposal, text);
  expect(result).toMatchObject({ rowsCaptured: 3, counts: 1 });
  expect(contents[0]).toMatchObject({
    kind: 'stocktake',
    lines: expect.arrayContaining([
      expect.objectContaining({ sku: 'A', counted: 6_500 }),
      expect.objectContaining({ sku: 'B', counted: 0 }),
    ]),
  });
});

test('JSON Lines: an object a receipt, and JSON over several lines', async () => {
  const sale = (id: number) => ({
    order: { id },
    created_at: `2026-11-${20 + id}T10:00:00+01:00`,
    register: { id: 3 },
    items: [
      { product: { sku: 'A-1', name: 'Big mug' }, quantity: 2, price: 4.5 },
      { product: { sku: 'B-2', name: 'Small mug' }, quantity: 0.35, price: '10.00' },
    ],
    payments: [{ type: 'cash', amount: 12.5 }],
  });
  const sales = [1, 2].map(sale);
  const texts: [string, string][] = [
    ['orders.jsonl', lines(...sales.map((each) => JSON.stringify(each)))],
    ['orders.json', JSON.stringify(sales, null, 2)],
  ];
  for (const [name, text] of texts) {
    const proposal = await proposed(name, text);
    expect(proposal.mapping).toMatchObject({
      format: name.split('.')[1],
      linesAt: 'items',
      columns: {
        receipt: 'order.id',
        sku: 'items.product.sku',
        quantity: 'items.quantity',
        unitPrice: 'items.price',
        time: 'created_at',
      },
      till: { column: 'register.id' },
    });
    const { result, contents } = await captured(proposal, text);
    expect(result).toMatchObject({ rows: 4, rowsCaptured: 4, receipts: 2, sales: 2 });
    expect(contents).toMatchObject([
      { workstation: '3', receipt: '1', total: 1_250 },
      { receipt: '2', total: 1_250 },
    ]);
  }
});

test('the examples of movements and counts that ship are found again, but for abbreviations', async () => {
  const bytes = (name: string): Buffer => readFileSync(join(import.meta.dirname, '../../examples', name));
  const moved = await proposed('wareneingang.csv', bytes('wareneingang.csv'));
  expect(moved.mapping).toMatchObject({
    documents: 'movements',
    columns: {
      document: 'Beleg',
      sku: 'Artikel',
      quantity: 'Menge',
      expected: 'Bestellt',
      counterparty: 'Lieferant',
      order: 'Bestellung',
      transfer: 'Umlagerung',
      reason: 'Grund',
    },
    movements: { kind: { column: 'Art', values: { WE: 'goods-received' } } },
  });
  expect(moved.questions.find(({ setting }) => setting === 'movements')?.question).toContain('"BR", "UA", "UE", "??"');
  const counted = await proposed('inventur.csv', bytes('inventur.csv'));
  expect(counted.mapping).toMatchObject({
    documents: 'counts',
    columns: { document: 'Zählliste', counter: 'Bereich' },
  });
  const { contents } = await captured(counted, bytes('inventur.csv'));
  expect(contents).toMatchObject([{ kind: 'stocktake', lines: [{}, {}, {}] }]);
});

test('the German example that ships is found again', async () => {
  const name = 'kassenjournal-berlin.csv';
  const bytes = readFileSync(join(import.meta.dirname, '../../examples', name));
  const proposal = await proposed(name, bytes);
  expect(asked(proposal)).toEqual(expect.arrayContaining(['returns', 'adjustments', 'notGoods', 'foldSkuCase']));
  const { result } = await captured(proposal, bytes, { businessDate: { dayStartsAt: '04:00' } });
  expect(result).toMatchObject({
    rows: 10,
    rowsCaptured: 6,
    rowsNotGoods: 2,
    rowsSetAside: 2,
    sales: 5,
    returns: 1,
    adjustments: 1,
  });
});

test('of a large file the end is looked at, too: returns that begin there are found, packed or not', async () => {
  const row = (nth: number): string =>
    `${nth > 195_000 && nth % 7 === 0 ? 'R' : ''}${100_000 + nth},SKU-${nth % 90},${nth > 195_000 && nth % 7 === 0 ? -1 : 1},2.50,2026-11-20 10:00:00`;
  const text = lines(
    'receipt,sku,quantity,price,time',
    Array.from({ length: 200_000 }, (_, nth) => row(nth)).join('\n'),
  );
  for (const content of [text, gzipSync(text)]) {
    const proposal = await proposed('year.csv', content);
    expect(proposal).toMatchObject({ complete: false, unread: { rows: 0 } });
    expect(proposal.rows).toBeLessThan(61_000);
    expect(proposal.mapping).toMatchObject({ returns: { receiptPrefix: 'R', quantities: 'negative' } });
  }
});

test('the same file gives the same proposal', async () => {
  const text = lines('receipt,time,sku,qty', '1,2026-11-20 10:00,A,1', '2,2026-11-21 10:00,B,1');
  expect(await proposed('a.csv', text)).toEqual(await proposed('a.csv', text));
});

const sample = needSample('01-pos-sales/uci-online-retail/online_retail_2010-12.csv.gz');

describe.skipIf(sample === null)('the UCI Online Retail file', () => {
  test('is proposed so that it imports with the figures of the example that ships; what a person decides is asked', async () => {
    const proposal = await propose(sample ?? '', { timeZone: 'Europe/London' });
    expect(proposal).toMatchObject({ rows: 42_481, complete: true, unread: { rows: 0 } });
    expect(asked(proposal).sort()).toEqual([
      'adjustments',
      'currency',
      'foldSkuCase',
      'notGoods',
      'returns',
      'till',
      'timeZone',
    ]);
    const { result, contents } = await captured(proposal, readFileSync(sample ?? ''));
    const figures = { rows: 42_481, rowsCaptured: 42_286, rowsNotGoods: 195, rowsSetAside: 0, receipts: 2_025 };
    expect(result).toMatchObject({ ...figures, sales: 1_629, returns: 326, adjustments: 70, captured: 2_025 });
    const total = contents.reduce((sum, content) => sum + ('total' in content ? (content.total ?? 0) : 0), 0);
    const rows = parse(gunzipSync(readFileSync(sample ?? '')), { columns: true }) as Record<string, string>[];
    const pence = rows.reduce((sum, { InvoiceNo = '', Quantity, UnitPrice }) => {
      const quantity = Number(Quantity);
      const exact = Math.round(Number(UnitPrice) * 10_000) * quantity;
      return quantity < 0 && !InvoiceNo.startsWith('C')
        ? sum
        : sum + Math.sign(exact) * Math.round(Math.abs(exact) / 100);
    }, 0);
    expect(total).toBe(pence);
  });
});
