// Head office at the command line, with two real stores: what needs a person, why, what is decided, and whether all agree.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ExceptionRow } from '../../protocol/hq/lists.ts';
import { openReader } from '../../storage/reader.ts';
import { eventually } from '../wait.ts';
import { tillwire } from './cli.ts';
import { post } from './post.ts';
import { type AgentHandle, makeWorld, settledAll, type World } from './world.ts';

let world: World;
let stores: { S001: AgentHandle; S002: AgentHandle };
beforeAll(async () => {
  world = await makeWorld('embedded');
  stores = { S001: await world.agent('S001'), S002: await world.agent('S002') };
});
afterAll(() => world?.stop());

const day = { businessDate: '2026-11-21', occurred: '2026-11-21T10:00:00Z' };
const sell = (agent: AgentHandle, kind: 'sale' | 'return', receipt: string, line: object) =>
  post(agent, 'transactions', { kind, workstation: 'T1', receipt, ...day, lines: [line] }, `${kind}-${receipt}`);
const receive = (agent: AgentHandle, document: string, quantity: number) => {
  const lines = [{ sku: 'tea', quantity }];
  const movement = { kind: 'goods-received', workstation: 'BACK', document, ...day, lines };
  return post(agent, 'movements', movement, document);
};

const ask = (command: string, ...args: string[]) => tillwire(command, '--central', world.centralUrl, ...args);
const decide = (store: string, ...args: string[]) => ask('decide', '--store', store, ...args);
const exceptions = async (): Promise<ExceptionRow[]> =>
  ExceptionRow.array().parse(JSON.parse((await ask('exceptions', '--json')).out));
const agrees = async (): Promise<boolean> => {
  const { code } = await ask('reconcile', '--data', stores.S001.folder, '--data', stores.S002.folder);
  return code === 0;
};

test('nothing needs a person, and an empty book agrees', async () => {
  for (const agent of Object.values(stores)) await receive(agent, 'D1', 5);
  await eventually(async () => (await settledAll(stores.S001)) && settledAll(stores.S002), 'settled');
  expect((await ask('exceptions')).out).toBe('Nothing needs a person.\n');
  await eventually(agrees, 'both sides stand at the same cut');
});

test('the same goods returned in two stores: one refund is disputed, and the list says so', async () => {
  await sell(stores.S001, 'sale', '7', { sku: 'tea', quantity: 1 });
  await eventually(() => settledAll(stores.S001), 'the sale settled');
  const original = { store: 'S001', workstation: 'T1', businessDate: day.businessDate, receipt: '7' };
  for (const agent of [stores.S002, stores.S001]) {
    await sell(agent, 'return', '8', { sku: 'tea', quantity: 1, original });
    await eventually(() => settledAll(agent), 'the return settled');
  }
  await eventually(async () => (await exceptions()).length === 1, 'one of them is disputed');
  const [disputed] = await exceptions();
  expect(disputed).toMatchObject({ type: 'return-disputed', owner: 'finance', decided: null });
  expect(['S001', 'S002']).toContain(disputed?.store);
  const store = disputed?.store ?? '';
  const text = (await ask('exceptions', '--store', store)).out;
  expect(text).toContain('The same goods were returned twice');
  expect(text).toContain('goodwill (Leave both refunds)');
  const answered = await decide(store, '--exception', disputed?.id ?? '', '--option', 'goodwill');
  expect(answered).toMatchObject({ code: 0, out: expect.stringContaining('exception-decided') });
  expect((await ask('exceptions')).out).toBe('Nothing needs a person.\n');
});

test('a store that is offline gets its decisions when it returns', async () => {
  await stores.S002.kill();
  const reserved = await decide('S002', '--sku', 'tea', '--reserve', '2', '--reservation', 'WEB-1');
  expect(reserved.out).toContain('Decided for store S002: reserve');
  expect((await decide('S002', '--sku', 'tea', '--set', '9')).code).toBe(0);
  const apart = await ask('reconcile', '--data', stores.S002.folder);
  expect(apart).toMatchObject({ code: 1, out: expect.stringContaining('have still to reach the store') });
  await stores.S002.start();
  await eventually(agrees, 'the store applied them');
  expect((await ask('stock', '--store', 'S002', '--csv')).out).toContain('S002,tea,9,2,');
});

test('a shelf explains itself, and units are conserved', async () => {
  const { out } = await ask('explain', '--store', 'S002', '--sku', 'tea');
  expect(out).toContain('tea in store S002: 9 on hand, 2 of it reserved.');
  expect(out).toMatch(/goods-received D1[\s\S]*return 8[\s\S]*reserve by head-office[\s\S]*set by head-office/);
  expect((await ask('explain', '--store', 'S002', '--sku', 'none')).out).toContain('knows nothing of SKU none');
  expect(await ask('conserve')).toMatchObject({ code: 0, out: expect.stringMatching(/^Units are conserved/) });
});

test.each([
  ['two decisions at once', ['--sku', 'tea', '--set', '1', '--correct', '1'], 'choose one of'],
  ['no SKU', ['--correct', '1'], '--sku is missing'],
  ['entries that are none', ['--release', 'first'], '1:55-60'],
  ['what central declines', ['--release', '1:1'], 'is set aside'],
  ['units that are none', ['--sku', 'tea', '--correct', 'two'], 'delta: write units'],
])('a mistake is told in a sentence: %s', async (_, args, expected) => {
  const { code, err, out } = await decide('S001', ...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(expected);
});

test('a till whose report differs is asked about in the store at once, and at head office; the missing receipt ends it', async () => {
  const { S001 } = stores;
  const sold = (receipt: string) => {
    const sale = { kind: 'sale', workstation: 'T7', receipt, ...day, lines: [{ sku: 'mug', quantity: 1 }] };
    return post(S001, 'transactions', sale, `T7-${receipt}`);
  };
  const inStore = () => {
    const reader = openReader(S001.folder);
    try {
      return reader.exceptions().filter(({ type }) => type === 'till-differs');
    } finally {
      reader.close();
    }
  };
  const atHeadOffice = async () => (await exceptions()).filter(({ type }) => type === 'till-differs');
  await world.central.kill();
  for (const receipt of ['41', '43']) await sold(receipt);
  await post(S001, 'days', { workstation: 'T7', document: 'Z1', ...day, receipts: 3 }, 'Z1');
  const message = '2026-11-21: Till T7 says 3 receipts, 2 are here: 42 is missing.';
  const [asked, ...others] = inStore();
  expect(asked).toMatchObject({
    owner: 'store',
    message,
    soFar: true,
    evidence: [{ kind: 'day-closed', number: 'Z1' }],
  });
  expect(others).toEqual([]);
  await world.central.start();
  await eventually(async () => (await atHeadOffice()).length === 1, 'head office is told');
  const { id, deadlineMs } = asked ?? {};
  expect(await atHeadOffice()).toMatchObject([{ id, message, owner: 'store', deadlineMs, decided: null }]);
  await eventually(() => inStore().some(({ soFar }) => !soFar), 'it is asked for good');
  await sold('42');
  expect(inStore()).toEqual([]);
  await eventually(async () => (await atHeadOffice()).length === 0, 'the missing receipt came in');
  await eventually(agrees, 'both sides stand at the same cut');
});
