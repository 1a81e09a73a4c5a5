// Head office asks stores over real processes: done, refused, late, killed in between; and what only enrolled ones can do.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readIdentity } from '../../main/data-folder.ts';
import { readKept } from '../../main/enrol/kept.ts';
import { CommandRow } from '../../protocol/hq/commands.ts';
import { type FleetRow, FleetStore } from '../../protocol/hq/fleet.ts';
import { eventually } from '../wait.ts';
import { tillwire } from './cli.ts';
import { allSettled, type EnrolRig, makeEnrolRig } from './enrol-rig.ts';
import { postUntilKept } from './post.ts';
import { type AgentHandle, canRun, type Kind, makeWorld, settledAll, type World } from './world.ts';

const sale = (number: number): object => ({
  ...{ kind: 'sale', workstation: 'T1', receipt: String(number), businessDate: '2026-11-21' },
  ...{ occurred: '2026-11-21T10:00:00Z', lines: [{ sku: 'A', quantity: 1 }] },
});
/** A store may take its time here: only what becomes of it counts. */
const PATIENTLY = ['--wait', '120'];

/** An enrolled store, below, runs on embedded parts anyway. */
const KIND: Kind = canRun('real') ? 'real' : 'embedded';

describe(`a trial store, ${KIND}`, () => {
  let world: World;
  let agent: AgentHandle;
  let sold = 0;
  const sell = async (count: number): Promise<void> => {
    for (const last = sold + count; sold < last; sold++)
      await postUntilKept(agent, 'transactions', sale(sold), `s${sold}`);
  };
  const command = (...args: string[]) => tillwire('command', ...args, '--central', world.centralUrl);
  const ask = (what: string, ...args: string[]) => command(what, '--store', 'S001', ...PATIENTLY, ...args);
  const listed = async (): Promise<CommandRow[]> =>
    CommandRow.array().parse(JSON.parse((await command('list', '--store', 'S001', '--json')).out));

  /** How central shows the store, once it is so. */
  async function fleetRow(state: FleetRow['state']): Promise<FleetRow> {
    let row: FleetRow | null = null;
    await eventually(async () => {
      const answer = await fetch(`${world.centralUrl}/v1/fleet/stores/S001`);
      ({ row } = FleetStore.parse(await answer.json()));
      return row.state === state;
    }, `the fleet shows it ${state}`);
    if (row === null) throw new Error('no row');
    return row;
  }

  beforeAll(async () => {
    world = await makeWorld(KIND);
    agent = await world.agent('S001');
    await sell(3);
    await eventually(() => settledAll(agent), 'the first sales settled');
  });
  afterAll(() => world?.stop());

  test('paused by head office it sends nothing and still hears; resumed, all is sent once', async () => {
    expect(await ask('pause', '--reason', 'New router')).toMatchObject({
      code: 0,
      out: expect.stringContaining('S001: done: Sending is paused.'),
    });
    const { state, version, waiting } = await fleetRow('paused');
    expect({ state, version, waiting }).toEqual({ state: 'paused', version: expect.any(String), waiting: 0 });
    await sell(4);
    expect(await agent.status()).toMatchObject({
      ...{ line: 'paused', waiting: 4, settled: 3 },
      pause: { reason: 'New router', by: 'local (head office)' },
    });
    const replay = await ask('replay');
    expect([replay.code, replay.out]).toEqual([1, expect.stringContaining('declined: Sending is paused')]);
    await agent.kill();
    await agent.start();
    expect(await ask('resume')).toMatchObject({ code: 0, out: expect.stringContaining('Sending goes on.') });
    await eventually(() => settledAll(agent), 'all settled after the pause');
    await fleetRow('in-touch');
    expect(await agent.status()).toMatchObject({ settled: 7, pause: null });
    const verified = await tillwire('verify', '--central', world.centralUrl, '--data', agent.folder);
    expect(verified).toMatchObject({ code: 0 });
  });

  test('the conversation anew, and entries said again: nothing counts twice', async () => {
    expect(await ask('resync')).toMatchObject({ code: 0 });
    const said = await ask('replay', '--first', '2');
    expect(said.out).toContain('Entries 2 to 7 were said again');
    const verified = await tillwire('verify', '--central', world.centralUrl, '--data', agent.folder);
    expect(verified).toMatchObject({ code: 0 });
  });

  test('what was set aside is driven in again once its mapping is mended', async () => {
    const folder = join(agent.folder, 'drop', 'till');
    mkdirSync(folder, { recursive: true });
    const mapping = (quantity: string) => ({
      ...{ name: 'till', till: { column: 'Till' }, timeZone: 'UTC', timeFormat: 'yyyy-MM-dd HH:mm' },
      ...{ receiptScope: 'ever', columns: { receipt: 'No', time: 'Time', sku: 'Item', quantity } },
    });
    writeFileSync(join(folder, 'mapping.json'), JSON.stringify(mapping('Price')));
    writeFileSync(join(folder, 'day.csv'), 'No,Till,Time,Item,Qty,Price\n900,T9,2026-11-21 09:00,A,2,x\n');
    await eventually(async () => (await agent.status()).setAside > 0, 'the row is set aside');
    expect((await ask('redrive')).out).toContain('0 could be placed; 1 still wait for a person there.');
    writeFileSync(join(folder, 'mapping.json'), JSON.stringify(mapping('Qty')));
    expect(await ask('redrive')).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 could be placed; nothing is set aside any more.'),
    });
    expect((await ask('redrive')).out).toContain('Nothing is set aside.');
    await eventually(() => settledAll(agent), 'the row is settled');
  });

  test('a store that is off gets what has not expired when it returns; the other one expired', async () => {
    await agent.kill();
    const late = await command('resync', '--store', 'S001', '--no-wait', '--hours', '0.0001');
    expect(late.out).toMatch(/^S001: asked for \(c[0-9a-f]{24}\)\.\n$/);
    const good = await command('pause', '--stores', 'S001', '--no-wait', '--reason', 'Later', '--key', 'once');
    expect((await command('pause', '--stores', 'S001', '--no-wait', '--reason', 'Later', '--key', 'once')).out).toBe(
      good.out,
    );
    await eventually(async () => (await listed())[1]?.state === 'expired', 'the first one expired');
    await agent.start();
    await eventually(async () => (await listed())[0]?.state === 'done', 'the second one is done');
    expect(await agent.status()).toMatchObject({ line: 'paused', pause: { reason: 'Later' } });
    const [pause, resync] = await listed();
    expect([pause?.kind, resync?.kind, resync?.message]).toEqual([
      ...['pause', 'resync', 'The store was not in touch before it expired. It is not carried out any more.'],
    ]);
    expect((await command('show', resync?.id ?? '')).out).toContain('expired: The store was not in touch');
    expect(await ask('resume')).toMatchObject({ code: 0 });
  });

  test('what only enrolled computers can do is declined, and why; unknown stores too', async () => {
    for (const what of ['rotate-keys', 'diagnostics']) {
      const answer = await ask(what);
      expect([answer.code, answer.out]).toEqual([1, expect.stringContaining('never enrolled (a trial)')]);
    }
    const unknown = await command('resync', '--stores', 'S001', 'S404');
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('no store S404')]);
    const nobody = await command('resync');
    expect([nobody.code, nobody.err]).toEqual([2, expect.stringContaining('--store')]);
  });
});

