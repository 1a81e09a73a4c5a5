// The session's hands: carries its effects out on link and journal, and brings it what happened, one at a time.
import { assertNever } from '../core/assert.ts';
import type { Clock } from '../core/clock.ts';
import { GOODBYE_WAIT_MS, INBOX_FRAMES_MAX, REDIAL_WAIT_MS_MAX, REPLY_WAIT_MS } from '../core/limits.ts';
import type { Dial, Link } from '../protocol/wire/link.ts';
import type { Signer } from '../protocol/wire/signing.ts';
import { centralPresenceTopic, downTopic, presenceTopic, shardOf, upTopic } from '../protocol/wire/topics.ts';
import { makeDownlink, NOTHING_SAID, type Talk } from './downlink.ts';
import { makeHello, presencePayload, readPresence, type Speaker } from './outgoing.ts';
import { type Log, type Outbox, systemTimers, type Timers } from './ports.ts';
import { makeQueue } from './queue.ts';
import { makeSending } from './sending.ts';
import { BEGUN, type Effect, type Input, type Session, step } from './session.ts';
import { type UplinkState, viewOf } from './uplink-state.ts';

export type UplinkOptions = {
  outbox: Outbox;
  dial: Dial;
  signer: Signer;
  /** mqtt:// or mqtts:// */
  url: string;
  clock: Clock;
  /** Uniform in [0, 1). */
  chance(): number;
  randomHex(bytes: number): string;
  agentVersion: string;
  onState?: ((state: UplinkState) => void) | undefined;
  log: Log;
  timers?: Timers | undefined;
};

