// A disk put back from an old copy, told by the next sale of a till: nothing is lost or doubled, with and without a line.
import axios from 'axios';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Line, openLine } from '../../main/sample/line.ts';
import { KeptOutput } from '../../protocol/local/transaction.ts';
import { type Hq, openHq, proofs, untilAgreed } from './hq.ts';
import { copyFolder } from './put-back.ts';
import { type AgentHandle, canRun, makeWorld, type World } from './world.ts';

describe.runIf(canRun('real')).each([
  ['central holds what the disk lost, and the line is down', 'sent'],
  ['nobody but the till knows of it, and the line is up', 'unsent'],
] as const)('%s', (_, lost) => {
  let world: World;
  let hq: Hq;
  let line: Line;
  let agent: AgentHandle;
  beforeAll(async () => {
    world = await makeWorld('real');
    hq = openHq(world);
    line = await openLine(world.brokerPort);
    agent = await world.agent('S001', { brokerPort: line.port });
  });
  afterAll(async () => {
    await world?.stop();
    await line?.close();
  });

  let last: string | undefined;
  /** As a till does it: with what it was told last. */
  async function sell(receipt: string): Promise<{ ordinal: number; found: unknown }> {
    const times = { businessDate: '2026-11-20', occurred: '2026-11-20T10:00:00Z' };
    const body = { kind: 'sale', workstation: 'T1', receipt, ...times, lines: [{ sku: 'tea', quantity: 1 }] };
    const echo = last === undefined ? {} : { 'tillwire-last': last };
    const headers = { authorization: `Bearer ${agent.token}`, 'idempotency-key': `sale-${receipt}`, ...echo };
    const answer = await axios.post(`${agent.url}/v1/transactions`, body, { headers, proxy: false });
    last = String(answer.headers['tillwire-kept']);
    return { ordinal: KeptOutput.parse(answer.data).epoch.ordinal, found: answer.headers['tillwire-last-found'] };
  }

  test('the sale is taken under a new epoch, what was lost comes again, and both sides agree', async () => {
    for (const receipt of ['1', '2']) await sell(receipt);
    await untilAgreed(world, agent);
    const copy = await copyFolder(agent);
    await untilAgreed(world, agent);
    if (lost === 'unsent') line.pull();
    for (const receipt of ['3', '4']) expect(await sell(receipt)).toEqual({ ordinal: 1, found: 'yes' });
    if (lost === 'sent') {
      await untilAgreed(world, agent);
      line.pull();
    }
    await copy.put();
    if (lost === 'unsent') line.plug();
    await agent.start();
    if (lost === 'unsent') await untilAgreed(world, agent);

    expect(await sell('5')).toEqual({ ordinal: 2, found: 'no' });
    const [notice] = (await agent.status()).notices;
    expect(notice).toMatchObject({ code: 'new-epoch', message: expect.stringContaining('an old copy of its disk') });
    line.plug();
    for (const receipt of ['3', '4', '6']) expect((await sell(receipt)).found).toBe('yes');
    await untilAgreed(world, agent);
    expect((await hq.shelf('S001', 'tea'))?.onHand).toBe(-6_000);
    const { ok, said } = await proofs(world, [agent]);
    expect(ok, said).toBe(true);
  });
});
