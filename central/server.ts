// The central service: listens to all stores over the broker, keeps the ledger, answers people over HTTP.
import type { Clock } from '../core/clock.ts';
import { StoreId } from '../protocol/fact.ts';
import { decodeFrame, encodeFrame } from '../protocol/wire/codec.ts';
import type { Frame } from '../protocol/wire/frames.ts';
import type { Dial } from '../protocol/wire/link.ts';
import type { Signer } from '../protocol/wire/signing.ts';
import { downTopic, presenceTopic, storeOfTopic, upTopic } from '../protocol/wire/topics.ts';
import { openBrokerLine } from './broker-line.ts';
import type { CentralDatabase } from './database.ts';
import { serveHttp } from './http.ts';
import { type Enrolment, type Intake, takeBatch, takeHello } from './intake.ts';
import { reject } from './judge.ts';
import { type Log, messageOf } from './log.ts';
import { openOnlineHints } from './presence.ts';
import { openQueues } from './queues.ts';
import { type Reply, refusalOf } from './replies.ts';
import { currentInstance, ensureIncarnation } from './stream.ts';

export type CentralOptions = {
  database: CentralDatabase;
  dial: Dial;
  brokerUrl: string;
  /** Of the HTTP API on 127.0.0.1; 0 for a free one. */
  port: number;
  signer: Signer;
  /** open is for loopback only: whoever reaches the broker first names the key of a store (decision 21). */
  enrolment: Enrolment;
  clock: Clock;
  /** Uniform in [0, 1). */
  chance(): number;
  /** That many random bytes in hex. */
  randomHex(bytes: number): string;
  log: Log;
};

export type Central = {
  url: string;
  incarnation: string;
  /** Whether it is connected to the broker now. */
  isUp(): boolean;
  /** Finishes what is at work, says goodbye to the broker and closes the API; the database stays open. */
  stop(): Promise<void>;
};

const NOBODY = '0'.repeat(32);

export async function startCentral(options: CentralOptions): Promise<Central> {
  const { database, clock, log, signer, enrolment, randomHex } = options;
  const wallMs = (): number => clock.wallMs();
  const incarnation = await ensureIncarnation(database.db, randomHex(16), wallMs());
  const hints = openOnlineHints();

  const intake: Intake = {
    db: database.db,
    signer,
    incarnation,
    trial: database.trial,
    enrolment,
    randomHex,
    wallMs,
    framesQueued: (store) => queues.waiting(store),
  };
  const queues = openQueues(async (store, payload) => {
    try {
      const reply = await answer(intake, store, payload);
      if (reply === null) return;
      if (reply.kind === 'fence' || reply.kind === 'reject') tell(log, reply);
      line.publish(downTopic(store), encodeFrame(reply, 'none'));
    } catch (error) {
      // Nothing may be said about what is not known to be committed: the store offers it again.
      log.error({ store, reason: messageOf(error) }, 'a frame was dropped');
    }
  });

  const onMessage = (topic: string, payload: Uint8Array): void => {
    const store = StoreId.safeParse(storeOfTopic(topic)).data;
    if (store === undefined) return;
    if (topic === presenceTopic(store)) hints.hear(store, payload);
    else if (topic === upTopic(store) && !queues.offer(store, payload)) log.warn({ store }, 'too much waits: dropped');
  };

  const clientId = `tillwire-central-${randomHex(8)}`;
  const { dial, brokerUrl, chance } = options;
  const line = openBrokerLine({ dial, brokerUrl, clientId, clock, chance, log, onMessage });
  const answers = { db: database.db, trial: database.trial, incarnation, hints, wallMs, log };
  const http = await serveHttp(answers, options.port).catch(async (error: unknown) => {
    await line.stop();
    throw error;
  });

  return {
    url: http.url,
    incarnation,
    isUp: line.isUp,
    async stop() {
      await queues.stop();
      await line.stop();
      await http.stop();
    },
  };
}

/** Null where there is nobody to answer. Identity is the topic and the signature, never the body alone (S17). */
async function answer(intake: Intake, store: string, payload: Uint8Array): Promise<Reply | null> {
  const decoded = decodeFrame(payload);
  if (!decoded.ok) {
    const instance = (await currentInstance(intake.db, store)) ?? NOBODY;
    return refusalOf(intake, { store, instance }, reject(decoded.code, decoded.message));
  }
  const { frame } = decoded;
  const to = { store, instance: frame.instance };
  if (frame.store !== store) {
    return refusalOf(intake, to, reject('malformed', `The frame names store ${frame.store} on the topic of ${store}.`));
  }
  return takeFrame(intake, frame);
}

async function takeFrame(intake: Intake, frame: Frame): Promise<Reply> {
  switch (frame.kind) {
    case 'hello':
      return takeHello(intake, frame);
    case 'batch':
      return takeBatch(intake, frame);
    default:
      return refusalOf(intake, frame, reject('malformed', `A ${frame.kind} is central's to say, not a store's.`));
  }
}

function tell(log: Log, reply: Reply): void {
  const why = reply.kind === 'reject' ? { code: reply.code, message: reply.message } : { code: 'fence' };
  log.warn({ store: reply.store, instance: reply.instance, ...why }, 'a frame was refused');
}
