// The central service: listens to all stores over the broker, keeps the ledger, answers people over HTTP.
import type { Clock } from '../core/clock.ts';
import { COMMANDS_LOOK_MS } from '../core/limits/commands.ts';
import { DESK_LOOK_MS, DESK_TASKS_MAX } from '../core/limits.ts';
import { StoreId } from '../protocol/fact.ts';
import { encodeFrame } from '../protocol/wire/codec.ts';
import type { Dial } from '../protocol/wire/link.ts';
import type { Signer } from '../protocol/wire/signing.ts';
import { downTopic, presenceTopic, storeOfTopic, upTopic } from '../protocol/wire/topics.ts';
import { openBrokerLine, type SignIn } from './broker-line.ts';
import { openCommands } from './commands/telling.ts';
import { openConfigurations } from './configuration/office.ts';
import type { CentralDatabase } from './database.ts';
import { openDelivery } from './delivery.ts';
import { workOff } from './desk.ts';
import type { Desk } from './desk-decide.ts';
import { openAccessKeeper } from './devices/access-keeper.ts';
import type { DeviceParts, DeviceSetup } from './devices/parts.ts';
import type { HttpsOptions } from './doors.ts';
import { openHearing } from './fleet/hearing.ts';
import { frameWork } from './frames.ts';
import { serveHttp } from './http.ts';
import type { Enrolment, Intake } from './intake.ts';
import { reject } from './judge.ts';
import { type Log, messageOf } from './log.ts';
import { keepLooking } from './looking.ts';
import type { LedgerTx } from './ports.ts';
import { openOnlineHints } from './presence.ts';
import { openQueues } from './queues.ts';
import { type Reply, refusalOf } from './replies.ts';
import { openRollouts } from './rollouts/office.ts';
import { openSqlLedger } from './sql/ledger.ts';

export type CentralOptions = {
  database: CentralDatabase;
  dial: Dial;
  brokerUrl: string;
  /** What it shows a broker that does not let everybody in. */
  signIn?: SignIn | undefined;
  /** Of the HTTP API on 127.0.0.1; 0 for a free one. */
  port: number;
  signer: Signer;
  /** Public keys that it signed with before, in hex: its own words of then are believed when stores give them back. */
  formerKeys?: readonly string[] | undefined;
  /** The database was put back from an older copy: it goes on under a new name before anybody is heard (D12). */
  restored?: boolean | undefined;
  /** open is for loopback only: whoever reaches the broker first names the key of a store (D21). */
  enrolment: Enrolment;
  /** How computers of stores are let in, and what they are given. */
  devices: DeviceSetup;
  /** The door for stores and people elsewhere; null for none. */
  https: HttpsOptions | null;
  /** Whoever shows it over HTTP is the operator of this machine. */
  operatorToken: string;
  clock: Clock;
  /** Uniform in [0, 1). */
  chance(): number;
  /** That many random bytes in hex. */
  randomHex(bytes: number): string;
  log: Log;
};

export type Central = {
  url: string;
  /** By the first of its names; null where there is no such door. */
  httpsUrl: string | null;
  incarnation: string;
  /** Whether it is connected to the broker now. */
  isUp(): boolean;
  /** Finishes what is at work, says goodbye to the broker and closes the API; the database stays open. */
  stop(): Promise<void>;
};

