// What stores are told of configuration over the broker, and what central keeps of how they stand.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { hold, release } from '../../../central/configuration/holds.ts';
import { offer } from '../../../central/configuration/offers.ts';
import { type Configurations, openConfigurations } from '../../../central/configuration/office.ts';
import { keepRevision } from '../../../central/configuration/revisions.ts';
import { standings } from '../../../central/configuration/standings.ts';
import { addTrust } from '../../../central/configuration/trusts.ts';
import { withdraw } from '../../../central/configuration/withdrawals.ts';
import { type CentralDatabase, IN_MEMORY, openDatabase } from '../../../central/database.ts';
import { openDelivery } from '../../../central/delivery.ts';
import { frameWork } from '../../../central/frames.ts';
import type { Reply } from '../../../central/replies.ts';
import type { Db } from '../../../central/schema.ts';
import { isInTree } from '../../../core/configuration/merkle.ts';
import { Configuration } from '../../../protocol/configuration/document.ts';
import type { ConfigurationMessage } from '../../../protocol/configuration/revision.ts';
import { readDocument, readEnvelope, readWithdrawals } from '../../../protocol/configuration/statements.ts';
import { sha256 } from '../../../protocol/sha256.ts';
import { encodeFrame } from '../../../protocol/wire/codec.ts';
import type { Config, ConfigurationStanding } from '../../../protocol/wire/config-frames.ts';
import { decodeConfigurationMessage } from '../../../protocol/wire/config-message.ts';
import { configTopic } from '../../../protocol/wire/topics.ts';
import { makeDevice, movement, sale } from '../device.ts';
import { takeBatch } from '../rig.ts';
import { openSqlRig, type SqlRig } from '../sql-rig.ts';
import { makePeople, signRevision, signTrust, sourceText, trustOf } from './people.ts';

const REPAIR_MS = 30_000;
const HOUR_MS = 3_600_000;
const LATE = { 'late-for-period': { hours: 5 } };
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const people = makePeople();
const clock = { ms: 1_000_000 };
const broker = { isUp: true, retained: new Map<string, Uint8Array>(), given: 0 };
let database: CentralDatabase;
let rig: SqlRig;
let configuration: Configurations;

beforeAll(async () => {
  database = await openDatabase(IN_MEMORY);
  rig = await openSqlRig(database.db);
  const line = {
    isUp: () => broker.isUp,
    async retain(topic: string, payload: Uint8Array) {
      broker.retained.set(topic, payload);
      broker.given += 1;
    },
  };
  const intake = { ...rig.intake, wallMs: () => clock.ms };
  configuration = openConfigurations({ db: database.db, intake, line, log: silent, repairMs: REPAIR_MS });
  await inOne((tx) => addTrust(tx, signTrust(trustOf(people), people.root), { by: 'anna', nowMs: clock.ms }));
  for (const revision of [1, 2]) {
    const source = sourceText({
      revision,
      chain: { sync: { batchEntries: revision }, ...(revision === 2 ? { conflicts: LATE } : {}) },
      stores: { S001: { values: { log: { level: 'debug' } } }, S002: {} },
    });
    const signed = signRevision(source, [people.signer, people.approver]);
    expect(await inOne((tx) => keepRevision(tx, { source, signed, times: null, by: 'anna' }, clock.ms))).toHaveProperty(
      'envelope',
    );
  }
}, 60_000);
afterAll(async () => {
  await configuration.stop();
  await database.close();
});

const inOne = <Of>(work: (tx: Db) => Promise<Of>): Promise<Of> => database.db.transaction().execute(work);
const offered = async (revision: number, ...stores: string[]) => {
  await inOne((tx) => offer(tx, { stores, revision }, clock.ms));
  configuration.wake();
};

function heldBy(store: string): ConfigurationMessage | null {
  const payload = broker.retained.get(configTopic(store));
  const read = payload === undefined ? null : decodeConfigurationMessage(payload);
  if (read?.ok === false) throw new Error(read.message);
  return read?.message ?? null;
}
const revisionAt = (store: string): number | null =>
  readEnvelope(heldBy(store)?.revision?.signed.envelope ?? '')?.revision ?? null;
const untilHeld = (store: string, revision: number | null) =>
  vi.waitFor(() => expect(revisionAt(store)).toBe(revision), 20_000);

