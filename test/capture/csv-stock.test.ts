// Movements and counts by a mapping: each row in one class, figures exact, the same file twice changes nothing.
import { describe, expect, test } from 'vitest';
import { issuesText, parseMapping } from '../../capture/csv/mapping.ts';
import { balanced, importText, mappingOf, redriveAll } from './imports.ts';
import { memoryJournal } from './memory-journal.ts';

const base = { till: { constant: 'DESK' }, timeFormat: 'yyyy-MM-dd HH:mm', receiptScope: 'ever' };

const movements = (changes: Record<string, unknown> = {}) =>
  mappingOf({
    ...base,
    documents: 'movements',
    columns: { document: 'note', sku: 'sku', quantity: 'units', time: 'when', order: 'order', expected: 'announced' },
    movements: { kind: { constant: 'goods-received' }, counterparty: 'Mill & Sons' },
    ...changes,
  });

const counts = (changes: Record<string, unknown> = {}) =>
  mappingOf({
    ...base,
    documents: 'counts',
    columns: { document: 'sheet', sku: 'sku', quantity: 'found', time: 'when', counter: 'area' },
    counts: { scope: 'items' },
    clockErrorSeconds: 60,
    ...changes,
  });

describe('movements', () => {
  const delivery = [
    'note,sku,units,when,order,announced',
    'D-1,A,12,2026-11-20 08:15,O-77,12',
    'D-1,B,2.5,2026-11-20 08:16,O-77,3',
    'D-2,A,-4,2026-11-20 09:00,,',
    'D-3,C,0,2026-11-20 09:30,,',
  ].join('\n');

  test('a delivery with what was announced; what cannot be is set aside with line and reason', async () => {
    const journal = memoryJournal();
    const result = await importText(journal, delivery, movements());
    expect(result).toMatchObject({ rows: 4, rowsCaptured: 2, rowsSetAside: 2, receipts: 3, captured: 1, movements: 1 });
    expect(balanced(result)).toBe(true);
    expect(journal.facts.map(({ captured }) => captured.content)).toEqual([
      expect.objectContaining({
        kind: 'goods-received',
        document: 'D-1',
        workstation: 'DESK',
        businessDate: '2026-11-20',
        occurred: '2026-11-20T08:15:00+00:00',
        order: 'O-77',
        counterparty: 'Mill & Sons',
        lines: [
          expect.objectContaining({ sku: 'A', quantity: 12_000, expected: 12_000 }),
          expect.objectContaining({ sku: 'B', quantity: 2_500, expected: 3_000 }),
        ],
      }),
    ]);
    const reasons = journal.items.map(({ place, reason }) => `${place}: ${reason}`).sort();
    expect(reasons).toEqual([
      expect.stringContaining('line 4: Document D-2: lines.0.quantity is negative, and this is goods-received'),
      expect.stringContaining('line 5: Line 5: units "0" is zero'),
    ]);
    const again = await importText(journal, delivery, movements());
    expect(again).toMatchObject({ captured: 0, duplicates: 1, rowsDuplicate: 2, setAsideNew: 0 });
  });

  const book = [
    'note,sku,units,when,type,why,other,transfer',
    'M1,A,5,2026-11-20 08:15,IN,,Mill,',
    'M1,B,-1,2026-11-20 08:15,LOSS,broken,,',
    'M1,C,-2,2026-11-20 08:15,LOSS,stolen,,',
    'M2,A,-3,2026-11-20 10:00,OUT,,S002,TR-9',
    'M3,A,1,2026-11-20 11:00,TEA,,,',
  ].join('\n');
  const bookMapping = () =>
    movements({
      columns: {
        document: 'note',
        sku: 'sku',
        quantity: 'units',
        time: 'when',
        reason: 'why',
        counterparty: 'other',
        transfer: 'transfer',
      },
      movements: {
        kind: { column: 'type', values: { IN: 'goods-received', LOSS: 'adjustment', OUT: 'transfer-sent' } },
        sentQuantities: 'negative',
      },
    });

  test('kinds by a column: a document of two kinds is two facts, kept together', async () => {
    const journal = memoryJournal();
    const result = await importText(journal, book, bookMapping());
    expect(result).toMatchObject({
      receipts: 3,
      captured: 2,
      movements: 2,
      adjustments: 1,
      setAside: 1,
      rowsCaptured: 4,
    });
    expect(balanced(result)).toBe(true);
    expect(journal.facts.map(({ captured }) => captured.content)).toMatchObject([
      {
        kind: 'adjustment',
        document: 'M1',
        reason: 'broken; stolen',
        lines: [{ quantity: -1_000 }, { quantity: -2_000 }],
      },
      { kind: 'goods-received', document: 'M1', counterparty: 'Mill', lines: [{ quantity: 5_000 }] },
      {
        kind: 'transfer-sent',
        document: 'M2',
        transfer: 'TR-9',
        counterparty: 'S002',
        lines: [{ sku: 'A', quantity: 3_000 }],
      },
    ]);
    expect(journal.items[0]?.reason).toContain('type "TEA" is no kind that the mapping knows');
  });

  test('what was set aside for an unknown kind is driven again by a mended mapping, once', async () => {
    const journal = memoryJournal();
    await importText(journal, book, bookMapping());
    const mended = movements({
      ...bookMapping(),
      movements: { kind: { column: 'type', values: { TEA: 'adjustment' } } },
    });
    expect(await redriveAll(journal, mended)).toMatchObject({ items: 1, resolved: 1, captured: 1, left: 0 });
    expect(await redriveAll(journal, mended)).toMatchObject({ items: 0, captured: 0 });
  });

  test('two transfers under one number are told, not mixed', async () => {
    const journal = memoryJournal();
    const mapping = movements({
      columns: { document: 'note', sku: 'sku', quantity: 'units', time: 'when', transfer: 'tr' },
      movements: { kind: { constant: 'transfer-received' } },
    });
    const text =
      'note,sku,units,when,tr\nX,A,1,2026-11-20 08:00,T1\nX,B,1,2026-11-20 08:00,T2\nX,C,1,2026-11-20 08:00,';
    expect(await importText(journal, text, mapping)).toMatchObject({ setAside: 1, captured: 0 });
    expect(journal.items[0]?.reason).toContain('its rows name the transfers T1, T2');
  });

  test('one number a day where the file has none', async () => {
    const journal = memoryJournal();
    const mapping = movements({
      columns: { sku: 'sku', quantity: 'units', time: 'when' },
      movements: { kind: { constant: 'adjustment' }, reason: 'Breakage' },
      documentNumber: 'BREAKAGE',
      receiptScope: 'day',
    });
    const text = 'sku,units,when\nA,-1,2026-11-20 08:00\nB,-2,2026-11-20 17:00\nA,-1,2026-11-21 08:00';
    expect(await importText(journal, text, mapping)).toMatchObject({ adjustments: 2, rowsCaptured: 3 });
    expect(journal.facts.map(({ kept }) => kept.key)).toEqual([
      'S001|DESK|2026-11-20|BREAKAGE|adjustment',
      'S001|DESK|2026-11-21|BREAKAGE|adjustment',
    ]);
  });
});

