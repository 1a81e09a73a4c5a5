// A shelf is counted while the line is down and head office corrects it: the line returns, and the count stands, in words.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../wait.ts';
import { type Hq, openHq, untilAgreed } from './hq.ts';
import { post } from './post.ts';
import { openWindow, type WindowClient } from './window-client.ts';
import { type AgentHandle, makeWorld, settledAll, type World } from './world.ts';

const SHEET = 'NIGHT001';

let world: World;
let agent: AgentHandle;
let hq: Hq;
beforeAll(async () => {
  world = await makeWorld('embedded');
  agent = await world.agent('S001');
  hq = openHq(world);
});
afterAll(() => world?.stop());

const now = (): string => new Date().toISOString();

async function stocked(): Promise<void> {
  const lines = ['tea', 'rum'].map((sku) => ({ sku, quantity: 20, description: `Good ${sku}` }));
  const day = { businessDate: now().slice(0, 10), occurred: new Date(Date.now() - 600_000).toISOString() };
  const body = { kind: 'goods-received', workstation: 'BACK', document: 'D1', ...day, sentAt: now(), lines };
  await post(agent, 'movements', body, 'D1');
  await eventually(() => settledAll(agent), 'settled');
}

const write = (client: WindowClient, counter: string, sku: string, units: number) =>
  client.count.add({
    ...{ sheet: SHEET, op: randomBytes(6).toString('hex'), counter, sku },
    ...{ quantity: units * 1_000, more: false, sure: false },
  });

test('counted offline, corrected meanwhile by head office: the count stands and the sentences say so', async () => {
  await stocked();
  await world.broker.kill();
  const first = await openWindow(agent);
  await first.client.count.begin({ sheet: SHEET, area: 'Shelf 4', expect: { from: 'books', prefix: '' } });
  expect(await write(first.client, 'Anna', 'tea', 17)).toMatchObject({ result: 'written' });
  await hq.decide('S001', { kind: 'correction', sku: 'tea', delta: '-2' });
  first.close();
  // The power goes while they count.
  await agent.kill();
  await agent.start();
  const { client, close } = await openWindow(agent);
  expect((await client.count.sheets()).open).toMatchObject([{ sheet: SHEET, lines: 1, uncounted: 1 }]);
  expect(await write(client, 'Ben', 'rum', 20)).toMatchObject({ result: 'written', head: { uncounted: 0 } });
  const review = await client.count.review({ sheet: SHEET, part: 0 });
  expect(review?.rows).toMatchObject([
    { sku: 'rum', difference: 0 },
    { sku: 'tea', name: 'Good tea', books: 20_000, difference: -3_000, after: 17_000 },
  ]);
  const through = review?.head.revision ?? 0;
  expect(await client.count.keep({ sheet: SHEET, through })).toMatchObject({ result: 'kept' });
  expect((await client.count.outcomes({ sheet: SHEET, part: 0 }))?.rows[1]?.sentence).toBe(
    'So far: counted: 3 fewer than the books held.',
  );

  await world.broker.start();
  await eventually(async () => (await agent.status()).waiting === 0, 'the count is settled', 30_000);
  await untilAgreed(world, agent);
  expect(await hq.shelf('S001', 'tea')).toMatchObject({ onHand: 17_000 });
  const outcomes = await client.count.outcomes({ sheet: SHEET, part: 0 });
  expect(outcomes).toMatchObject({
    soFar: false,
    rows: [
      // Written within the bound of the start: the delivery before it may be told to be unclear.
      { sku: 'rum', sentence: expect.stringContaining('Counted: exactly what the books held.') },
      { sku: 'tea', counted: 17_000, sentence: 'Counted: 3 fewer than the books held.' },
    ],
  });
  const story = await client.stock.explain({ sku: 'tea' });
  expect(story?.steps.map(({ kind, sentence, onHand }) => [kind, sentence, onHand])).toContainEqual([
    null,
    'Taken back: the shelf was counted by someone who did not know of this correction. The count stands.',
    expect.any(Number),
  ]);
  expect(story).toMatchObject({ onHand: 17_000, soFar: false });
  close();
});
