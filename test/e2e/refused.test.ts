// A central older than its stores: what it cannot read is put aside, all else flows, and after the update it is let in.
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../wait.ts';
import { tillwire } from './cli.ts';
import { type Hq, openHq, proofs, untilAgreed } from './hq.ts';
import { post } from './post.ts';
import { type AgentHandle, canRun, makeWorld, type World } from './world.ts';

const root = join(import.meta.dirname, '../..');

/** This very central, but that it has never heard of returns. */
function makeOlder(folder: string): string {
  const older = join(folder, 'older');
  for (const part of ['core', 'protocol', 'capture', 'storage', 'sync', 'central', 'main', 'package.json']) {
    cpSync(join(root, part), join(older, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(older, 'node_modules'), 'junction');
  const file = join(older, 'core/fact.ts');
  const now = readFileSync(file, 'utf8');
  const before = now.replace("TRANSACTION_KINDS = ['sale', 'return', 'void']", "TRANSACTION_KINDS = ['sale', 'void']");
  expect(before).not.toBe(now);
  writeFileSync(file, before);
  return join(older, 'main/tillwire.ts');
}

let world: World;
let hq: Hq;
let agent: AgentHandle;
let older: ChildProcess | null = null;
beforeAll(async () => {
  world = await makeWorld(canRun('real') ? 'real' : 'embedded');
  hq = openHq(world);
  await world.central.kill();
  older = spawn(process.execPath, [makeOlder(world.folder), ...world.centralArguments], { stdio: 'ignore' });
  await eventually(() => hq.stock().then(() => true), 'the older central answers', 30_000);
  agent = await world.agent('S001');
});
afterAll(async () => {
  await endOlder();
  await world?.stop();
});

async function endOlder(): Promise<void> {
  const victim = older;
  older = null;
  if (victim === null) return;
  const gone = new Promise((resolve) => victim.once('exit', resolve));
  victim.kill('SIGKILL');
  await gone;
}

const sku = 'tea';
const receipt = (kind: string, number: string, quantity: number, more: object = {}) => {
  const when = { businessDate: '2026-11-20', occurred: '2026-11-20T10:00:00Z', sentAt: new Date().toISOString() };
  const body = { kind, workstation: 'T1', receipt: number, ...when, lines: [{ sku, quantity }], ...more };
  return post(agent, 'transactions', body, `${kind}-${number}`);
};
const voided = (number: string) => ({ voids: { workstation: 'T1', receipt: number } });
const decide = (...args: string[]) => tillwire('decide', '--central', world.centralUrl, '--store', 'S001', ...args);
const onHand = async (): Promise<number> => ((await hq.shelf('S001', sku))?.onHand ?? 0) / 1_000;

test('what it cannot read is put aside, its void waits, all else flows, and the store sees it', async () => {
  await receipt('sale', '1', 5);
  await receipt('return', '2', 1);
  await receipt('void', '3', -1, voided('2'));
  await receipt('sale', '4', 2);
  await receipt('return', '5', 3);
  await receipt('return', '6', 4);
  await receipt('sale', '7', 1);
  await untilAgreed(world, agent);
  expect(await onHand()).toBe(-8);
  const letters = await hq.deadLetters('S001');
  expect(letters.map(({ seq, kind, on }) => [seq, kind, on])).toEqual([
    [2, 'refused', null],
    [3, 'waiting', '1:2'],
    [5, 'refused', null],
    [6, 'refused', null],
  ]);
  expect((await agent.status()).exceptions).toMatchObject({ store: 0, others: 3 });
  const status = await tillwire('status', '--data', agent.folder);
  expect(status.out).toContain('questions     0 to the store, 3 to others');
  const verified = await tillwire('verify', '--central', world.centralUrl, '--data', agent.folder);
  expect(verified).toMatchObject({ code: 1, out: expect.stringContaining('entry 1:2 is set aside at central') });
});

test('letting it in before the update is declined in words', async () => {
  const said = await decide('--release', '1:2');
  expect(said).toMatchObject({ code: 2, err: expect.stringMatching(/^tillwire: Central declined: /) });
});

test('after the update one is let in with what waits for it, and then the rest as a range', async () => {
  await endOlder();
  await world.central.start();
  await eventually(async () => (await agent.status()).line === 'online', 'the store is back', 30_000);
  const one = await decide('--release', '1:2');
  expect(one).toMatchObject({ code: 0, err: '' });
  await untilAgreed(world, agent);
  expect(await onHand()).toBe(-8);
  expect((await hq.deadLetters('S001')).map(({ seq }) => seq)).toEqual([5, 6]);
  const range = await decide('--release', '1:1-7');
  expect(range).toMatchObject({ code: 0, err: '' });
  await untilAgreed(world, agent);
  expect(await onHand()).toBe(-1);
  expect(await hq.deadLetters('S001')).toEqual([]);
  expect((await agent.status()).exceptions).toMatchObject({ store: 0, others: 0 });
  const { ok, said } = await proofs(world, [agent]);
  expect(ok, said).toBe(true);
});

test.runIf(canRun('real'))(
  'what breaks a constraint of the database is put aside alone, and let in when it is gone',
  async () => {
    const client = new pg.Client({ connectionString: world.databaseUrl ?? '' });
    await client.connect();
    await client.query(`alter table posting add constraint cursed check (quantity <> 13000)`);
    await receipt('sale', '8', 13);
    await receipt('sale', '9', 1);
    await untilAgreed(world, agent);
    expect(await onHand()).toBe(-2);
    expect(await hq.deadLetters('S001')).toMatchObject([{ seq: 8, kind: 'refused' }]);
    await client.query('alter table posting drop constraint cursed');
    await client.end();
    expect(await decide('--release', '1:8')).toMatchObject({ code: 0, err: '' });
    await untilAgreed(world, agent);
    expect(await onHand()).toBe(-15);
    const { ok, said } = await proofs(world, [agent]);
    expect(ok, said).toBe(true);
  },
);
