// A store that is updated, with real processes: a server of releases, the guard that runs the program, tills that post.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';
import type { Release } from '../../core/update-release.ts';
import { findAgent } from '../../main/agent-client.ts';
import { readIdentity } from '../../main/data-folder.ts';
import { readAs } from '../../main/update/files.ts';
import { agentPlaces, guardPlaces } from '../../main/update/places.ts';
import { Snapshot } from '../../protocol/local/window.ts';
import { GuardFile, type GuardSettings, UpdateFile } from '../../protocol/update.ts';
import { SCHEMA_VERSION } from '../../storage/migrate.ts';
import { type Keys, keyStatement, makeKeys, publishRelease, signedKeys } from '../main/update/signer.ts';
import { freePort } from '../net.ts';
import { type ReleaseServer, serveReleases } from '../release-server.ts';
import { eventually } from '../wait.ts';
import { tillwire } from './cli.ts';
import type { World } from './world.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const GUARD = join(ROOT, 'main/update/guard/guard.ts');
const STORE = 'S001';
/** So that a test takes seconds: a store waits minutes. */
const PACE = { wellMs: 1_500, trialMs: 60_000, startsMax: 3, quietMs: 1_200, windowLeftMs: 0 };
const ALWAYS = [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '00:00' }];

/** How a made-up version behaves: as this program does, or it ends at once, or after it changed the journal. */
export type Nature = 'healthy' | 'crashes' | 'migrates-and-crashes';

export type UpdateWorld = {
  data: string;
  guardFolder: string;
  releases: string;
  server: ReleaseServer;
  keys: Keys;
  /** The guard and everything below it. */
  start(): Promise<void>;
  /** kill -9 of the guard and of the agent that it runs, as when the power goes. */
  kill(): Promise<void>;
  publish(version: string, nature?: Nature, more?: Partial<Release>, signers?: readonly string[]): Release;
  settings(more?: object): void;
  check(): Promise<string>;
  law(): GuardFile['law'] | null;
  state(): UpdateFile | null;
  snapshot(): Promise<Snapshot>;
  /** What the installed file says that it is. */
  installed(): string;
  running(version: string): Promise<void>;
  url(): Promise<string | null>;
  stop(): Promise<void>;
};

