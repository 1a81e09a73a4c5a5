// Many stores in one process, for bench/rollout.ts: each checks what it is shown as a store does, and says how it stands.
import { judge } from '../core/configuration/judge.ts';
import { followTrust, type Trust } from '../core/configuration/trust.ts';
import { STANDING_TRIAL_MS } from '../core/limits/configuration.ts';
import type { Configuration } from '../protocol/configuration/document.ts';
import { Configuration as ConfigurationSchema } from '../protocol/configuration/document.ts';
import type { ConfigurationMessage } from '../protocol/configuration/revision.ts';
import { readWithdrawals, statementPorts } from '../protocol/configuration/statements.ts';
import { decodeFrame, encodeFrame } from '../protocol/wire/codec.ts';
import type { Config, ConfigurationState } from '../protocol/wire/config-frames.ts';
import { decodeConfigurationMessage } from '../protocol/wire/config-message.ts';
import type { Link } from '../protocol/wire/link.ts';
import { configTopic, downTopic, upTopic } from '../protocol/wire/topics.ts';
import { dialMqtt } from '../sync/mqtt-link.ts';
import { type Device, makeDevice } from '../test/central/device.ts';

export type StoresOrder =
  | { kind: 'begin'; brokerUrl: string; centralKey: string; stores: string[] }
  /** These put it back by themselves. */
  | { kind: 'fail'; revision: number; stores: string[] };
/** `ms`: of each message that was judged. */
export type StoresNews = { kind: 'ready' } | { kind: 'judged'; ms: number[]; bytes: number };

const PER_LINE = 250;
const HELLOS_AT_ONCE = 100;
/** So short a trial that the rollout, not the trial, is measured. */
const TRIAL_MS = 500;

type Held = { revision: number; digest: string };
type Store = { device: Device; link: Link; session: string | null; trust: Trust | null; good: Held[]; floor: number };

const stores = new Map<string, Store>();
const failing = new Map<string, number>();
let centralKey = '';
let judged: number[] = [];
let bytes = 0;

const tell = (news: StoresNews): void => void process.send?.(news);

process.on('message', (order: StoresOrder) => {
  if (order.kind === 'begin') void begin(order);
  else for (const store of order.stores) failing.set(store, order.revision);
});
setInterval(() => {
  if (judged.length === 0) return;
  tell({ kind: 'judged', ms: judged, bytes });
  judged = [];
  bytes = 0;
}, 500);

async function begin(order: Extract<StoresOrder, { kind: 'begin' }>): Promise<void> {
  centralKey = order.centralKey;
  for (let from = 0; from < order.stores.length; from += PER_LINE) {
    await openLine(order.brokerUrl, order.stores.slice(from, from + PER_LINE));
  }
  for (let from = 0; from < order.stores.length; from += HELLOS_AT_ONCE) {
    await greet(order.stores.slice(from, from + HELLOS_AT_ONCE));
  }
  tell({ kind: 'ready' });
}

async function openLine(url: string, names: string[]): Promise<void> {
  const own = new Map(names.flatMap((name) => [[downTopic(name), name] as const, [configTopic(name), name] as const]));
  const link = await new Promise<Link>((resolve, reject) => {
    const mine = dialMqtt(
      { url, clientId: `bench-${names[0]}`, subscriptions: [...own.keys()] },
      {
        up: () => resolve(mine),
        down: (reason) => reject(new Error(reason)),
        message(topic, payload) {
          const name = own.get(topic) ?? '';
          if (topic === configTopic(name)) hearConfiguration(name, payload);
          else hear(name, payload);
        },
      },
    );
  });
  for (const name of names) {
    stores.set(name, { device: makeDevice(name), link, session: null, trust: null, good: [], floor: 0 });
  }
}

/** Again until each of them is welcomed: a broker forgets what is too much at once. */
async function greet(names: string[]): Promise<void> {
  for (;;) {
    const silent = names.filter((name) => stores.get(name)?.session === null);
    if (silent.length === 0) return;
    for (const name of silent) {
      const store = stores.get(name);
      if (store !== undefined) void store.link.publish(upTopic(name), encodeFrame(store.device.hello(), 'none'));
    }
    for (let waited = 0; waited < 5_000; waited += 20) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (names.every((name) => stores.get(name)?.session !== null)) return;
    }
  }
}

function hear(name: string, payload: Uint8Array): void {
  const decoded = decodeFrame(payload);
  const store = stores.get(name);
  if (decoded.ok && decoded.frame.kind === 'welcome' && store !== undefined) store.session = decoded.frame.session;
}

function hearConfiguration(name: string, payload: Uint8Array): void {
  const store = stores.get(name);
  if (store === undefined || payload.length === 0) return;
  const begun = performance.now();
  const read = decodeConfigurationMessage(payload);
  if (!read.ok) throw new Error(read.message);
  const answer = answerTo(name, store, read.message);
  judged.push(performance.now() - begun);
  bytes += payload.length;
  if (answer !== null) say(name, store, answer);
}

type Answer = { desired: number; state: ConfigurationState; message: string };

function answerTo(name: string, store: Store, { trusts, revision, withdrawals }: ConfigurationMessage): Answer | null {
  store.trust = followTrust(store.trust, trusts, statementPorts).trust;
  const withdrawn = readWithdrawals(withdrawals, [centralKey]);
  const held = store.good.at(-1);
  if (held !== undefined && withdrawn.some((each) => each.revision === held.revision)) {
    store.good.pop();
    return { desired: held.revision, state: 'withdrawn', message: 'Head office took it back.' };
  }
  if (revision === null) return null;
  const judgement = judge<Configuration>(
    revision,
    {
      ...{ store: name, trust: store.trust, held: store.good, floor: store.floor, putBack: [], hadOwn: true },
      withdrawn: withdrawn.map((each) => ({ revision: each.revision, why: each.reason })),
      nowMs: Date.now(),
    },
    {
      ...statementPorts,
      check(value) {
        const parsed = ConfigurationSchema.safeParse(value);
        return parsed.success
          ? { ok: true, configuration: parsed.data }
          : { ok: false, problem: parsed.error.issues[0]?.message ?? '' };
      },
    },
  );
  if (judgement.kind === 'held') return null;
  if (judgement.kind === 'refused') {
    return { desired: judgement.revision ?? 1, state: 'refused', message: judgement.message };
  }
  const next = { revision: judgement.envelope.revision, digest: judgement.digest };
  if (failing.get(name) === next.revision) {
    return { desired: next.revision, state: 'put-back', message: 'A third of the receipts could not be read.' };
  }
  store.good.push(next);
  // Once more as stores do, for a broker forgets what is too much at once.
  for (const waitMs of [TRIAL_MS, TRIAL_MS + STANDING_TRIAL_MS]) {
    setTimeout(() => {
      if (store.good.at(-1) === next) say(name, store, { desired: next.revision, state: 'good', message: '' });
    }, waitMs);
  }
  return { desired: next.revision, state: 'trial', message: '' };
}

function say(name: string, { device, session, link, good, trust }: Store, { desired, state, message }: Answer): void {
  if (session === null) return;
  const at = Date.now();
  const frame = device.say<Config>(session, {
    kind: 'config',
    standing: {
      ...{ applied: good.at(-1)?.revision ?? null, desired, state, message, since: at, isExpired: false },
      ...{ trust: trust?.version ?? null, captured: 0, setAside: 0 },
    },
    at,
  });
  link.publish(upTopic(name), encodeFrame(frame, 'none')).catch(() => {});
}