export type Uplink = {
  state(): UplinkState;
  /** Try now: a person asks for it, or the machine woke up. */
  nudge(): void;
  /** Says goodbye, hangs up, and resolves when nothing of it runs any more. */
  stop(): Promise<void>;
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export function startUplink(options: UplinkOptions): Uplink {
  const { outbox, clock, log, randomHex } = options;
  const { store } = outbox;
  const timers = options.timers ?? systemTimers;
  const speaker: Speaker = { store, instance: randomHex(16), signer: options.signer };
  const topics = { up: upTopic(store), down: downTopic(store), central: centralPresenceTopic(shardOf(store)) };
  const queue = makeQueue((error) => log.error({ reason: messageOf(error) }, 'the uplink stumbled'));
  const downlink = makeDownlink(outbox, speaker.instance, log);
  const sending = makeSending(outbox, speaker, (payload) => publish(topics.up, payload), log);

  let session: Session = BEGUN;
  let talk: Talk = NOTHING_SAID;
  /** The signed frame behind the newest settle. */
  let proof = '';
  let link: Link | null = null;
  /** Counts dials: what an older link still says is not heard. */
  let dials = 0;
  let cancelWake = (): void => {};
  /** When central last announced itself, by its own clock; null before it did. */
  let centralSinceMs: number | null = null;
  let newest: number | null = null;
  let stopped = false;
  let lastOffer: Promise<void> = Promise.resolve();
  let view = viewOf(session, clock.wallMs(), null);

  async function feed(input: Input): Promise<void> {
    if (stopped) return;
    const [next, ...effects] = step(session, input, options.chance());
    session = next;
    // The timer first: whatever else fails now is tried again when it ends.
    const wakesFirst = effects.toSorted((a, b) => Number(b.kind === 'wake') - Number(a.kind === 'wake'));
    for (const effect of wakesFirst) await perform(effect).catch((error) => failed(effect, error));
    tell();
  }

  async function perform(effect: Effect): Promise<void> {
    switch (effect.kind) {
      case 'dial':
        return dial();
      case 'hang-up':
        return hangUp();
      case 'greet':
        return greet();
      case 'offer':
        return offer(effect);
      case 'settle':
        if (talk.epoch !== null) await outbox.settle(talk.epoch, effect.seq, proof);
        return;
      case 'begin-epoch':
        return outbox.beginEpoch(effect.reason);
      case 'hold':
        return log.error({ reason: effect.reason }, 'sending stopped');
      case 'wake':
        return wake(effect.afterMs);
      default:
        return assertNever(effect);
    }
  }

  /** Only the journal fails here. Sending is tried again by the timer; these two may not be forgotten. */
  async function failed(effect: Effect, error: unknown): Promise<void> {
    log.error({ effect: effect.kind, reason: messageOf(error) }, 'the journal did not answer');
    if (effect.kind === 'settle') {
      hangUp();
      await feed({ kind: 'unlinked', reason: 'The journal could not note what central holds.' });
    } else if (effect.kind === 'begin-epoch') {
      const again = (): void =>
        queue.run(() => (stopped ? undefined : perform(effect).catch((e) => failed(effect, e))));
      timers.after(REPLY_WAIT_MS, again);
    }
  }

  function dial(): void {
    hangUp();
    const mine = dials;
    const job = (run: () => Promise<void>): void => queue.run(() => (mine === dials && !stopped ? run() : undefined));
    const down = (reason: string): void =>
      job(async () => {
        hangUp();
        log.info({ reason }, 'the line to the broker is gone');
        await feed({ kind: 'unlinked', reason });
      });
    const message = (topic: string, payload: Uint8Array): void => {
      if (queue.length() < INBOX_FRAMES_MAX) job(() => receive(topic, payload));
    };
    const up = (): void =>
      job(async () => {
        publish(presenceTopic(store), presencePayload(true, clock.wallMs()), true).catch(() => {});
        await feed({ kind: 'linked' });
      });
    try {
      link = options.dial(
        {
          url: options.url,
          clientId: `tillwire-${store}`,
          subscriptions: [topics.down, topics.central],
          will: { topic: presenceTopic(store), payload: presencePayload(false, clock.wallMs()) },
        },
        { up, down, message },
      );
    } catch (error) {
      down(messageOf(error));
    }
  }

  function hangUp(): void {
    dials += 1;
    link?.close();
    link = null;
    talk = NOTHING_SAID;
  }

  const publish = (topic: string, payload: Uint8Array, retain = false): Promise<void> =>
    link === null ? Promise.reject(new Error('no line to the broker')) : link.publish(topic, payload, retain);

  async function greet(): Promise<void> {
    await downlink.load();
    const heads = await outbox.heads();
    const nonce = randomHex(16);
    talk = { ...NOTHING_SAID, hello: nonce, epoch: heads.epoch };
    const incarnation = downlink.incarnation();
    const { agentVersion } = options;
    const facts = { nonce, heads, incarnation, proof: await outbox.lastProof(), agentVersion, at: clock.wallMs() };
    publish(topics.up, makeHello(speaker, facts)).catch((error) => log.info({ reason: messageOf(error) }, 'no hello'));
  }

  /** Runs beside the queue: marks are heard while it reads the journal. */
  function offer({ n, after, entriesMax }: Effect & { kind: 'offer' }): void {
    const { session: nonce, codec, epoch } = talk;
    if (nonce === null || epoch === null) return;
    const isWanted = (): boolean =>
      !stopped && session.at === 'streaming' && session.session === nonce && session.offer?.n === n;
    const before = lastOffer;
    lastOffer = sending
      .send({ after, entriesMax, context: { session: nonce, codec, epoch }, isWanted })
      .then((through) => queue.run(() => feed({ kind: 'offered', session: nonce, n, through })))
      .then(() => before);
  }

  async function receive(topic: string, payload: Uint8Array): Promise<void> {
    if (topic === topics.central) {
      const presence = readPresence(payload);
      if (presence?.online !== true || presence.at === centralSinceMs) return;
      centralSinceMs = presence.at;
      return feed({ kind: 'central-present' });
    }
    const taken = topic === topics.down ? await downlink.take(payload, talk) : null;
    if (taken === null) return;
    talk = taken.talk;
    proof = taken.proof ?? proof;
    await feed(taken.input);
  }

  function wake(afterMs: number): void {
    cancelWake();
    const armedMs = clock.wallMs();
    let cancelled = false;
    const cancelTimer = timers.after(afterMs, () => queue.run(() => (cancelled ? undefined : ring(armedMs + afterMs))));
    cancelWake = () => {
      cancelled = true;
      cancelTimer();
    };
  }

  async function ring(dueMs: number): Promise<void> {
    if (clock.wallMs() - dueMs < REDIAL_WAIT_MS_MAX) return feed({ kind: 'timeout' });
    // Far too late: the machine slept, and the line is dead without knowing it (F18).
    hangUp();
    await feed({ kind: 'unlinked', reason: 'This computer slept.' });
    await feed({ kind: 'resume' });
  }

  function tell(): void {
    const before = view;
    view = viewOf(session, clock.wallMs(), before, downlink.isTrial());
    if (view !== before) options.onState?.(view);
  }

  const forget = outbox.onCaptured((seq) => {
    const isQueued = newest !== null;
    newest = seq;
    if (isQueued) return;
    queue.run(() => {
      const tip = newest ?? seq;
      newest = null;
      return feed({ kind: 'captured', tip });
    });
  });

  async function stop(): Promise<void> {
    if (stopped) return queue.idle();
    stopped = true;
    forget();
    cancelWake();
    const goodbye = publish(presenceTopic(store), presencePayload(false, clock.wallMs()), true).catch(() => {});
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const cancelLate = timers.after(GOODBYE_WAIT_MS, resolve);
    await Promise.race([goodbye, late]);
    cancelLate();
    hangUp();
    await lastOffer;
    await queue.idle();
  }

  const nudge = (): void => queue.run(() => feed({ kind: 'resume' }));
  nudge();
  return { state: () => view, nudge, stop };
}
