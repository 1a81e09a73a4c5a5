// Head office orders a transfer; the sending store sends it in its window, the other receives 9 of 10; central sees what lacks.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GoodsKind } from '../../core/goods.ts';
import { eventually } from '../wait.ts';
import { openHq } from './hq.ts';
import { post } from './post.ts';
import { openWindow, type WindowClient } from './window-client.ts';
import { type AgentHandle, makeWorld, settledAll, type World } from './world.ts';

let world: World;
let sender: AgentHandle;
let receiver: AgentHandle;
beforeAll(async () => {
  world = await makeWorld('embedded');
  sender = await world.agent('S001');
  receiver = await world.agent('S002');
});
afterAll(() => world?.stop());

const day = { businessDate: '2026-11-21', occurred: '2026-11-21T10:00:00Z' };

async function stocked(agent: AgentHandle, units: number): Promise<void> {
  const lines = [{ sku: 'tea', quantity: units, description: 'Green tea' }];
  const movement = { kind: 'goods-received', workstation: 'BACK', document: 'D1', ...day, lines };
  await post(agent, 'movements', movement, 'D1');
  await eventually(() => settledAll(agent), 'settled');
}

async function move(client: WindowClient, kind: GoodsKind, quantity: string) {
  await eventually(async () => (await client.goods.list()).transfers.length === 1, 'the order is here');
  const draft = await client.goods.begin({ kind, transfer: 'MOVE-1' });
  if (draft === null) throw new Error('nothing was begun');
  const lines = draft.content.lines.map((line) => ({ ...line, quantity }));
  await client.goods.save({ id: draft.id, version: draft.version, content: { ...draft.content, lines } });
  return { draft, answer: await client.goods.keep({ id: draft.id, another: false }) };
}

test('ordered, sent, received but one: each store sees its part, head office the residue; a restart changes nothing', async () => {
  const hq = openHq(world);
  await stocked(sender, 20);
  await stocked(receiver, 1);
  const lines = [{ sku: 'tea', quantity: '10' }];
  await hq.decide('S001', { kind: 'transfer-ordered', transfer: 'MOVE-1', from: 'S001', to: 'S002', lines });

  const sending = await openWindow(sender);
  const sent = await move(sending.client, 'transfer-sent', '10');
  expect(sent.answer).toMatchObject({ result: 'kept', number: sent.draft.number, was: false });
  expect((await sending.client.goods.list()).transfers).toMatchObject([{ way: 'out', other: 'S002', state: 'done' }]);
  sending.close();

  const receiving = await openWindow(receiver);
  await eventually(async () => (await receiving.client.goods.list()).transfers.length === 1, 'the order is here');
  expect((await receiving.client.stock.shelf({ sku: 'tea' }))?.row).toMatchObject({ onHand: 1_000, coming: 10_000 });
  // The line is gone while the van is unloaded.
  await world.broker.kill();
  const received = await move(receiving.client, 'transfer-received', '9');
  expect(received.answer).toMatchObject({ result: 'kept', number: received.draft.number });
  const [partly] = (await receiving.client.goods.list()).transfers;
  expect(partly).toMatchObject({
    way: 'in',
    other: 'S001',
    state: 'partly',
    lines: [{ ordered: 10_000, moved: 9_000 }],
  });
  expect((await receiving.client.stock.shelf({ sku: 'tea' }))?.row).toMatchObject({
    onHand: 10_000,
    coming: 1_000,
    soFar: true,
  });
  receiving.close();
  await receiver.kill();
  await receiver.start();
  const again = await openWindow(receiver);
  expect(await again.client.goods.keep({ id: received.draft.id, another: false })).toMatchObject({
    result: 'kept',
    number: received.draft.number,
    was: true,
  });
  await world.broker.start();

  await eventually(() => settledAll(receiver), 'it settled when the line was back', 30_000);
  await eventually(
    async () => (await again.client.stock.shelf({ sku: 'tea' }))?.row.soFar === false,
    'it is confirmed',
    30_000,
  );
  expect((await again.client.stock.shelf({ sku: 'tea' }))?.confirmed).toMatchObject({ onHand: 10_000 });
  again.close();
  const [transfer] = await hq.transfers();
  expect(transfer).toMatchObject({ transfer: 'MOVE-1', from: 'S001', to: 'S002' });
  expect(JSON.stringify(transfer)).toContain('have not arrived: 10 were sent, 9 received');
  expect((await hq.shelf('S001', 'tea'))?.onHand).toBe(10_000);
  expect((await hq.shelf('S002', 'tea'))?.onHand).toBe(10_000);
});
