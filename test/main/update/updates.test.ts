// The agent's side without a guard's answer: it leaves other folders' guards alone, and tells what it refuses.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { UPDATE_SETTINGS_SPREAD_MS } from '../../../core/limits/updates.ts';
import type { Release } from '../../../core/update-release.ts';
import { afterClockStep, afterNewSettings } from '../../../main/update/errands.ts';
import type { UpdateSource } from '../../../main/update/fetch.ts';
import { agentPlaces, guardPlaces } from '../../../main/update/places.ts';
import { startUpdates } from '../../../main/update/updates.ts';
import type { UpdateSettings } from '../../../protocol/settings.ts';
import { serveReleases } from '../../release-server.ts';
import { temporaryFolder } from '../../temporary.ts';
import { until } from '../../wait.ts';
import { installerFile, keyStatement, makeKeys, publishRelease, signedKeys } from './signer.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined } as never;

async function makeStore(guardedFolder: (data: string) => string = (data) => data) {
  const folder = temporaryFolder();
  const [data, releases] = [join(folder, 'data'), join(folder, 'releases')];
  const guard = guardPlaces(join(folder, 'guard'));
  for (const made of [data, releases, guard.folder]) mkdirSync(made);
  const keys = makeKeys();
  writeFileSync(guard.trust, signedKeys(keyStatement(1, keys), keys.root));
  const settings = { data: guardedFolder(data), installer: 'appimage', target: join(folder, 'program') };
  writeFileSync(guard.settings, JSON.stringify(settings));
  const server = await serveReleases(releases);
  onTestFinished(server.close);
  const kept = new Map<string, string>();
  const window: UpdateSettings['window'] = [{ days: ['mon'], from: '00:00', to: '00:01' }];
  const start = async (version: string, more: () => Partial<UpdateSource> = () => ({})) => {
    const updates = await startUpdates({
      ...{ folder: data, guardFolder: guard.folder, version, chance: () => 0, onChange: () => undefined, log: quiet },
      settings: () => ({ address: server.url, channel: 'stable', ring: 0, window, ...more() }),
      clock: { wallMs: Date.now, monotonicMs: () => performance.now() },
      storage: {
        readSetting: async (name) => kept.get(name) ?? null,
        writeSetting: async (name, value) => void kept.set(name, value),
        onCaptured: () => () => undefined,
      },
      isImporting: () => false,
    });
    onTestFinished(updates.close);
    return updates;
  };
  const publish = (version: string, more: Partial<Release> = {}, by = keys.release) =>
    publishRelease(releases, { file: installerFile(folder, 'Tillwire', version), version, keys: by, more });
  return { data, places: agentPlaces(data), server, kept, start, publish };
}

test('a guard of another data folder is not ours: nothing is looked for', async () => {
  const { places, server, start } = await makeStore((data) => `${data}-of-others`);
  const updates = await start('1.0.0');
  expect(updates.notices()).toEqual([]);
  await updates.close();
  expect(existsSync(places.folder)).toBe(false);
  expect(server.asked).toEqual([]);
});

describe('the highest version', () => {
  test('is kept in the database too: a lost file changes nothing', async () => {
    const { kept, start, publish } = await makeStore();
    kept.set('update.highest', '3.0.0');
    publish('2.0.0');
    const updates = await start('1.0.0');
    await until(() =>
      expect(updates.notices().map(({ message }) => message)).toEqual([expect.stringContaining('older')]),
    );
  });

  test('rises with the version that runs', async () => {
    const { kept, start } = await makeStore();
    kept.set('update.highest', '3.0.0');
    await start('4.0.0');
    expect(kept.get('update.highest')).toBe('4.0.0');
  });
});

test('what is refused is told once, as long as it is offered', async () => {
  const { start, publish } = await makeStore();
  publish('2.0.0', {}, makeKeys().release);
  const updates = await start('1.0.0');
  await until(() => expect(updates.notices()).toMatchObject([{ code: 'update-refused' }]));
});

test('nothing is handed over without a way back, and that is told', async () => {
  const { places, start, publish } = await makeStore();
  publish('2.0.0');
  const updates = await start('1.0.0');
  await until(() =>
    expect(updates.notices().map(({ message }) => message)).toEqual([expect.stringContaining('without a way back')]),
  );
  expect(existsSync(places.ask)).toBe(false);
});

test('up to the version that head office names: the one named is fetched, what is newer is left alone', async () => {
  const { server, places, start, publish } = await makeStore();
  publish('2.0.0');
  publish('3.0.0');
  let upTo = '1.5.0';
  await start('1.0.0', () => ({ upTo }));
  await until(() => expect(readFileSync(places.state, 'utf8')).toContain('is not released for this store yet'));
  expect(server.asked.filter((path) => path.includes('/files/3.0.0/'))).toEqual([]);
  upTo = '2.0.0';
  await until(() => expect(JSON.parse(readFileSync(places.state, 'utf8'))).toMatchObject({ offered: '2.0.0' }));
  await until(() => expect(server.asked.join()).toContain('files/1.0.0/'));
  expect(server.asked.filter((path) => path.includes('/files/3.0.0/'))).toEqual([]);
});

test('other settings are looked for soon, the same ones not anew', () => {
  const seen = { lookMs: 10 ** 12, settings: null };
  const parts = { seen, clock: { wallMs: () => 5_000, monotonicMs: () => 0 }, chance: () => 0.5 } as never;
  const settings = { address: 'https://x.example', channel: 'stable', ring: 0, window: [] };
  afterNewSettings(parts, settings);
  afterNewSettings(parts, { ...settings, network: { proxy: 'http://proxy.example' } });
  expect(seen.lookMs).toBe(10 ** 12);
  afterNewSettings(parts, { ...settings, upTo: '2.0.0' });
  expect(seen.lookMs).toBe(5_000 + UPDATE_SETTINGS_SPREAD_MS / 2);
});

test('a clock that is set back does not keep the store from looking', () => {
  const seen = { lookMs: 10 ** 12, retryMs: 10 ** 12 } as Parameters<typeof afterClockStep>[0];
  afterClockStep(seen, 5_000);
  expect(seen).toMatchObject({ lookMs: 5_000, retryMs: 5_000 });
});
