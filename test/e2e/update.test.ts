// Updates with real processes: installed by themselves while tills sell, put back by themselves, never half-way.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../wait.ts';
import { tillwire } from './cli.ts';
import { makeUpdateWorld, startTills, type UpdateWorld } from './update-world.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
let updates: UpdateWorld;

beforeAll(async () => {
  world = await makeWorld('embedded');
  updates = await makeUpdateWorld(world, 'shop');
});
afterAll(async () => {
  await updates?.stop();
  await world?.stop();
});

test('a healthy version comes by itself, one that crashes goes by itself, and no sale is lost or counted twice', async () => {
  const tills = startTills(updates);
  updates.publish('2.0.0');
  expect(await updates.check()).toContain('waits until no till is selling');
  await updates.running('2.0.0');
  expect(updates.law()).toMatchObject({ running: '2.0.0', last: { outcome: 'well', version: '2.0.0' } });

  updates.publish('3.0.0', 'crashes');
  await updates.check();
  await eventually(() => updates.law()?.last?.outcome === 'put-back', 'version 3 is put back');
  await updates.running('2.0.0');
  expect(updates.law()).toMatchObject({ running: '2.0.0', bad: ['3.0.0'], highest: '3.0.0' });

  // It is still offered, and it is not taken again.
  expect(await updates.check()).toContain('was put back');
  await sleep(4_000);
  expect(updates.installed()).toBe('2.0.0');
  expect((await updates.snapshot()).notices.map(({ code }) => code)).toContain('update-put-back');

  updates.publish('4.0.0');
  await updates.check();
  await updates.running('4.0.0');

  const sold = await tills.close();
  expect((await updates.snapshot()).captured).toBe(sold);
  await eventually(async () => (await updates.snapshot()).waiting === 0, 'everything is settled');
  const proof = await tillwire('verify', '--central', world.centralUrl, '--data', updates.data);
  expect(proof).toMatchObject({ code: 0 });
});
