// The Online Retail file with the mapping that ships: its stock equals a sum that knows nothing of this program.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { parseMappingText } from '../../capture/csv/mapping.ts';
import { postingsOf } from '../../core/posting.ts';
import { needSample } from '../needs.ts';
import { balanced, importText } from './imports.ts';
import { memoryJournal } from './memory-journal.ts';

const sample = needSample('01-pos-sales/uci-online-retail/online_retail_2010-12.csv.gz');
const mappingFile = join(import.meta.dirname, '../../examples/uci-online-retail.json');

function exampleMapping() {
  const parsed = parseMappingText(readFileSync(mappingFile, 'utf8'));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.mapping;
}

/** The rules of docs/csv-mapping.md, written once more from the document: what each row does to the shelf, in thousandths. */
function stockOfRows(rows: string[]): Map<string, number> {
  const notGoods = /^(POST|DOT|M|m|D|C2|S|B|AMAZONFEE|BANK CHARGES|CRUK|gift_0001_.*)$/;
  const stock = new Map<string, number>();
  for (const row of rows) {
    const [invoice = '', sku = '', , quantity = ''] =
      row.match(/("([^"]|"")*"|[^,]*)(,|$)/g)?.map((cell) => cell.replace(/,$/, '')) ?? [];
    if (notGoods.test(sku)) continue;
    const adjusted = Number(quantity) < 0 && !invoice.startsWith('C');
    stock.set(sku, (stock.get(sku) ?? 0) + Number(quantity) * (adjusted ? 1000 : -1000));
  }
  return stock;
}

function stockOfFacts(journal: ReturnType<typeof memoryJournal>): Map<string, number> {
  const stock = new Map<string, number>();
  for (const { captured } of journal.facts) {
    for (const { sku, from, to, quantity } of postingsOf(captured.content)) {
      const change = (to === 'shelf' ? quantity : 0) - (from === 'shelf' ? quantity : 0);
      stock.set(sku, (stock.get(sku) ?? 0) + change);
    }
  }
  return stock;
}

/** Every row somewhere else, receipts torn apart; the same each time. */
function shuffled(rows: string[]): string[] {
  const out = [...rows];
  let state = 42;
  for (let i = out.length - 1; i > 0; i--) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const j = state % (i + 1);
    [out[i], out[j]] = [out[j] ?? '', out[i] ?? ''];
  }
  return out;
}

describe.skipIf(sample === null)('the UCI Online Retail file', () => {
  const packed = readFileSync(sample ?? mappingFile);
  const [header = '', ...rows] = sample === null ? [] : gunzipSync(packed).toString('utf8').trimEnd().split('\n');

  test('every row is accounted for, stock equals the independent sum, a shuffled copy changes nothing', async () => {
    const journal = memoryJournal();
    const first = await importText(journal, packed, exampleMapping(), 'online_retail.csv.gz');
    expect(first).toMatchObject({
      rows: 42_481,
      rowsCaptured: 42_286,
      rowsNotGoods: 195,
      rowsSetAside: 0,
      receipts: 2_025,
      sales: 1_629,
      returns: 326,
      adjustments: 70,
      captured: 2_025,
    });
    expect(balanced(first)).toBe(true);
    const stock = stockOfFacts(journal);
    expect(stock.size).toBeGreaterThan(2_500);
    expect(stock).toEqual(stockOfRows(rows));

    const second = await importText(journal, [header, ...shuffled(rows), ''].join('\n'), exampleMapping());
    expect(second).toMatchObject({
      ...first,
      file: 'sales.csv',
      captured: 0,
      rowsCaptured: 0,
      rowsDuplicate: 42_286,
      duplicates: 2_025,
    });
    expect(journal.facts).toHaveLength(2_025);
    expect(journal.items).toEqual([]);
  });

  test('the same file twice is all duplicates', async () => {
    const journal = memoryJournal();
    const part = [header, ...rows.slice(0, 5_000), ''].join('\n');
    const first = await importText(journal, part, exampleMapping());
    const second = await importText(journal, part, exampleMapping());
    expect(second).toMatchObject({ rows: 5_000, captured: 0, duplicates: first.captured, setAsideNew: 0 });
  });

  test('what other months hold: bad-debt corrections, prices below a penny, invoices of many lines', async () => {
    const journal = memoryJournal();
    const line = (invoice: string, sku: string, quantity: number, price: string) =>
      `${invoice},${sku},X,${quantity},2011-08-12 14:51:00,${price},,United Kingdom`;
    const long = Array.from({ length: 1_150 }, (_, nth) => line('573585', `S${nth}`, 1, '1.25'));
    const text = [header, line('A563186', 'B', 1, '-11062.06'), line('550193', 'PADS', 1, '0.001'), ...long].join('\n');
    expect(await importText(journal, text, exampleMapping())).toMatchObject({ captured: 3, sales: 3, setAside: 0 });
    expect(journal.facts.map(({ captured }) => captured.content)).toMatchObject([
      { total: -1_106_206, lines: [{ notGoods: true }] },
      { total: 0, lines: [{ unitPriceE4: 10, amount: 0 }] },
      { total: 143_750 },
    ]);
  });
});
