// Real sales: the UCI Online Retail file through the command line, checked against arithmetic on the file itself.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needSample } from '../needs.ts';
import { eventually } from '../wait.ts';
import { parseStock, tillwire } from './cli.ts';
import { type AgentHandle, makeWorld, settledAll, type World } from './world.ts';

const sample = needSample('01-pos-sales/uci-online-retail/online_retail_2010-12.csv.gz');
const mapping = join(import.meta.dirname, '../../examples/uci-online-retail.json');
const NOT_GOODS = /^(POST|DOT|M|m|D|C2|S|B|AMAZONFEE|BANK CHARGES|CRUK|gift_0001_.*)$/;

type Row = { InvoiceNo: string; StockCode: string; Quantity: string };

const rows = (csv: Buffer): Row[] => parse(csv, { columns: true }) as Row[];

/** By the documented rules: every row moves the shelf by minus its quantity, but for adjustments, which say plus. */
function independentStock(all: Row[]): Map<string, number> {
  const stock = new Map<string, number>();
  for (const { InvoiceNo, StockCode, Quantity } of all) {
    if (NOT_GOODS.test(StockCode)) continue;
    const quantity = Number(Quantity);
    const isAdjustment = !InvoiceNo.startsWith('C') && quantity < 0;
    stock.set(StockCode, (stock.get(StockCode) ?? 0) + (isAdjustment ? quantity : -quantity));
  }
  return stock;
}

/** The same receipts, their rows in another order all over the file. */
function shuffle(csv: Buffer): string {
  const [header = '', ...lines] = csv.toString('utf8').trimEnd().split('\n');
  const order = (line: string): string => createHash('sha256').update(line).digest('hex');
  return `${[header, ...lines.sort((a, b) => (order(a) < order(b) ? -1 : 1))].join('\n')}\n`;
}

describe.runIf(sample !== null)('UCI Online Retail, December 2010', () => {
  const file = sample ?? '';
  let world: World;
  let agent: AgentHandle;
  let csv: Buffer;

  const importFile = async (path: string) => {
    const args = ['--store', 'S001', '--data', agent.folder, '--mapping', mapping, path, '--json'];
    const said = await tillwire('import', ...args);
    expect(said.code, said.err).toBe(0);
    return JSON.parse(said.out) as Record<string, number>;
  };

  beforeAll(async () => {
    csv = gunzipSync(readFileSync(file));
    world = await makeWorld('embedded');
    agent = await world.agent('S001');
  });
  afterAll(() => world?.stop());

  test('every row is accounted for, and the stock is what the file says', async () => {
    const all = rows(csv);
    const result = await importFile(file);
    const goods = all.filter(({ StockCode }) => !NOT_GOODS.test(StockCode)).length;
    expect(result).toMatchObject({
      rows: all.length,
      rowsCaptured: goods,
      rowsDuplicate: 0,
      rowsNotGoods: all.length - goods,
      rowsSetAside: 0,
      receipts: new Set(all.map(({ InvoiceNo }) => InvoiceNo)).size,
      returns: new Set(all.flatMap(({ InvoiceNo }) => (InvoiceNo.startsWith('C') ? [InvoiceNo] : []))).size,
      duplicates: 0,
      setAside: 0,
    });
    await eventually(() => settledAll(agent), 'the file settled');
    const stock = parseStock((await tillwire('stock', '--central', world.centralUrl, '--csv')).out);
    const expected = independentStock(all);
    expect(stock.size).toBe(expected.size);
    for (const [sku, units] of expected) expect(stock.get(sku), sku).toBe(units);
  });

  test('twice, or with its rows shuffled, changes nothing', async () => {
    const before = await agent.status();
    const shuffled = join(world.folder, 'shuffled.csv');
    writeFileSync(shuffled, shuffle(csv));
    for (const path of [file, shuffled]) {
      const result = await importFile(path);
      expect(result).toMatchObject({ captured: 0, rowsCaptured: 0, setAside: 0, duplicates: result['receipts'] });
    }
    const after = await agent.status();
    expect({ captured: after.captured, setAside: after.setAside }).toEqual({ captured: before.captured, setAside: 0 });
    expect((await tillwire('verify', '--central', world.centralUrl, '--data', agent.folder)).code).toBe(0);
  });

  test('without a running agent the command captures by itself', async () => {
    const folder = join(world.folder, 'alone');
    const args = ['--store', 'S009', '--data', folder, '--mapping', mapping, file, '--json'];
    const said = await tillwire('import', ...args);
    expect(JSON.parse(said.out)).toMatchObject({ rowsSetAside: 0, duplicates: 0 });
    const status = await tillwire('status', '--data', folder, '--json');
    expect(JSON.parse(status.out)).toMatchObject({ store: 'S009', running: false, settled: 0 });
  });
});
