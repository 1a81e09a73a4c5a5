// F55 and F56 with real programs: what somebody who stole something says at Mosquitto and at central, and who is hurt by it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { deviceKeyFile, readIdentity } from '../../main/data-folder.ts';
import { readKept } from '../../main/enrol/kept.ts';
import { type Program, startProgram } from '../../main/programs.ts';
import type { Credentials } from '../../protocol/device/credentials.ts';
import { StoreRow } from '../../protocol/hq/contract.ts';
import { decodeFrame, encodeFrame } from '../../protocol/wire/codec.ts';
import type { Frame } from '../../protocol/wire/frames.ts';
import { makePrivateKeyPem, openSigner } from '../../protocol/wire/signing.ts';
import { downTopic, presenceTopic, upTopic } from '../../protocol/wire/topics.ts';
import { type Heard, mustSignIn, REFUSED, type Shown, signIn, subscribes } from '../central/broker-access/clients.ts';
import { makeDevice, sale } from '../central/device.ts';
import { canBeSecure, makeSecureMosquitto, type SecureMosquitto } from '../mosquitto.ts';
import { freePort } from '../net.ts';
import { eventually } from '../wait.ts';
import { tillwire } from './cli.ts';
import { post } from './post.ts';
import { statusOf } from './world.ts';

type Computer = Program & { folder: string; url: string; token: string };

/** Seventeen seconds. */
const SHORT_DAYS = '0.0002';