test('each store is given its own document with its proof, and the newest that was released to it', async () => {
  await offered(1, 'S001', 'S009');
  await untilHeld('S009', 1);
  for (const [store, addressee, level] of [
    ['S001', 'S001', 'debug'],
    ['S009', '*', undefined],
  ] as const) {
    const { revision, trusts } = heldBy(store) ?? {};
    const envelope = readEnvelope(revision?.signed.envelope ?? '');
    const document = readDocument(revision?.document ?? '');
    expect(trusts).toHaveLength(1);
    expect(document).toMatchObject({ store: addressee, configuration: { sync: { batchEntries: 1 } } });
    expect(Configuration.parse(document?.configuration).log?.level).toBe(level);
    expect(envelope).not.toBeNull();
    if (envelope === null || revision == null) continue;
    expect(isInTree(sha256, revision.document, revision.proof, envelope)).toBe(true);
  }
  await offered(2, 'S001');
  await untilHeld('S001', 2);
  expect(revisionAt('S009')).toBe(1);
});

test('what could not be given while the broker was away is given when it is back', async () => {
  broker.isUp = false;
  await offered(1, 'S020');
  expect(heldBy('S020')).toBeNull();
  broker.isUp = true;
  configuration.wake();
  await untilHeld('S020', 1);
});

test('what is withdrawn is told to those who had it, signed, with what counts for them then', async () => {
  await offered(1, 'S031', 'S032');
  await offered(2, 'S031');
  await untilHeld('S031', 2);
  await (await computer('S031')).tell({ applied: 2, desired: 2, state: 'good' });
  const { signer } = rig.intake;
  const taken = { revision: 2, reason: 'Tills were slow.', by: 'anna' };
  for (const reason of [taken.reason, 'Again.']) {
    await inOne((tx) => withdraw(tx, signer, { ...taken, reason }, clock.ms));
  }
  configuration.wake();
  await untilHeld('S031', 1);
  const told = readWithdrawals(heldBy('S031')?.withdrawals ?? [], [signer.publicKey]);
  expect(told).toMatchObject([{ revision: 2, reason: 'Tills were slow.' }]);
  expect(readWithdrawals(heldBy('S031')?.withdrawals ?? [], [people.root.publicKey])).toEqual([]);
  expect(heldBy('S032')?.withdrawals).toEqual([]);
  expect(await standingOf('S031')).toMatchObject({
    desired: 1,
    why: 'The store has not said yet that it went back from revision 2.',
  });
});

/** A store's computer that said hello, and its frames as central takes them. */
async function computer(store: string) {
  const device = makeDevice(store);
  const said: Reply[] = [];
  const intake = { ...rig.intake, wallMs: () => clock.ms };
  const say = (_: string, reply: Reply): void => void said.push(reply);
  const work = frameWork(intake, silent, openDelivery(intake, say), say, undefined, configuration);
  const hear = async (payload: Uint8Array): Promise<Reply[]> => {
    said.length = 0;
    await work.take(store, [work.open(store, payload)], () => {});
    return [...said];
  };
  let session = '';
  const hello = async (): Promise<void> => {
    const [welcome] = await hear(encodeFrame(device.hello(), 'none'));
    if (welcome?.kind !== 'welcome') throw new Error('no welcome');
    session = welcome.session;
  };
  await hello();
  const frame = (standing: Partial<ConfigurationStanding>, at = clock.ms): Config =>
    device.say<Config>(session, { kind: 'config', standing: { ...NOTHING, ...standing }, at });
  return {
    device,
    hello,
    frame,
    say: (words: Config) => hear(encodeFrame(words, 'none')),
    tell: (standing: Partial<ConfigurationStanding>, at?: number) => hear(encodeFrame(frame(standing, at), 'none')),
  };
}

const NOTHING: ConfigurationStanding = {
  ...{ applied: null, desired: null, state: 'none', message: '', since: 0, isExpired: false, trust: null },
  ...{ captured: 0, setAside: 0 },
};

const standingOf = async (store: string) => (await standings(database.db, { stores: [store] }))[0];

test('a store says how it stands, in its session and signed; its times become those of central', async () => {
  const heard: string[] = [];
  configuration.onStanding((store) => heard.push(store));
  const pc = await computer('S041');
  await offered(1, 'S041');
  expect(await standingOf('S041')).toMatchObject({
    ...{ desired: 1, standing: null, heardMs: null },
    why: 'The store has not said anything of revision 1 yet.',
  });
  expect(await pc.tell({ desired: 1, state: 'refused', message: 'It has expired.', since: 500 }, 900)).toEqual([]);
  expect(await standingOf('S041')).toMatchObject({
    ...{ desired: 1, heardMs: clock.ms, why: 'It has expired.' },
    standing: { state: 'refused', since: clock.ms - 400 },
  });
  await pc.tell({ applied: 1, desired: 1, state: 'good', captured: 7, trust: 1 });
  expect(await standingOf('S041')).toMatchObject({ why: '', standing: { state: 'good', captured: 7, trust: 1 } });
  expect(heard).toEqual(['S041', 'S041']);
  const tampered = { ...pc.frame({ applied: 2, desired: 2, state: 'good' }), at: 1 };
  expect(await pc.say(tampered)).toMatchObject([{ kind: 'reject', code: 'signature' }]);
  const other = await computer('S042');
  expect(await pc.say(other.frame({ applied: 2, desired: 2, state: 'good' }))).toMatchObject([{ kind: 'reject' }]);
  expect(await standingOf('S041')).toMatchObject({ standing: { applied: 1 } });
  expect(heard).toHaveLength(2);
});

