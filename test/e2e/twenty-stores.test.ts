// Twenty stores from nothing, as one roll-out: Mosquitto with dynamic security and TLS, PostgreSQL, a catalogue of 20,000
// products; configuration in rings, of which one breaks capture; one PC replaced, one identity copied, one device revoked
// while it is on the line.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { centralClient } from '../../main/central-client.ts';
import { readIdentity } from '../../main/data-folder.ts';
import { readKept } from '../../main/enrol/kept.ts';
import { type Program, startProgram } from '../../main/programs.ts';
import { DeviceRow } from '../../protocol/hq/devices.ts';
import { Fleet } from '../../protocol/hq/fleet.ts';
import type { Snapshot } from '../../protocol/local/window.ts';
import { canBeSecure, makeSecureMosquitto, type SecureMosquitto } from '../mosquitto.ts';
import { needPostgres } from '../needs.ts';
import { freePort } from '../net.ts';
import { type Postgres, startPostgres } from '../postgres.ts';
import { eventually } from '../wait.ts';
import { tillwire } from './cli.ts';
import { post } from './post.ts';
import { openRings, PILOT, REST, RIGHT, WRONG } from './rollout-in-rings.ts';
import { statusOf } from './world.ts';

const STORES = Array.from({ length: 20 }, (_, index) => `S${String(index + 1).padStart(3, '0')}`);
const PRODUCTS = 20_000;
/** Computers that are being set up at the same time. */
const AT_ONCE = 2;

const isTurnedAway = ({ line, notices }: Snapshot): boolean =>
  line !== 'online' && notices.some(({ code }) => code === 'access-taken-back');

type Computer = Program & { folder: string; url: string; token: string };

const canRun = canBeSecure() && needPostgres() !== null;