describe.runIf(canBeSecure())('somebody who stole something', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-stolen-'));
  const running = new Set<Computer>();
  let broker: SecureMosquitto;
  let central: Program;
  let victim: Computer;
  /** A store's own computer that means harm: everything that it was given. */
  let insider: Credentials;
  let receipts = 0;

  const startCentral = async (...more: string[]): Promise<void> => {
    const { prepared } = broker;
    const args = [
      ...['central', '--database', join(folder, 'central-db'), '--data', prepared.central, '--enrolment', 'required'],
      ...['--broker', broker.url, '--broker-login', prepared.brokerLogin, '--broker-authority', prepared.authority],
      ...['--broker-access', 'dynsec', '--https', `127.0.0.1:${httpsPort}`, '--https-authority', prepared.authority],
      ...['--https-cert', prepared.https.certificate, '--https-key', prepared.https.key, ...more],
    ];
    central = await startProgram(args, () => {});
  };
  let httpsPort: number;

  const ask = async (...args: string[]): Promise<string> => {
    const said = await tillwire(...args, '--central', central.ready.url);
    if (said.code !== 0) throw new Error(`tillwire ${args.join(' ')}: ${said.out} ${said.err}`);
    return said.out;
  };
  const run = async (name: string, ...more: string[]): Promise<Computer> => {
    const data = join(folder, name);
    const program = await startProgram(['agent', '--data', data, ...more], () => {});
    const started = { ...program, folder: data, url: program.ready.url, token: readIdentity(data)?.token ?? '' };
    running.add(started);
    return started;
  };
  const enrol = async (store: string): Promise<Computer> => {
    const token = (await ask('enrol', 'token', '--store', store)).trim();
    const address = `https://127.0.0.1:${httpsPort}`;
    return run(store, '--enrol', token, '--central', address, '--authority', broker.prepared.authority);
  };
  const stop = async (computer: Computer): Promise<void> => {
    running.delete(computer);
    await computer.stop();
  };
  const givenTo = (name: string): Credentials => {
    const kept = readKept(join(folder, name));
    if (kept === null) throw new Error(`${name} was not enrolled`);
    return kept.credentials;
  };
  const isOnline = (computer: Computer): Promise<void> =>
    eventually(async () => (await statusOf(computer)).line === 'online', 'it is in touch');
  const heldOf = async (store: string): Promise<number> => {
    const rows = z.array(StoreRow).parse(await fetch(`${central.ready.url}/v1/stores`).then((said) => said.json()));
    return rows.find((row) => row.store === store)?.entries ?? 0;
  };

  /** How a computer signs in with what it was given, and with its key. */
  const shown = (name: string): Shown => {
    const { certificate, broker: login } = givenTo(name);
    const { clientId, username, password, authority } = login;
    const key = readFileSync(deviceKeyFile(join(folder, name)), 'utf8');
    return { clientId, username, password, certificate, key, authority: authority ?? undefined };
  };
  const isRefused = async (what: Shown): Promise<boolean> => (await signIn(broker.url, what)) === REFUSED;

  /** It is in touch, and what it sells is at head office, once. */
  const isUnhurt = async (): Promise<void> => {
    await isOnline(victim);
    const before = await heldOf('S001');
    receipts += 1;
    const sold = {
      ...{ kind: 'sale', workstation: 'T1', receipt: String(receipts), businessDate: '2026-11-21' },
      ...{ occurred: '2026-11-21T10:00:00Z', lines: [{ sku: 'A', quantity: 1 }] },
    };
    expect((await post(victim, 'transactions', sold, `k${receipts}`)).status).toBe(201);
    await eventually(async () => (await statusOf(victim)).waiting === 0, 'its sale is settled');
    expect(await heldOf('S001')).toBe(before + 1);
  };

  /** Resolves when the broker has it, or has cut the line for it. */
  const says = ({ client }: Heard, topic: string, payload: string | Buffer): Promise<void> =>
    client.publishAsync(topic, payload, { qos: 1 }).then(
      () => {},
      () => {},
    );

  beforeAll(async () => {
    broker = await makeSecureMosquitto(join(folder, 'hq'), await freePort());
    await broker.start();
    httpsPort = await freePort();
    await startCentral();
    victim = await enrol('S001');
    await isOnline(victim);
    const other = await enrol('S002');
    await isOnline(other);
    await stop(other);
    insider = givenTo('S002');
  });

  afterAll(async () => {
    for (const computer of running) await computer.stop();
    await central?.stop();
    await broker?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  test('forged topics: what is said there reaches nobody', async () => {
    const { lineSinceMs } = await statusOf(victim);
    const attacker = await mustSignIn(broker.url, shown('S002'));
    expect(await subscribes(attacker, downTopic('S001'))).toBe(false);
    const forger = makeDevice('S001');
    for (const topic of [upTopic('S001'), downTopic('S001'), presenceTopic('S001')]) {
      await says(attacker, topic, encodeFrame(forger.hello(), 'none'));
    }
    await isUnhurt();
    expect((await statusOf(victim)).lineSinceMs).toBe(lineSinceMs);
  });

  test('another store in the content: refused, and nothing of it is taken', async () => {
    const { lineSinceMs } = await statusOf(victim);
    const attacker = await mustSignIn(broker.url, shown('S002'));
    expect(await subscribes(attacker, downTopic('S002'))).toBe(true);
    const answers = (): Frame[] =>
      attacker.raw.flatMap((payload) => {
        const read = decodeFrame(payload);
        return read.ok ? [read.frame] : [];
      });
    const forger = makeDevice('S001', {
      signer: openSigner(readFileSync(deviceKeyFile(join(folder, 'S002')), 'utf8')),
    });
    forger.capture(sale('900', [['A', 1000]]));
    await says(attacker, upTopic('S002'), encodeFrame(forger.hello(), 'none'));
    await eventually(() => answers().some(({ kind }) => kind === 'reject'), 'it is told');
    expect(answers().filter(({ kind }) => kind !== 'reject' && kind !== 'command')).toEqual([]);
    expect(await heldOf('S002')).toBe(0);
    await isUnhurt();
    expect((await statusOf(victim)).lineSinceMs).toBe(lineSinceMs);
  });

  test('a taken client id: the broker refuses it, and the victim stays on its line', async () => {
    const { lineSinceMs } = await statusOf(victim);
    const own = shown('S002');
    expect(await isRefused({ ...own, clientId: 'tillwire-S001' })).toBe(true);
    expect(await isRefused({ ...own, clientId: 'tillwire-S001', username: givenTo('S001').device })).toBe(true);
    await isUnhurt();
    expect((await statusOf(victim)).lineSinceMs).toBe(lineSinceMs);
  });

  test('stolen files without the key, a certificate of another authority, the key without the password', async () => {
    const { lineSinceMs } = await statusOf(victim);
    const stolen = shown('S001');
    expect(await isRefused({ ...stolen, key: undefined, certificate: undefined })).toBe(true);
    expect(await isRefused({ ...stolen, key: makePrivateKeyPem() })).toBe(true);
    expect(await isRefused({ ...stolen, password: insider.broker.password })).toBe(true);
    await isUnhurt();
    expect((await statusOf(victim)).lineSinceMs).toBe(lineSinceMs);
  });

  test('a stolen password in the hands of another store’s computer: it can disturb, but not speak', async () => {
    const { certificate, key } = shown('S002');
    const attacker = await signIn(broker.url, { ...shown('S001'), certificate, key });
    if (attacker === REFUSED) throw new Error('this broker binds certificates: tell so in docs/for-it.md');
    const forger = makeDevice('S001');
    forger.capture(sale('901', [['A', 1000]]));
    await says(attacker, upTopic('S001'), encodeFrame(forger.hello(), 'none'));
    await eventually(() => attacker.isCut(), 'the victim takes its place back');
    await isUnhurt();
  });

  test('revoked while it is on the line: cut at once, told, and refused from then on', async () => {
    const revoked = await run('S002');
    await isOnline(revoked);
    const attacker = shown('S002');
    await ask('revoke', '--store', 'S002', '--device', insider.device);
    await eventually(async () => (await statusOf(revoked)).line !== 'online', 'its line is cut', 60_000);
    const isTold = async (): Promise<boolean> =>
      (await statusOf(revoked)).notices.some(({ code }) => code === 'access-taken-back');
    await eventually(isTold, 'it is told');
    expect(await isRefused(attacker)).toBe(true);
    await stop(revoked);
    await isUnhurt();
  });

  test('a shop that was closed for longer than its certificate lives comes back by itself', async () => {
    await central.stop();
    await startCentral('--certificate-days', SHORT_DAYS);
    await stop(await enrol('S003'));
    const old = { ...shown('S003'), untilMs: givenTo('S003').untilMs };
    await eventually(() => Date.now() > old.untilMs, 'its certificate has ended');
    expect(await isRefused(old)).toBe(true);
    await central.stop();
    await startCentral();
    const open = await run('S003');
    await isOnline(open);
    expect(givenTo('S003').untilMs).toBeGreaterThan(old.untilMs);
    await isUnhurt();
  });
});