describe('an enrolled store', () => {
  let rig: EnrolRig;
  beforeAll(async () => {
    rig = await makeEnrolRig();
  });
  afterAll(() => rig.stop());
  const ask = (what: string, ...args: string[]) =>
    tillwire('command', what, '--store', 'S001', '--central', rig.central.url, ...PATIENTLY, ...args);

  test('its diagnostics come over its own HTTPS, without secrets; another key speaks for it from then on', async () => {
    const enrol = await rig.token('S001');
    const computer = await rig.start({ name: 'S001', enrol, central: rig.central.url });
    expect(await computer.sell(1)).toBe(201);
    await eventually(() => allSettled(computer), 'the sale is settled');

    const out = join(rig.folder, 'help.zip');
    const asked = await ask('diagnostics', '--out', out);
    expect(asked).toMatchObject({ code: 0, out: expect.stringContaining(`The bundle is at head office`) });
    const files = unzipSync(readFileSync(out));
    expect(Object.keys(files)).toEqual(expect.arrayContaining(['about.txt', 'status.json', 'journal.json', 'log.txt']));
    const { token = '', pseudonymKey = '' } = readIdentity(computer.folder) ?? {};
    const password = readKept(computer.folder)?.credentials.broker.password ?? '';
    for (const bytes of Object.values(files)) {
      for (const secret of [token, pseudonymKey, password]) {
        expect(secret.length).toBeGreaterThan(20);
        expect(strFromU8(bytes).includes(secret)).toBe(false);
      }
    }

    const before = await rig.devices('S001');
    expect(await ask('rotate-keys')).toMatchObject({ code: 0, out: expect.stringContaining('signs with another key') });
    const after = await rig.devices('S001');
    expect([after.length, after[0]?.keyId === before[0]?.keyId]).toEqual([1, false]);
    expect(await computer.sell(2)).toBe(201);
    await eventually(() => allSettled(computer), 'what is sold afterwards is settled under the new key');
    expect(await rig.entries('S001')).toBe(2);
    expect(readdirSync(computer.folder)).toContain('orders.json');
  });
});