export async function makeUpdateWorld(world: World, name: string): Promise<UpdateWorld> {
  const folder = join(world.folder, name);
  const data = join(folder, 'data');
  const releases = join(folder, 'releases');
  const guardFolder = join(folder, 'guard');
  const target = join(folder, 'Tillwire.AppImage');
  for (const made of [releases, guardFolder, join(folder, 'built')]) mkdirSync(made, { recursive: true });
  const server = await serveReleases(releases);
  const keys = makeKeys();
  const port = await freePort();
  const guard = guardPlaces(guardFolder);
  const places = agentPlaces(data);
  process.env['TILLWIRE_UPDATE_FOLDER'] = guardFolder;
  writeFileSync(guard.trust, signedKeys(keyStatement(1, keys), keys.root));
  const settings: GuardSettings = { data, installer: 'appimage', target, pace: PACE };
  writeFileSync(guard.settings, JSON.stringify(settings));
  let child: ChildProcess | null = null;

  const start = ['agent', '--store', STORE, '--data', data, '--broker', `mqtt://127.0.0.1:${world.brokerPort}`];
  const command = [
    process.execPath,
    '--import',
    join(import.meta.dirname, 'as-version.ts'),
    join(ROOT, 'main/tillwire.ts'),
  ];
  const run = [...command, ...start, '--port', String(port)].map((part) => `"${part}"`).join(' ');

  /** A file that can be run, as an AppImage is: this very program under another version, or one that fails. */
  function build(version: string, nature: Nature): string {
    const file = join(folder, 'built', `Tillwire-${version}.AppImage`);
    const migrate = `"${process.execPath}" -e "new (require('node:sqlite').DatabaseSync)('${data}/journal.db').exec('PRAGMA user_version = 99')"`;
    const lines: Record<Nature, string> = {
      healthy: `TILLWIRE_AS=${version} exec ${run}`,
      crashes: 'exit 3',
      'migrates-and-crashes': `${migrate}; exit 3`,
    };
    // Padded, so that a download takes several pieces.
    writeFileSync(file, `#!/bin/sh\n# Tillwire ${version}\n${lines[nature]}\n${'#'.repeat(200_000)}\n`, {
      mode: 0o755,
    });
    return file;
  }

  const updates: UpdateWorld = {
    ...{ data, guardFolder, releases, server, keys },
    async start() {
      const args = [GUARD, 'run', '--folder', guardFolder, '--installed', updates.installed(), '--', target];
      child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
      child.stderr?.on('data', (chunk) => process.env['TILLWIRE_LOG'] && process.stderr.write(chunk));
    },
    async kill() {
      const victim = child;
      child = null;
      if (victim?.pid === undefined || victim.exitCode !== null) return;
      const gone = new Promise((done) => victim.once('exit', done));
      // Its group: nothing of it goes on.
      process.kill(-victim.pid, 'SIGKILL');
      await gone;
    },
    publish(version, nature = 'healthy', more = {}, signers = keys.release) {
      const file = build(version, nature);
      const about = { journal: SCHEMA_VERSION, ...more };
      return publishRelease(releases, { file, version, keys: signers, more: about }).release;
    },
    settings(more = {}) {
      const said = { updates: { address: server.url, window: ALWAYS, ...more } };
      writeFileSync(join(data, 'settings.json'), JSON.stringify(said));
    },
    async check() {
      const { out, err } = await tillwire('update', 'check', '--data', data);
      return out + err;
    },
    law: () => readAs(guard.state, GuardFile)?.law ?? null,
    state: () => readAs(places.state, UpdateFile),
    async snapshot() {
      const url = await updates.url();
      const headers = { authorization: `Bearer ${readIdentity(data)?.token}` };
      return Snapshot.parse((await axios.get<unknown>(`${url}/v1/status`, { headers, proxy: false })).data);
    },
    installed: () => /^# Tillwire (\S+)$/m.exec(readFileSync(target, 'utf8'))?.[1] ?? 'none',
    url: async () => (await findAgent(data))?.url ?? null,
    running: (version) =>
      eventually(
        async () => updates.law()?.job === null && updates.installed() === version && (await updates.url()) !== null,
        `version ${version} runs and the guard rests: ${JSON.stringify(updates.law()?.job)}`,
      ),
    async stop() {
      await updates.kill();
      await server.close();
    },
  };
  updates.publish('1.0.0');
  writeFileSync(target, readFileSync(join(folder, 'built', 'Tillwire-1.0.0.AppImage')), { mode: 0o755 });
  await updates.start();
  await eventually(async () => (await updates.url()) !== null, 'the first version runs', 60_000);
  updates.settings();
  return updates;
}

/** Tills that sell in bursts with quiet in between, and send again under the same key until they hear an answer. */
export function startTills(updates: UpdateWorld, workstation: string) {
  let isOpen = true;
  let sold = 0;
  const working = (async () => {
    while (isOpen) {
      for (let i = 0; i < 3; i++) await sell(updates, workstation, ++sold);
      await sleep(1_000 + (sold % 4) * 1_000);
    }
  })();
  return {
    async close(): Promise<number> {
      isOpen = false;
      await working;
      return sold;
    },
  };
}

async function sell(updates: UpdateWorld, workstation: string, number: number): Promise<void> {
  const sale = {
    ...{ kind: 'sale', workstation, receipt: String(number), businessDate: '2026-11-21', currency: 'EUR' },
    occurred: '2026-11-21T10:15:00+01:00',
    lines: [{ sku: 'MUG', quantity: 1, unitPrice: '2.50', amount: '2.50' }],
    total: '2.50',
  };
  for (let tries = 0; tries < 600; tries++) {
    const url = await updates.url().catch(() => null);
    const headers = {
      authorization: `Bearer ${readIdentity(updates.data)?.token}`,
      'idempotency-key': `${workstation}-${number}`,
    };
    const answer =
      url === null
        ? null
        : await axios.post(`${url}/v1/transactions`, sale, { headers, proxy: false, timeout: 5_000 }).catch(() => null);
    if (answer?.status === 201 || answer?.status === 200) return;
    await sleep(200);
  }
  throw new Error(`sale ${number} of ${workstation} was never captured`);
}