export async function startCentral(options: CentralOptions): Promise<Central> {
  const { database, clock, log, signer, enrolment, randomHex } = options;
  const wallMs = (): number => clock.wallMs();
  const ledger = openSqlLedger(database.db);
  const incarnation = await ledger.transaction((tx) => beginLife(tx, options));
  const hints = openOnlineHints();
  const hearing = openHearing(wallMs);

  const intake: Intake = {
    ledger,
    signer,
    formerKeys: options.formerKeys,
    trial: database.trial,
    enrolment,
    randomHex,
    wallMs,
    isCrowded: () => queues.isCrowded(),
    hoursOf: (store) => configuration.hoursOf(store),
  };
  const say = (store: string, reply: Reply): void => {
    if (reply.kind === 'fence' || reply.kind === 'reject') tell(log, reply);
    hearing.answered(store, reply);
    line.publish(downTopic(store), encodeFrame(reply, 'none'));
  };
  const delivery = openDelivery(intake, say);
  const commands = openCommands({ db: database.db, intake, isOnline: hints.isOnline, say });
  const configuration = openConfigurations({
    db: database.db,
    intake,
    line: { isUp: () => line.isUp(), retain: (topic, payload) => line.retain(topic, payload) },
    log,
  });
  await configuration.load();
  const rollouts = openRollouts({ db: database.db, signer, configuration, wallMs, log });
  const queues = openQueues(frameWork(intake, log, delivery, say, commands, configuration));

  const onMessage = (topic: string, payload: Uint8Array): void => {
    const store = StoreId.safeParse(storeOfTopic(topic)).data;
    if (store === undefined) return;
    if (topic === presenceTopic(store)) hints.hear(store, payload);
    else if (topic === upTopic(store) && !queues.offer(store, payload)) log.warn({ store }, 'too much waits: dropped');
  };

  const clientId = `tillwire-central-${randomHex(8)}`;
  const { dial, brokerUrl, signIn, chance } = options;
  const line = openBrokerLine({ dial, brokerUrl, signIn, clientId, clock, chance, log, onMessage });
  const desk: Desk = { intake, tellStore: delivery.tellStore, log };
  const deskLooking = keepLooking({
    ...{ everyMs: DESK_LOOK_MS, firstMs: DESK_LOOK_MS },
    async look() {
      while (!deskLooking.isStopped() && (await workOff(desk)) >= DESK_TASKS_MAX);
    },
    onError: (error) => log.warn({ reason: messageOf(error) }, 'the desk could not look for its work'),
  });
  const commandLooking = keepLooking({
    ...{ everyMs: COMMANDS_LOOK_MS, firstMs: COMMANDS_LOOK_MS, look: commands.look },
    onError: (error) => log.warn({ reason: messageOf(error) }, 'the book of commands could not be looked at'),
  });
  const sayRefused: DeviceParts['sayRefused'] = (store, session, message) => {
    if (session !== null) say(store, refusalOf(intake, { store, ...session }, reject('key', message)));
  };
  const { devices: setup } = options;
  const access = openAccessKeeper({ db: database.db, access: setup.access, wallMs, log });
  const answers = {
    db: database.db,
    randomHex,
    devices: { db: database.db, signer, setup, access, wallMs, log, sayRefused },
    trial: database.trial,
    operatorToken: options.operatorToken,
    hints,
    hearing,
    wallMs,
    log,
    desk,
    wakeDesk: deskLooking.wake,
    commands,
    configuration,
    rollouts,
  };
  const http = await serveHttp(answers, options.port, options.https).catch(async (error: unknown) => {
    await access.stop();
    await deskLooking.stop();
    await commandLooking.stop();
    await rollouts.stop();
    await configuration.stop();
    await line.stop();
    throw error;
  });

  return {
    url: http.url,
    httpsUrl: http.httpsUrl,
    incarnation,
    isUp: line.isUp,
    async stop() {
      await queues.stop();
      await deskLooking.stop();
      await commandLooking.stop();
      await rollouts.stop();
      await configuration.stop();
      await line.stop();
      await http.stop();
      await access.stop();
    },
  };
}

/** The name of this database's present life. Stores notice a new one and hand back what central lost. */
async function beginLife(tx: LedgerTx, { restored, randomHex, clock }: CentralOptions): Promise<string> {
  const was = await tx.central.ensureIncarnation(randomHex(16), clock.wallMs());
  if (restored !== true) return was;
  return tx.central.renew({ fresh: randomHex(16), was, lost: null, createdMs: clock.wallMs() });
}

function tell(log: Log, reply: Reply): void {
  const why = reply.kind === 'reject' ? { code: reply.code, message: reply.message } : { code: 'fence' };
  log.warn({ store: reply.store, instance: reply.instance, ...why }, 'a frame was refused');
}
