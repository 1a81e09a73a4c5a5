// The list of the chain's stores: asked of head office, kept for a PC without a line, and nothing else is believed.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { CentralSilent, type DeviceClient } from '../../main/device-client.ts';
import { watchStores } from '../../main/stores.ts';
import { temporaryFolder } from '../temporary.ts';
import { eventually } from '../wait.ts';

const log = { info: () => {}, warn: () => {}, error: () => {}, fatal: () => {} };
const STORES = [
  { store: 'S001', name: 'Station' },
  { store: 'S002', name: 'S002' },
];

function open(folder: string, answer: unknown) {
  let asked = 0;
  const get = (async (_path, _query, schema) => {
    asked++;
    if (answer === null) throw new CentralSilent('the line is gone');
    return schema.parse(answer);
  }) as DeviceClient['get'];
  const stores = watchStores({ folder, client: () => ({ get }), chance: () => 0, log });
  onTestFinished(stores.close);
  return { stores, asked: () => asked };
}

test('asked of head office, and there after a restart without a line', async () => {
  const folder = temporaryFolder();
  const first = open(folder, STORES);
  await eventually(() => first.stores.now().length === 2, 'it has them');
  await first.stores.close();
  const { stores, asked } = open(folder, null);
  expect(stores.now()).toEqual(STORES);
  await eventually(() => asked() === 1, 'it has asked');
  await stores.close();
  expect(stores.now()).toEqual(STORES);
});

test('a file that is none, and an answer that is none, count as nothing', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'stores.json'), '{"store":');
  const { stores } = open(folder, [{ store: 1 }]);
  expect(stores.now()).toEqual([]);
  await stores.close();
  expect(stores.now()).toEqual([]);
});
