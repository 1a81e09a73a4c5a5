// Central's database put back from an older dump: stores hand back what it lost, and nothing is doubled.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Line, openLine } from '../../main/sample/line.ts';
import { type Hq, openHq, proofs, untilAgreed } from './hq.ts';
import { post } from './post.ts';
import { copyDatabase } from './put-back.ts';
import { type AgentHandle, canRun, makeWorld, type World } from './world.ts';

/** Stores on lines that can be pulled, and head office. */
function setUp(stores: string[]) {
  const agents: AgentHandle[] = [];
  const lines: Line[] = [];
  const parts = {} as { world: World; hq: Hq };
  beforeAll(async () => {
    parts.world = await makeWorld('real');
    parts.hq = openHq(parts.world);
    for (const store of stores) {
      const line = await openLine(parts.world.brokerPort);
      lines.push(line);
      agents.push(await parts.world.agent(store, { brokerPort: line.port }));
    }
  });
  afterAll(async () => {
    await parts.world?.stop();
    for (const line of lines) await line.close();
  });
  const correct = (store: string, delta: number) => parts.hq.decide(store, { kind: 'correction', sku: 'tea', delta });
  const onHand = async (store: string): Promise<number> => ((await parts.hq.shelf(store, 'tea'))?.onHand ?? 0) / 1_000;
  return { parts, agents, lines, correct, onHand };
}

/** One piece of tea on each receipt. */
async function sell(agent: AgentHandle, ...receipts: string[]): Promise<void> {
  for (const receipt of receipts) {
    const times = { businessDate: '2026-11-20', occurred: '2026-11-20T10:00:00Z', sentAt: new Date().toISOString() };
    const sold = [{ sku: 'tea', quantity: 1 }];
    const body = { kind: 'sale', workstation: 'T1', receipt, ...times, lines: sold };
    await post(agent, 'transactions', body, `sale-${receipt}`);
  }
}

describe.runIf(canRun('real')).each([
  ['told so', ['--restored']],
  ['not told', []],
])('a central that was put back, %s', (_, options) => {
  const { parts, agents, lines, correct, onHand } = setUp(['S001', 'S002']);

  test('both stores hand back what they hold; what no store ever heard is gone', async () => {
    const { world } = parts;
    const [first, second] = agents;
    const [, secondLine] = lines;
    if (first === undefined || second === undefined || secondLine === undefined) throw new Error('two stores');
    for (const agent of agents) await sell(agent, '1', '2');
    for (const agent of agents) await untilAgreed(world, agent);
    await correct('S001', 100);
    await correct('S002', 100);
    for (const agent of agents) await untilAgreed(world, agent);
    const dump = await copyDatabase(world);
    for (const agent of agents) await untilAgreed(world, agent);

    await sell(first, '3', '4');
    await sell(second, '3');
    await correct('S001', 10);
    await correct('S002', 10);
    for (const agent of agents) await untilAgreed(world, agent);
    await sell(first, '5');
    await untilAgreed(world, first);
    // Its second decision never reaches a store: nobody but the lost database knew of it.
    secondLine.pull();
    await correct('S002', 1_000);
    await sell(second, '4');

    await dump.put(...options);
    await sell(first, '6');
    if (options.length > 0) {
      await expect(correct('S002', 5)).rejects.toThrow('Store S002 has not reported since central was restored');
    }
    await untilAgreed(world, first);
    secondLine.plug();
    await untilAgreed(world, second);
    expect(await onHand('S001')).toBe(110 - 6);
    expect(await onHand('S002')).toBe(110 - 4);
    await correct('S002', 5);
    await sell(second, '5');
    for (const agent of agents) await untilAgreed(world, agent);
    expect(await onHand('S002')).toBe(115 - 5);
    for (const agent of agents) {
      const [notice] = (await agent.status()).notices;
      expect(notice).toMatchObject({
        code: 'central-renewed',
        message: expect.stringMatching(/^Head office was put back from an older copy/),
      });
    }
    const { ok, said } = await proofs(world, agents);
    expect(ok, said).toBe(true);
  });
});

describe.runIf(canRun('real'))('a central that was put back and decided before a store had reported', () => {
  const { parts, agents, lines, correct, onHand } = setUp(['S001']);

  test('its present word counts, every sale stays, and the store names what was decided and is gone', async () => {
    const { world } = parts;
    const [agent] = agents;
    const [line] = lines;
    if (agent === undefined || line === undefined) throw new Error('one store');
    await sell(agent, '1', '2');
    await untilAgreed(world, agent);
    await correct('S001', 100);
    await untilAgreed(world, agent);
    const dump = await copyDatabase(world);
    await untilAgreed(world, agent);
    await sell(agent, '3');
    await correct('S001', 10);
    await untilAgreed(world, agent);
    line.pull();
    await sell(agent, '4');
    await dump.put();
    // Under the number that the lost decision had.
    await correct('S001', 3);
    line.plug();
    await untilAgreed(world, agent);
    expect(await onHand('S001')).toBe(103 - 4);
    const { notices } = await agent.status();
    const lost = notices.find(({ code }) => code === 'decisions-lost');
    expect(lost?.message).toContain('lost decisions that had reached this PC: stock of tea corrected by 10.');
    await correct('S001', 10);
    await sell(agent, '5');
    await untilAgreed(world, agent);
    expect(await onHand('S001')).toBe(113 - 5);
    const { ok, said } = await proofs(world, agents);
    expect(ok, said).toBe(true);
  });
});
