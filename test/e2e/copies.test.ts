// Old copies of a data folder put back, and a folder copied to a second agent: found out, told, nothing lost or doubled.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Line, openLine } from '../../main/sample/line.ts';
import { eventually } from '../wait.ts';
import { type Hq, openHq, proofs, untilAgreed } from './hq.ts';
import { post } from './post.ts';
import { copyFolder, mirrorIn } from './put-back.ts';
import { type AgentHandle, canRun, makeWorld, settledAll, type World } from './world.ts';

let world: World;
let hq: Hq;
const lines: Line[] = [];
beforeAll(async () => {
  world = await makeWorld(canRun('real') ? 'real' : 'embedded');
  hq = openHq(world);
});
afterAll(async () => {
  await world?.stop();
  for (const line of lines) await line.close();
});

async function openStore(store: string, mirror?: string): Promise<{ agent: AgentHandle; line: Line }> {
  const line = await openLine(world.brokerPort);
  lines.push(line);
  const agent = await world.agent(store, { brokerPort: line.port, ...(mirror === undefined ? {} : { mirror }) });
  return { agent, line };
}

/** One piece of tea on each receipt, so that the shelf says how many were counted, and how often. */
async function sell(agent: AgentHandle, ...receipts: string[]): Promise<void> {
  for (const receipt of receipts) {
    const times = { businessDate: '2026-11-20', occurred: '2026-11-20T10:00:00Z', sentAt: new Date().toISOString() };
    const lines = [{ sku: 'tea', quantity: 1 }];
    await post(agent, 'transactions', { kind: 'sale', workstation: 'T1', receipt, ...times, lines }, `sale-${receipt}`);
  }
}

const sold = async (store: string): Promise<number> => -((await hq.shelf(store, 'tea'))?.onHand ?? 0) / 1_000;
const forks = async (store: string) =>
  (await hq.exceptions()).filter((one) => one.store === store && one.type === 'fork');
const notices = async (agent: AgentHandle) =>
  (await agent.status()).notices.map(({ code, message }) => `${code}: ${message}`);

async function expectProven(...agents: AgentHandle[]): Promise<void> {
  const { ok, said } = await proofs(world, agents);
  expect(ok, said).toBe(true);
}

test.each([
  ['with its mirror', 'S001', false],
  ['without its mirror', 'S002', true],
])('an old copy put back %s: central and the store find out, and keep both histories', async (_, store, without) => {
  const { agent, line } = await openStore(store);
  await sell(agent, '1', '2', '3');
  await untilAgreed(world, agent);
  const copy = await copyFolder(agent);
  await sell(agent, '4', '5');
  await hq.decide(store, { kind: 'correction', sku: 'tea', delta: 100 });
  await untilAgreed(world, agent);
  // Nobody but this disk ever had it; its till still does.
  line.pull();
  await sell(agent, '6');

  await copy.put();
  if (without) rmSync(mirrorIn(agent), { recursive: true });
  await agent.start();
  await sell(agent, '7');
  line.plug();
  await eventually(async () => (await forks(store)).length > 0, 'central tells of it', 30_000);
  await sell(agent, '8', '5', '6');
  await untilAgreed(world, agent);

  expect(await sold(store)).toBe(8 - 100);
  const [fork, ...more] = await forks(store);
  expect(more).toEqual([]);
  expect(fork).toMatchObject({
    owner: 'it',
    message: expect.stringMatching(
      /an old copy of its disk was put back.* Journal 1 ends at entry 5, journal 2 goes on/,
    ),
  });
  expect(await notices(agent)).toContainEqual(expect.stringMatching(/^new-epoch: .*an old copy was put back/));
  await expectProven(agent);
});

test('an old copy of the database, its mirror up to date: the mirror gives back everything', async () => {
  const { agent, line } = await openStore('S003', join(world.folder, 'second-disk'));
  await sell(agent, '1', '2', '3');
  await untilAgreed(world, agent);
  const copy = await copyFolder(agent);
  await sell(agent, '4');
  await untilAgreed(world, agent);
  line.pull();
  await sell(agent, '5');
  await copy.put();
  await agent.start();
  await sell(agent, '6');
  line.plug();
  await untilAgreed(world, agent);
  expect(await sold('S003')).toBe(6);
  expect(await forks('S003')).toEqual([]);
  expect(await notices(agent)).toContainEqual(expect.stringMatching(/^restored-from-mirror: .* 2 entries/));
  await expectProven(agent);
});

test('a folder copied to a second agent: both may sell, all of it is counted once, and people are told', async () => {
  const { agent, line } = await openStore('S004');
  await sell(agent, '1', '2');
  await untilAgreed(world, agent);
  const copy = await copyFolder(agent);
  expect(copy.path).toBe(`${agent.folder}-copy`);
  line.pull();
  await sell(agent, '3', '4');
  const second = await world.agent('S004', { name: 'S004-copy' });
  await sell(second, '5', '6');
  await eventually(() => settledAll(second), 'the second one is alone on the line', 30_000);
  line.plug();
  await eventually(async () => (await forks('S004')).length > 0, 'central tells of it', 30_000);
  await sell(agent, '7');
  await sell(second, '8');
  const isHeld = async () =>
    (await notices(second)).some((told) => /^held: Another computer.* A person must/.test(told));
  await eventually(isHeld, 'the second one is stopped and says why', 30_000);
  // What it holds is brought once it runs alone; then the first one goes on.
  await agent.kill();
  await second.kill();
  await second.start();
  await eventually(() => settledAll(second), 'the second one brought what it had', 30_000);
  await second.kill();
  await agent.start();
  await sell(agent, '9');
  await untilAgreed(world, agent);
  expect(await sold('S004')).toBe(9);
  expect(await notices(agent)).toContainEqual(expect.stringMatching(/^new-epoch: .*two computers run this store/));
  await expectProven(agent);
});
