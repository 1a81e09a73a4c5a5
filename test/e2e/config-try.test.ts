// A dry run over real processes' doors: a mapping change that would set aside a tenth of real sales is found before release.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TryRow, TryStore } from '../../protocol/hq/tries.ts';
import { needSample } from '../needs.ts';
import { eventually } from '../wait.ts';
import { tillwire } from './cli.ts';
import { type Computer, type EnrolRig, makeEnrolRig } from './enrol-rig.ts';

const sample = needSample('01-pos-sales/uci-online-retail/online_retail_2010-12.csv.gz');
const MAPPING = JSON.parse(readFileSync(join(import.meta.dirname, '../../examples/uci-online-retail.json'), 'utf8'));
const NOT_GOODS = /^(POST|DOT|M|m|D|C2|S|B|AMAZONFEE|BANK CHARGES|CRUK|gift_0001_.*)$/;

type Row = { InvoiceNo: string; StockCode: string; Quantity: string };

/** Of the first two days: a tenth of these receipts brings something back. */
function firstDays(): string {
  const [header = '', ...lines] = gunzipSync(readFileSync(sample ?? ''))
    .toString('utf8')
    .split('\n');
  return `${[header, ...lines.filter((line) => /,2010-12-0[12] /.test(line))].join('\n')}\n`;
}

/** By the documented rules: without a word on negative quantities, a receipt with one of goods is set aside whole. */
function setAsideBy(csv: string): { receipts: number; aside: Set<string> } {
  const rows = parse(csv, { columns: true }) as Row[];
  const back = rows.filter(({ StockCode, Quantity }) => Number(Quantity) < 0 && !NOT_GOODS.test(StockCode));
  return {
    receipts: new Set(rows.map(({ InvoiceNo }) => InvoiceNo)).size,
    aside: new Set(back.map(({ InvoiceNo }) => InvoiceNo)),
  };
}

const sourceOf = (reading: object, more: object = {}) => ({
  ...{ tillwireConfiguration: 1, revision: 1, title: 'Sales without returns', expires: '2099-01-01T00:00:00Z' },
  ...{ chain: { feeds: { sales: { reading } }, ...more }, regions: {}, rings: {}, stores: {} },
});

describe.runIf(sample !== null)('config try on real sales', () => {
  let rig: EnrolRig;
  let computer: Computer;
  let csv: string;
  const file = (name: string, source: object): string => {
    const path = join(rig.folder, name);
    writeFileSync(path, JSON.stringify(source));
    return path;
  };
  const tryOut = (path: string, ...args: string[]) =>
    tillwire('config', 'try', path, '--stores', 'all', '--days', '7', '--central', rig.central.url, ...args);

  beforeAll(async () => {
    csv = firstDays();
    rig = await makeEnrolRig();
    computer = await rig.start({ name: 'S001', enrol: await rig.token('S001'), central: rig.central.url });
    const home = join(computer.folder, 'drop', 'sales');
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'mapping.json'), JSON.stringify(MAPPING));
    writeFileSync(join(home, 'december.csv'), csv);
    await eventually(() => existsSync(join(home, 'done', 'december.csv')), 'the file is taken');
  });
  afterAll(() => rig?.stop());

  test('what a forgotten word would set aside is told before anyone signs, and nothing changes', async () => {
    const { receipts, aside } = setAsideBy(csv);
    expect(aside.size / receipts).toBeCloseTo(0.1, 1);
    const before = await computer.status();
    const { returns: _, adjustments: __, ...forgotten } = MAPPING;
    const path = file('forgotten.json', sourceOf(forgotten, { sync: { batchEntries: 20 } }));
    const said = await tryOut(path, '--json');
    expect(said.code, said.err).toBe(1);
    const { row, stores } = JSON.parse(said.out) as { row: unknown; stores: unknown };
    expect(TryRow.parse(row)).toMatchObject({ stores: 1, told: 1, ended: 1 });
    const [store] = TryStore.array().parse(stores);
    const [feed] = store?.result?.feeds ?? [];
    expect(feed).toMatchObject({
      ...{ name: 'sales', state: 'tried', files: 1 },
      before: { documents: receipts, captured: receipts, setAside: 0 },
      after: { documents: receipts, captured: receipts - aside.size, setAside: aside.size },
      ...{ changes: { 'set-aside': aside.size }, codes: { 'unknown-kind': aside.size } },
    });
    expect(feed?.examples.every(({ number }) => aside.has(number))).toBe(true);
    const { traffic } = store?.result ?? {};
    expect([traffic?.before.entries, traffic?.after.entries]).toEqual([receipts, receipts - aside.size]);
    expect(traffic?.after.batches).toBeGreaterThan(traffic?.before.batches ?? 0);
    const after = await computer.status();
    expect([after.captured, after.setAside]).toEqual([before.captured, before.setAside]);
  });

  test('the reading that is in force comes to the same, and ends with exit code 0', async () => {
    const same = await tryOut(file('same.json', sourceOf(MAPPING)));
    expect([same.code, same.out]).toEqual([0, expect.stringContaining('read as now')]);
    const nobody = await tillwire(
      'config',
      'try',
      file('same.json', sourceOf(MAPPING)),
      '--stores',
      'region=south',
      '--central',
      rig.central.url,
    );
    expect([nobody.code, nobody.err]).toEqual([2, expect.stringContaining('none of the 1 stores')]);
  });
});