test('what the broker forgot it is given again: where a store says nothing of it, or of an older one', async () => {
  const topic = configTopic('S051');
  await offered(1, 'S051');
  await untilHeld('S051', 1);
  broker.retained.delete(topic);
  clock.ms += REPAIR_MS + 1;
  const pc = await computer('S051');
  clock.ms += REPAIR_MS;
  configuration.wake();
  await untilHeld('S051', 1);

  broker.retained.delete(topic);
  clock.ms += REPAIR_MS + 1;
  await pc.tell({ desired: null, state: 'none' });
  configuration.wake();
  await untilHeld('S051', 1);

  await pc.hello();
  await pc.tell({ applied: 1, desired: 1, state: 'good' });
  const { given } = broker;
  clock.ms += REPAIR_MS;
  configuration.wake();
  await offered(1, 'S052');
  await untilHeld('S052', 1);
  expect(broker.given).toBe(given + 1);
});

test('a question is due when the configuration in force at its store says so, and policy where it says nothing', async () => {
  const askedAt = async (store: string, applied: number | null) => {
    const pc = await computer(store);
    await pc.tell({ applied, desired: applied, state: 'good' });
    pc.device.capture(movement('goods-received', 'D1', [['tea', 9_000]]));
    await rig.send(pc.device, 1, 1);
    await rig.decide(store, { kind: 'period-closed', through: '2026-11-30' });
    pc.device.capture(sale('1', [['tea', 1_000]]));
    const intake = { ...rig.intake, hoursOf: configuration.hoursOf };
    await takeBatch(intake, pc.device.batch(await rig.session(pc.device), 2, 2));
    const [asked] = await rig.exceptions(store);
    const due = await database.db.selectFrom('task').selectAll().where('subject', 'like', `${store} %`).execute();
    return { asked, hours: ((asked?.deadlineMs ?? 0) - (asked?.raisedMs ?? 0)) / HOUR_MS, due };
  };
  await offered(2, 'S061');
  await offered(1, 'S062');
  const { asked, hours, due } = await askedAt('S061', 2);
  expect({ type: asked?.type, hours }).toEqual({ type: 'late-for-period', hours: 5 });
  expect(due).toMatchObject([{ kind: 'deadline', due_ms: asked?.deadlineMs }]);
  expect((await askedAt('S062', 1)).hours).toBe(72);
  expect((await askedAt('S064', 2)).hours).toBe(72);
  expect((await askedAt('S063', null)).hours).toBe(72);
  const again = openConfigurations({ ...nothing, db: database.db, intake: rig.intake });
  expect(again.hoursOf('S061')).toEqual({});
  await again.load();
  expect(again.hoursOf('S061')).toEqual({ 'late-for-period': 5 });
  await again.stop();
});

const nothing = { line: { isUp: () => false, retain: async () => {} }, log: silent };

test('of a revision that is held nobody gets anything newly; whoever has it keeps it', async () => {
  await offered(1, 'S071', 'S072', 'S073');
  const third = sourceText({ revision: 3 });
  const signed = signRevision(third, [people.signer, people.approver]);
  await inOne((tx) => keepRevision(tx, { source: third, signed, times: null, by: 'anna' }, clock.ms));
  await offered(3, 'S071', 'S072', 'S073');
  for (const store of ['S071', 'S072', 'S073']) await untilHeld(store, 3);
  await (await computer('S071')).tell({ applied: 3, desired: 3, state: 'trial' });
  await inOne((tx) => hold(tx, 3, clock.ms));
  configuration.wake();
  for (const store of ['S072', 'S073']) await untilHeld(store, 1);
  expect(revisionAt('S071')).toBe(3);
  expect(await standingOf('S072')).toMatchObject({ desired: 1 });
  // It took it just before, and says so only now.
  await (await computer('S072')).tell({ applied: 3, desired: 1, state: 'refused', message: 'It is older.' });
  configuration.wake();
  await untilHeld('S072', 3);
  await inOne((tx) => release(tx, 3));
  configuration.wake();
  await untilHeld('S073', 3);
});
