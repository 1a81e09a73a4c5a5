// A store returns with a long backlog: head office sees what it holds before the backlog is posted.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../wait.ts';
import { tillwire } from './cli.ts';
import { csv, writeMapping } from './corner-shop.ts';
import { type Hq, openHq, proofs, untilAgreed } from './hq.ts';
import { canRun, makeWorld, type World } from './world.ts';

const RECEIPTS = 20_000;
const PRODUCTS = 50;

let world: World;
let hq: Hq;
const data = (): string => join(world.folder, 'S001');
beforeAll(async () => {
  world = await makeWorld(canRun('real') ? 'real' : 'embedded');
  hq = openHq(world);
  const rows = Array.from({ length: RECEIPTS }, (_, n) => `${n + 1},P${n % PRODUCTS},1,2026-11-20 10:00`);
  const file = join(world.folder, 'backlog.csv');
  writeFileSync(file, csv(...rows));
  const mapping = writeMapping(world.folder, 'mapping.json');
  const said = await tillwire('import', '--store', 'S001', '--data', data(), '--mapping', mapping, file);
  expect(said.code, said.err).toBe(0);
});
afterAll(() => world?.stop());

test('provisional figures are ahead of the backlog, and gone behind it', async () => {
  const agent = await world.agent('S001');
  const settledWhenSeen: number[] = [];
  let said: { onHand: number } | null = null;
  await eventually(
    async () => {
      const shelf = await hq.shelf('S001', 'P7');
      if (shelf?.provisional == null) return false;
      settledWhenSeen.push((await agent.status()).settled);
      said ??= shelf.provisional;
      return true;
    },
    'provisional stock is shown',
    60_000,
  );
  expect(settledWhenSeen[0]).toBeLessThan(RECEIPTS / 2);
  expect(said).toMatchObject({ onHand: (-1_000 * RECEIPTS) / PRODUCTS, reserved: 0 });

  await eventually(async () => (await agent.status()).waiting === 0, 'the backlog is posted');
  await untilAgreed(world, agent);
  const stock = await hq.stock();
  expect(stock).toHaveLength(PRODUCTS);
  for (const shelf of stock) {
    expect(shelf).toMatchObject({ onHand: (-1_000 * RECEIPTS) / PRODUCTS, provisional: null });
  }
  const proof = await proofs(world, [agent]);
  expect(proof.ok, proof.said).toBe(true);
});