describe('counts', () => {
  const sheet = [
    'sheet,sku,found,when,area',
    'I-1,A,4,2026-11-20 20:00,shop',
    'I-1,B,0,2026-11-20 20:05,shop',
    'I-1,A,2.5,2026-11-20 20:30,cellar',
  ].join('\n');

  test('what two areas hold of an article is added up; zero is a count; the clock is as good as the mapping says', async () => {
    const journal = memoryJournal();
    const result = await importText(journal, sheet, counts());
    expect(result).toMatchObject({ rows: 3, rowsCaptured: 3, receipts: 1, captured: 1, counts: 1, sales: 0 });
    expect(balanced(result)).toBe(true);
    expect(journal.facts[0]?.captured).toMatchObject({
      skew: { ms: 0, boundMs: 60_000 },
      content: {
        kind: 'stocktake',
        stocktake: 'I-1',
        document: 'I-1',
        begun: '2026-11-20T20:00:00+00:00',
        occurred: '2026-11-20T20:30:00+00:00',
        lines: [
          { sku: 'B', counted: 0, occurred: '2026-11-20T20:05:00+00:00' },
          { sku: 'A', counted: 6_500, occurred: '2026-11-20T20:30:00+00:00' },
        ],
      },
    });
    expect(await importText(journal, sheet, counts())).toMatchObject({ captured: 0, duplicates: 1 });
  });

  const twice = `${sheet}\nI-1,B,1,2026-11-20 20:40,shop`;
  test.each([
    ['refuse', null],
    ['add', 1_000],
    ['last', 1_000],
  ])('the same article twice by one counter: %s', async (repeated, counted) => {
    const journal = memoryJournal();
    const result = await importText(journal, twice, counts({ counts: { scope: 'items', repeated } }));
    expect(result.captured).toBe(counted === null ? 0 : 1);
    const content = journal.facts[0]?.captured.content;
    if (counted === null) expect(journal.items[0]?.reason).toContain('B stands on it more than once by shop');
    else
      expect(content).toMatchObject({
        lines: expect.arrayContaining([expect.objectContaining({ sku: 'B', counted })]),
      });
  });

  test('negative and unreadable figures set the sheet aside, whole', async () => {
    const journal = memoryJournal();
    const text = `${sheet}\nI-1,C,-1,2026-11-20 20:41,shop\nI-1,D,some,2026-11-20 20:41,shop`;
    const result = await importText(journal, text, counts());
    expect(result).toMatchObject({ rowsSetAside: 5, setAside: 1 });
    expect(journal.items[0]?.reason).toMatch(/Line 5: found "-1" is negative.*Line 6: found "some" is no number/);
  });

  test('a whole store of 1,200 articles: zeros for what was not found, cut into parts, once however the stock moved', async () => {
    const journal = memoryJournal();
    journal.held = ['GONE', 'S1'];
    const rows = Array.from({ length: 1_200 }, (_, nth) => `I-9,S${nth},${nth},2026-11-20 20:00,shop`);
    const text = ['sheet,sku,found,when,area', ...rows].join('\n');
    const mapping = counts({ counts: { scope: 'store' } });
    const result = await importText(journal, text, mapping);
    expect(result).toMatchObject({ rows: 1_200, rowsCaptured: 1_200, receipts: 1, captured: 1, counts: 1 });
    const contents = journal.facts.map(({ captured }) => captured.content);
    expect(contents).toMatchObject([{ document: 'I-9' }, { document: 'I-9/2' }, { document: 'I-9/3' }]);
    const lines = contents.flatMap((content) => (content.kind === 'stocktake' ? content.lines : []));
    expect(lines).toHaveLength(1_201);
    expect(lines.at(-1)).toMatchObject({ sku: 'GONE', counted: 0 });
    journal.held = ['OTHER'];
    expect(await importText(journal, text, mapping)).toMatchObject({ captured: 0, duplicates: 1, setAside: 0 });
    expect(await importText(journal, text.replace('I-9,S7,7,', 'I-9,S7,8,'), mapping)).toMatchObject({ setAside: 1 });
    expect(journal.facts).toHaveLength(3);
  });
});

test.each([
  [{ documents: 'movements' }, 'movements is missing: say what the movements are'],
  [{ documents: 'counts', counts: { scope: 'items' } }, 'clockErrorSeconds is missing'],
  [{ counts: { scope: 'items' } }, 'counts is not valid: the file holds receipts'],
  [
    { columns: { ...mappingOf().columns, counter: 'c' } },
    'columns.counter is not valid: it does not belong to receipts',
  ],
  [{ documentNumber: 'X' }, 'a receipt has its number in columns.receipt'],
  [
    { documents: 'movements', movements: { kind: { constant: 'sale' } } },
    'the kinds are goods-received, adjustment, transfer-sent',
  ],
  [{ format: 'csv', linesAt: 'items' }, 'linesAt is not valid: only JSON holds lists'],
  [
    {
      format: 'jsonl',
      linesAt: 'items',
      columns: { receipt: 'items.no', sku: 'items.s', quantity: 'items.q', time: 't' },
    },
    'columns.receipt is not valid: it must be the same for all lines',
  ],
])('%j is told', (changes, told) => {
  const parsed = parseMapping({ ...mappingOf(), ...changes });
  expect(parsed.ok ? '' : issuesText(parsed.issues)).toContain(told);
});
