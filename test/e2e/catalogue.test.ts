// 20,000 products by docs/catalogue.md: from a file into a store's window, and an edit of the store there and back.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { centralClient } from '../../main/central-client.ts';
import { readIdentity } from '../../main/data-folder.ts';
import { type Program, startProgram } from '../../main/programs.ts';
import { IssuedEnrolment } from '../../protocol/hq/devices.ts';
import { needSample } from '../needs.ts';
import { eventually } from '../wait.ts';
import { type Said, tillwire } from './cli.ts';
import { openWindow, type WindowClient } from './window-client.ts';

const PRODUCTS = 20_000;
const STORE = 'S001';

let folder: string;
let central: Program;
let agent: Program | null = null;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tillwire-catalogue-'));
  const places = ['--database', join(folder, 'db'), '--data', join(folder, 'central'), '--port', '0'];
  central = await startProgram(['central', '--broker', 'embedded', '--enrolment', 'required', ...places], () => {});
});
afterAll(async () => {
  await agent?.stop();
  await central?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const catalogue = (...args: string[]): Promise<Said> => tillwire('catalogue', ...args, '--central', central.ready.url);
const asJson = async (...args: string[]) => JSON.parse((await catalogue(...args, '--json')).out);

function productFile(name: string, rows: string[]): string {
  const path = join(folder, name);
  writeFileSync(path, ['sku;name;price EUR', ...rows].join('\n'));
  return path;
}

const rowOf = (n: number): string => `P${n};"Article ${n}; boxed";${(n % 900) + 1},50`;
const ROWS = Array.from({ length: PRODUCTS }, (_, n) => rowOf(n));

test('a file is looked at first, comes in as a whole, and changes nothing the second time', async () => {
  const wrong = productFile('wrong.csv', [...ROWS.slice(0, 3), 'P3;Article 3;free', 'P0;Another;1']);
  const told = await catalogue('import', wrong, '--yes');
  expect(told.code).toBe(1);
  expect(told.out).toContain('5 rows, 3 products: 3 are new, 0 change, 0 stay as they are.');
  expect(told.out).toContain('line 5, price EUR: write EUR as a number with at most 2 decimals, as 1.99');
  expect(told.out).toContain('line 6, sku: P0 stands in line 2 already, with other values');
  expect(told.out).toContain('Nothing is brought in.');
  expect(await asJson('list')).toMatchObject({ products: 0, version: 0 });

  const file = productFile('products.csv', ROWS);
  expect((await catalogue('import', file)).err).toContain('nothing is brought in yet: say --yes');
  expect((await catalogue('import', file, '--look')).out).toContain(`${PRODUCTS} products: ${PRODUCTS} are new`);
  const brought = await asJson('import', file, '--yes');
  expect(brought).toMatchObject({ rows: PRODUCTS, fresh: PRODUCTS, changed: 0, wrong: [], done: true });
  const again = await asJson('import', file, '--yes');
  expect(again).toMatchObject({ same: PRODUCTS, fresh: 0, version: brought.version, done: false });
});

/** What the stock room of the store's window says. */
async function inWindow<T>(ask: (window: WindowClient) => Promise<T>): Promise<T> {
  const window = await openWindow({ url: agent?.ready.url ?? '', folder: join(folder, STORE) } as never);
  try {
    return await ask(window.client);
  } finally {
    window.close();
  }
}

async function startAgent(...more: string[]): Promise<void> {
  await agent?.stop();
  agent = await startProgram(['agent', '--data', join(folder, STORE), '--port', '0', ...more], () => {});
  expect(readIdentity(join(folder, STORE))?.store).toBe(STORE);
}

const priceOf = (sku: string) =>
  inWindow(async ({ stock }) => (await stock.product({ sku }))?.values?.find((one) => one.attribute === 'price/EUR'));

test('it reaches a store that enrols, and what changes afterwards does', async () => {
  const wish = { store: STORE };
  const { token } = await centralClient(central.ready.url).post('/enrolment-tokens', wish, 'first', IssuedEnrolment);
  await startAgent('--enrol', token, '--central', central.ready.url);
  await eventually(async () => (await priceOf('P19999')) !== undefined, 'the store has the last product');
  const { rows } = await inWindow(({ stock }) => stock.find({ text: 'article 12345' }));
  expect(rows).toMatchObject([{ sku: 'P12345', name: 'Article 12345; boxed' }]);
  const changed = productFile('changed.csv', ['P7;Tea, loose;', 'P20000;Quite new;3,00']);
  expect(await asJson('import', changed, '--yes')).toMatchObject({ fresh: 1, changed: 1 });
  await startAgent();
  await eventually(async () => (await priceOf('P20000'))?.value === 300, 'the store has the new product');
  expect((await inWindow(({ stock }) => stock.find({ text: 'P7' }))).exact).toMatchObject({ name: 'Tea, loose' });
});

test('an edit at the store waits for head office, is accepted, and comes back', async () => {
  const before = await priceOf('P5');
  expect(before).toMatchObject({ value: 650, version: 1, decides: { kind: 'head-office' } });
  const proposal = { id: 'proposal-01', sku: 'P5', attribute: 'price/EUR', value: 599, basedOn: 1 };
  expect(await inWindow(({ stock }) => stock.propose(proposal))).toBe('kept');
  await eventually(async () => (await asJson('proposals')).length === 1, 'head office sees the proposal');
  const [seen] = await asJson('proposals');
  expect(seen).toMatchObject({ sku: 'P5', value: 599, now: 650, by: { kind: 'store', id: STORE } });
  expect((await catalogue('proposals')).out).toContain('5.99 EUR');
  const answered = await catalogue('answer', seen.id, '--accept');
  expect(answered).toMatchObject({ code: 0, out: expect.stringContaining('Accepted by head office') });
  expect((await catalogue('answer', seen.id, '--reject')).out).toContain('was accepted already');
  await startAgent();
  await eventually(async () => (await priceOf('P5'))?.value === 599, 'the accepted price is in the store');
  const outcome = () => inWindow(async ({ stock }) => (await stock.product({ sku: 'P5' }))?.proposals[0]?.outcome);
  await eventually(async () => (await outcome()) === 'accepted', 'the store hears what became of its proposal');
});

test('who decides is named, and everything stands in the log', async () => {
  const given = await catalogue('owner', 'price/EUR', `store:${STORE}`, '--sku', 'P6');
  expect(given.out).toBe(`From now on store ${STORE} decides on price/EUR of P6.\n`);
  expect((await catalogue('set', 'P6', 'price/EUR', '9.99')).out).toContain(`Proposed to store ${STORE}`);
  expect(await asJson('proposals')).toEqual([]);
  expect(await asJson('proposals', '--all')).toHaveLength(1);
  await startAgent();
  const seen = () => inWindow(({ stock }) => stock.proposed());
  await eventually(async () => (await seen()).length === 1, 'the store sees what head office proposes to it');
  const [proposal] = await seen();
  expect(proposal).toMatchObject({ sku: 'P6', name: 'Article 6; boxed', value: 999, now: 750, version: 1 });
  const answer = { proposal: proposal?.id ?? '', accept: true, basedOn: 1 };
  expect(await inWindow(({ stock }) => stock.answer(answer))).toBe('done');
  await eventually(async () => (await priceOf('P6'))?.value === 999, 'what the store accepted is in its window');
  expect(await asJson('proposals', '--all')).toEqual([]);
  expect((await catalogue('set', 'P6', 'price/EUR', 'dear')).err).toContain('as 1.99');
  expect((await catalogue('set', 'P6', 'name', 'Green tea')).out).toBe('name of P6 is now "Green tea".\n');
  const { whole, rows } = JSON.parse((await tillwire('audit', '--json', '--central', central.ready.url)).out);
  expect(whole).toBe(true);
  const told = rows.filter(({ result }: { result: string }) => result === 'done').map((row: Row) => row.detail);
  expect(told).toContain('name of P6');
  expect(told).toContain('catalogue: 1 edit');
  expect(told.some((detail: string) => /^\d+ products from products\.csv$/.test(detail))).toBe(true);
});

type Row = { detail: string };

const UCI = needSample('01-pos-sales/uci-online-retail/online_retail_2010-12.csv.gz');
test.skipIf(UCI === null)('the list of a real shop, with what is wrong in it left out', async () => {
  const columns = ['sku=StockCode', 'name=Description', 'price/GBP=UnitPrice'].flatMap((one) => ['--column', one]);
  const refused = await catalogue('import', UCI ?? '', ...columns);
  expect(refused.code).toBe(1);
  expect(refused.out).toContain('42481 rows');
  const brought = await asJson('import', UCI ?? '', ...columns, '--without-wrong', '--yes');
  expect(brought).toMatchObject({ rows: 42_481, done: true });
  expect(brought.fresh).toBe(brought.products);
  expect(await asJson('import', UCI ?? '', ...columns, '--without-wrong', '--yes')).toMatchObject({ done: false });
});
