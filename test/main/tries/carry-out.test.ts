// A command to try a configuration: fetched, tried, told; declined where there is no safe way, tried again where central is silent.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CentralSilent, type DeviceClient } from '../../../main/device-client.ts';
import { makeTryCommand } from '../../../main/tries/carry-out.ts';
import { TryResult } from '../../../protocol/device/tries.ts';
import type { Order } from '../../../protocol/wire/order-frames.ts';
import { NOON_MS, openTest, sale } from '../../storage/shop.ts';
import { temporaryFolder } from '../../temporary.ts';

const ID = `t${'1'.repeat(24)}`;
const order = (args: Order['args']): Order => ({
  ...{ id: `c${'0'.repeat(24)}`, kind: 'try', args, by: 'Ada', issued: 1, expires: 2 },
});
const document = JSON.stringify({ v: 1, revision: 9, store: '*', configuration: { sync: { batchEntries: 1 } } });

function rig(silent = 0) {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'drop', 'till'), { recursive: true });
  writeFileSync(join(folder, 'drop', 'till', 'mapping.json'), '{}');
  openTest(folder).appendGroup([sale(1)]);
  const asked: string[] = [];
  const results: TryResult[] = [];
  let left = silent;
  const answer = async (what: string, value: unknown): Promise<never> => {
    asked.push(what);
    if (left-- > 0) throw new CentralSilent('Nobody there.');
    return value as never;
  };
  const client: DeviceClient = {
    get: (path) => answer(`GET ${path}`, { id: ID, days: 7, document }),
    post(path, body) {
      results.push(TryResult.parse((body as { result: unknown }).result));
      return answer(`POST ${path}`, { message: 'Thank you.' });
    },
    put: () => answer('PUT', null),
    download: () => answer('DOWNLOAD', null),
  };
  const command = (own: DeviceClient | null = client) =>
    makeTryCommand({
      ...{ folder, store: 'S001', client: () => own, configuration: { now: () => ({}), revision: () => 8 } },
      ...{ wallMs: () => NOON_MS + 60_000, monotonicMs: () => 0, waitMs: 1 },
    });
  return { asked, results, command };
}

test('it is fetched, tried against what is in force, and told', async () => {
  const { asked, results, command } = rig();
  const said: string[] = [];
  const ended = await command()(order({ try: ID }), (message) => said.push(message));
  expect(ended).toEqual({ state: 'done', message: expect.stringContaining('No document of a file') });
  expect(asked).toEqual([`GET /v1/device/tries/${ID}`, `POST /v1/device/tries/${ID}`]);
  expect(results).toMatchObject([
    { applied: 8, feeds: [{ name: 'till', state: 'no-reading' }], traffic: { after: { entriesPerBatch: 1 } } },
  ]);
  expect(said).toEqual(['The entries of these days are counted.']);
});

test('a trial computer declines it, and one that names nothing is declined too', async () => {
  const { command, asked } = rig();
  expect(await command(null)(order({ try: ID }), () => {})).toMatchObject({
    ...{ state: 'declined', message: expect.stringContaining('never enrolled') },
  });
  expect(await command()(order({ try: 'all' }), () => {})).toMatchObject({ state: 'declined' });
  expect(asked).toEqual([]);
});

test('a central that is silent for a moment is asked again; for good, it fails', async () => {
  const patient = rig(2);
  expect(await patient.command()(order({ try: ID }), () => {})).toMatchObject({ state: 'done' });
  expect(patient.asked).toHaveLength(4);
  const { command, asked } = rig(99);
  await expect(command()(order({ try: ID }), () => {})).rejects.toBeInstanceOf(CentralSilent);
  expect(asked).toHaveLength(3);
});