describe.runIf(canRun)('a roll-out', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-twenty-'));
  const computers = new Map<string, Computer>();
  let postgres: Postgres;
  let broker: SecureMosquitto;
  let central: Program;

  const computer = (store: string): Computer => {
    const found = computers.get(store);
    if (found === undefined) throw new Error(`${store} does not run`);
    return found;
  };
  const ask = async (...args: string[]): Promise<string> => {
    const said = await tillwire(...args, '--central', central.ready.url);
    if (said.code !== 0) throw new Error(`tillwire ${args.join(' ')}: ${said.out} ${said.err}`);
    return said.out;
  };
  const fleet = async (): Promise<Fleet> => Fleet.parse(JSON.parse(await ask('fleet', '--json')));
  const devices = async (store: string): Promise<DeviceRow[]> =>
    DeviceRow.array().parse(JSON.parse(await ask('enrol', 'list', '--store', store, '--json')));

  async function run(name: string, ...more: string[]): Promise<Computer> {
    const data = join(folder, name);
    const program = await startProgram(['agent', '--data', data, ...more], () => {});
    return { ...program, folder: data, url: program.ready.url, token: readIdentity(data)?.token ?? '' };
  }

  /** What somebody does for one PC: a token, and the agent started with it. */
  async function setUp(store: string, name: string, ...wish: string[]): Promise<Computer> {
    const token = (await ask('enrol', 'token', '--store', store, ...wish)).trim();
    const address = String(central.ready['https']);
    return run(name, '--enrol', token, '--central', address, '--authority', broker.prepared.authority);
  }

  const status = (store: string): Promise<Snapshot> => statusOf(computer(store));
  async function sell(store: string, receipt: number): Promise<void> {
    const sale = {
      ...{ kind: 'sale', workstation: 'T1', receipt: String(receipt), businessDate: '2026-11-21' },
      ...{ occurred: '2026-11-21T10:00:00Z', lines: [{ sku: 'P00001', quantity: 1 }] },
    };
    expect((await post(computer(store), 'transactions', sale, `${store}-${receipt}`)).status).toBe(201);
  }
  const settled = async (stores: string[]): Promise<void> => {
    for (const store of stores)
      await eventually(async () => (await status(store)).waiting === 0, `all of ${store} is settled`);
  };

  beforeAll(async () => {
    // A minute of a trial takes a tenth of one.
    vi.stubEnv('TILLWIRE_TRIAL_MINUTE_MS', '6000');
    postgres = await startPostgres();
    broker = await makeSecureMosquitto(join(folder, 'hq'), await freePort());
    await broker.start();
    const { prepared } = broker;
    central = await startProgram(
      [
        ...['central', '--database', postgres.url, '--data', prepared.central, '--enrolment', 'required'],
        ...['--broker', broker.url, '--broker-login', prepared.brokerLogin, '--broker-authority', prepared.authority],
        ...['--broker-access', 'dynsec', '--https', '127.0.0.1:0', '--https-authority', prepared.authority],
        ...['--https-cert', prepared.https.certificate, '--https-key', prepared.https.key],
      ],
      () => {},
    );
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await Promise.all([...computers.values()].map((each) => each.stop()));
    await central?.stop();
    await broker?.kill();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a catalogue of 20,000 products is brought in', async () => {
    const file = join(folder, 'products.csv');
    const lines = Array.from({ length: PRODUCTS }, (_, index) => {
      const number = String(index + 1).padStart(5, '0');
      return `P${number},Product number ${number},9.99`;
    });
    writeFileSync(file, `${['sku,description,price/EUR', ...lines].join('\n')}\n`);
    await ask('catalogue', 'import', file, '--yes');
  });

  test('twenty PCs become devices of their stores', async () => {
    const waiting = [...STORES];
    const tookMs: number[] = [];
    const work = async (): Promise<void> => {
      for (let store = waiting.shift(); store !== undefined; store = waiting.shift()) {
        const began = performance.now();
        computers.set(store, await setUp(store, store));
        const now = store;
        await eventually(async () => (await status(now)).line === 'online', `${store} is in touch`);
        tookMs.push(performance.now() - began);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    console.info(`a store from nothing to in touch: ${Math.round(Math.max(...tookMs) / 1_000)} s at most`);
    for (const store of STORES) await sell(store, 1);
    await settled(STORES);
    const { rows } = await fleet();
    expect(rows.map(({ store }) => store).sort()).toEqual(STORES);
    expect(new Set(rows.map(({ device }) => device)).size).toBe(STORES.length);
  });

  test('the catalogue reaches all of them', async () => {
    for (const store of STORES) {
      const has = async (): Promise<boolean> => (await status(store)).catalogue?.products === PRODUCTS;
      await eventually(has, `${store} has the catalogue`);
    }
  });

  describe('configuration in rings', () => {
    const PILOTS = STORES.slice(3, 8);
    const AWAY = STORES.at(-1) ?? '';
    const THERE = STORES.slice(0, -1);
    const [pilot = '', other = ''] = PILOTS;
    const offLine = async (...args: string[]): Promise<string> => {
      const said = await tillwire(...args);
      if (said.code !== 0) throw new Error(`tillwire ${args.join(' ')}: ${said.out} ${said.err}`);
      return said.out;
    };
    const rings = openRings(
      { folder, ask, offLine, dataOf: (store) => join(folder, store), central: () => centralClient(central.ready.url) },
      STORES,
      PILOTS,
    );

    test('a good revision reaches ring after ring; one store is offline throughout', async () => {
      await computer(AWAY).stop();
      await rings.trust();
      await rings.publish(1, RIGHT, 1);
      const { rollout } = await rings.reaches(1, 'done');
      expect(rollout.rings.map(({ name, stores }) => [name, stores])).toEqual([
        [PILOT, PILOTS.length],
        [REST, STORES.length - PILOTS.length],
      ]);
      for (const store of THERE) await rings.isApplied(store, 1);
      const numbers = rings.dropReceipts(pilot, 21);
      expect(await rings.captured(pilot, numbers.slice(0, 2))).toEqual(new Set([1]));
    });

    test('one that breaks capture is stopped in ring one, rolled back wherever it was, and never reaches ring two', async () => {
      await rings.publish(2, WRONG, 100);
      for (const store of PILOTS) await rings.isApplied(store, 2);
      const written = [pilot, other].map((store) => [store, rings.dropReceipts(store, 22)] as const);
      const { rollout, failed } = await rings.reaches(2, 'stopped');
      expect(failed.map(({ store }) => store)).toEqual(expect.arrayContaining([expect.stringMatching(/^S00[45]$/)]));
      const [, rest] = rollout.rings;
      expect(rest?.openedMs).toBeNull();
      expect(rest?.tally.later).toBe(rest?.stores);
      for (const store of THERE) await rings.isApplied(store, 1);
      for (const store of THERE.filter((each) => !PILOTS.includes(each))) {
        expect((await rings.standing(store))?.desired).toBe(1);
      }
      // What it set aside comes in by itself under the one before, each receipt once.
      for (const [store, numbers] of written) {
        expect(await rings.captured(store, numbers.slice(0, 2))).toEqual(new Set([1]));
        await eventually(async () => (await status(store)).setAside === 0, `nothing of ${store} is set aside`);
      }
    });

    test('the store that was away takes the newest good one only', async () => {
      await rings.publish(3, RIGHT, 1);
      await rings.reaches(3, 'done');
      computers.set(AWAY, await run(AWAY));
      await rings.isApplied(AWAY, 3);
      const state = JSON.parse(readFileSync(join(computer(AWAY).folder, 'configuration', 'state.json'), 'utf8'));
      expect(state).toMatchObject({ inForce: { revision: 3 }, before: null, putBack: [] });
      for (const store of STORES) await rings.isApplied(store, 3);
    });
  });

  test('a PC that broke is replaced: the store goes on, the old one is not heard any more', async () => {
    const [store = ''] = STORES;
    const old = computer(store);
    old.child.kill('SIGKILL');
    await old.ended;
    computers.set(store, await setUp(store, `${store}-new`, '--replace'));
    await sell(store, 2);
    await settled([store]);
    expect((await devices(store)).map(({ state }) => state).sort()).toEqual(['active', 'replaced']);
    const back = await run(store);
    try {
      await eventually(async () => isTurnedAway(await statusOf(back)), 'the old PC is turned away');
      expect((await status(store)).line).toBe('online');
    } finally {
      await back.stop();
    }
  });

  test('a copied identity is fenced: one of the two speaks', async () => {
    const [, store = ''] = STORES;
    const { folder: own } = computer(store);
    await computer(store).stop();
    cpSync(own, `${own}-copy`, { recursive: true });
    computers.set(store, await run(store));
    const copy = await run(`${store}-copy`);
    try {
      const lines = async (): Promise<string[]> => [(await status(store)).line, (await statusOf(copy)).line];
      await eventually(async () => (await lines()).sort().join() === 'held,online', 'one of them speaks');
    } finally {
      await copy.stop();
    }
  });

  test('a device that is revoked while it is on the line is cut off, and its tills sell on', async () => {
    const [, , store = '', other = ''] = STORES;
    const device = readKept(computer(store).folder)?.credentials.device ?? '';
    await ask('revoke', '--store', store, '--device', device);
    await eventually(async () => (await status(store)).line !== 'online', `${store} is cut off`, 60_000);
    await eventually(async () => isTurnedAway(await status(store)), `${store} says so`);
    await sell(store, 2);
    expect((await status(store)).waiting).toBe(1);
    await sell(other, 2);
    await settled([other]);
    expect((await fleet()).rows.find((row) => row.store === store)?.state).toBe('taken-back');
    await ask('audit');
  });
});
