// The uplink: line, timer, loop, reception and hands joined around the session, from the first dial to the goodbye.
import type { Clock } from '../core/clock.ts';
import { GOODBYE_WAIT_MS } from '../core/limits.ts';
import type { ConfigurationMessage } from '../protocol/configuration/revision.ts';
import type { ConfigurationStanding } from '../protocol/wire/config-frames.ts';
import type { Dial } from '../protocol/wire/link.ts';
import type { Command } from '../protocol/wire/order-frames.ts';
import type { Signer } from '../protocol/wire/signing.ts';
import { makeDownlink } from './downlink.ts';
import { type Effects, makeEffects } from './effects.ts';
import { makeErrandHands } from './errands.ts';
import { makeGreeting } from './greeting.ts';
import { type Line, makeLine, type Way } from './line.ts';
import { type Loop, makeLoop } from './loop.ts';
import { messageOf } from './message-of.ts';
import type { Speaker } from './outgoing.ts';
import type { Policy } from './policy.ts';
import { type Log, type Outbox, systemTimers, type Timers } from './ports.ts';
import { makeReception } from './reception.ts';
import { makeReplay, type Replay } from './replay.ts';
import { makeReporting, type Reporting } from './reporting.ts';
import { makeSending } from './sending.ts';
import { type UplinkState, viewOf } from './uplink-state.ts';
import { within } from './waits.ts';
import { makeWakeTimer } from './wake-timer.ts';

export type UplinkOptions = {
  outbox: Outbox;
  dial: Dial;
  signer: Signer;
  /** mqtt:// or mqtts://; or how the broker is reached, asked before each dial. */
  url: string | (() => Way);
  /** Central's public key in hex as enrolment told it: no other is believed, from the first hello on. */
  centralKey?: string | undefined;
  /** The broker does not let this device in, or central does not take its key. */
  onRefused?: ((by: 'broker' | 'central') => void) | undefined;
  clock: Clock;
  /** Uniform in [0, 1). */
  chance(): number;
  randomHex(bytes: number): string;
  agentVersion: string;
  onState?: ((state: UplinkState) => void) | undefined;
  /**
   * What central asks of this computer, proven and in the present session: behind each welcome, perhaps with nothing in
   * it, and again until a report tells of it.
   */
  onCommand?: ((command: Command) => void) | undefined;
  /** A message of configuration for this store, as the broker kept it: not proven, and perhaps an old one. */
  onConfiguration?: ((message: ConfigurationMessage) => void) | undefined;
  /** How this store stands with its configuration, told in sessions in which a message of it came. */
  standing?: (() => ConfigurationStanding | null) | undefined;
  /** Sending is paused from the start on. */
  quiet?: boolean | undefined;
  log: Log;
  timers?: Timers | undefined;
};

export type Uplink = Reporting & {
  state(): UplinkState;
  /** Try now: a person asks for it, or the machine woke up. */
  nudge(): void;
  /** While it is so, nothing of the journal goes out; the line stays, for commands. */
  setQuiet(quiet: boolean): void;
  /** From then on; until it is said nothing is bounded beside what holds anyway. */
  setPolicy(policy: Policy): void;
  replay: Replay['run'];
  /** Says goodbye, hangs up, and resolves when nothing of it runs any more. */
  stop(): Promise<void>;
};

export function startUplink(options: UplinkOptions): Uplink {
  const timers = options.timers ?? systemTimers;
  const { loop, line, wakeTimer, reminder, effects, replay, reporting, nudge, view } = joinParts(options, timers);
  const forget = [feedCaptures(options.outbox, loop), feedConfirmed(options.outbox, loop)];

  async function stop(): Promise<void> {
    if (loop.hasEnded()) return loop.idle();
    loop.end();
    for (const stopListening of forget) stopListening();
    wakeTimer.cancel();
    reminder.cancel();
    effects.end();
    replay.broken();
    await within(GOODBYE_WAIT_MS, line.sayPresent(false), timers);
    line.hangUp();
    await effects.sent();
    await loop.idle();
  }

  const setQuiet = (quiet: boolean): void => loop.run(() => loop.feed({ kind: 'quiet', quiet }));
  const setPolicy = (policy: Policy): void => loop.run(() => loop.feed({ kind: 'policy', policy }));
  if (options.quiet === true) setQuiet(true);
  nudge();
  return { state: view, nudge, setQuiet, setPolicy, ...reporting, replay: replay.run, stop };
}

/** The parts call each other only once the first input is fed. */
function joinParts(options: UplinkOptions, timers: Timers) {
  const { outbox, clock, log, randomHex, url, agentVersion } = options;
  const { store } = outbox;
  const speaker: Speaker = { store, instance: randomHex(16), signer: options.signer };
  const downlink = makeDownlink({ outbox, speaker, clock, log, centralKey: options.centralKey });
  const loop = makeLoop({
    chance: options.chance,
    carryOut: (effect) => effects.carryOut(effect),
    onStep: tell,
    onError: (error) => log.error({ reason: messageOf(error) }, 'the uplink stumbled'),
  });
  let seen = viewOf(loop.session(), clock.wallMs(), null);

  const unlinked = (reason: string): Promise<void> => loop.feed({ kind: 'unlinked', reason });
  const line: Line = makeLine({
    ...{ dial: options.dial, way: typeof url === 'string' ? () => ({ url }) : url, store, clock, jobs: loop },
    events: {
      up() {
        void line.sayPresent(true);
        return loop.feed({ kind: 'linked' });
      },
      down(reason, refused) {
        log.info({ reason }, 'the line to the broker is gone');
        if (refused) options.onRefused?.('broker');
        return unlinked(reason);
      },
      async message(topic, payload) {
        const { input, reply, command, configuration } = await reception.take(topic, payload);
        if (reply !== null) say(reply).catch((error) => log.info({ reason: messageOf(error) }, 'no answer'));
        if (input?.kind === 'reject' && input.code === 'key') options.onRefused?.('central');
        if (input !== null) {
          replay.heard(input);
          await loop.feed(input);
        }
        if (command !== undefined) options.onCommand?.(command);
        if (configuration !== undefined) options.onConfiguration?.(configuration);
        reporting.tellStanding();
      },
      hungUp() {
        reception.forget();
        replay.broken();
      },
    },
  });
  const reception = makeReception({ topics: line.topics, store, downlink, log });
  const wakeTimer = makeWakeTimer({
    ...{ timers, clock, run: loop.run },
    onDue: () => loop.feed({ kind: 'timeout' }),
    async onSlept() {
      // The line is dead without knowing it.
      line.hangUp();
      await unlinked('This computer slept.');
      await loop.feed({ kind: 'resume' });
    },
  });
  const remind = (): Promise<void> => loop.feed({ kind: 'reminded' });
  const reminder = makeWakeTimer({ ...{ timers, clock, run: loop.run }, onDue: remind, onSlept: remind });
  const say = (frame: Uint8Array): Promise<void> => line.publish(line.topics.up, frame);
  const sending = makeSending(outbox, speaker, say, log);
  const greet = makeGreeting({ outbox, downlink, reception, speaker, say, clock, randomHex, agentVersion, log });
  const errands = makeErrandHands({ loop, outbox, reception, speaker, say, clock, timers, log });
  const nudge = (): void => loop.run(() => loop.feed({ kind: 'resume' }));
  const replay = makeReplay({ loop, reception, sending, timers, hello: nudge });
  const standing = options.standing ?? (() => null);
  const reporting = makeReporting({ reception, downlink, speaker, say, standing, clock, log });
  const effects: Effects = makeEffects({
    ...{ loop, line, outbox, reception, sending, errands, greet, wakeTimer, reminder, timers, log },
  });

  function tell(): void {
    const before = seen;
    const central = { trial: downlink.isTrial(), renewedMs: downlink.renewedMs(), skew: downlink.skew() ?? undefined };
    seen = viewOf(loop.session(), clock.wallMs(), before, central);
    if (seen !== before) options.onState?.(seen);
  }

  return { loop, line, wakeTimer, reminder, effects, replay, reporting, nudge, view: () => seen };
}

/** Many captures while the loop is busy are one input: the newest says it all. */
function feedCaptures(outbox: Pick<Outbox, 'onCaptured'>, loop: Pick<Loop, 'run' | 'feed'>): () => void {
  let newest: number | null = null;
  return outbox.onCaptured((seq) => {
    const isQueued = newest !== null;
    newest = seq;
    if (isQueued) return;
    loop.run(() => {
      const tip = newest ?? seq;
      newest = null;
      return loop.feed({ kind: 'captured', tip });
    });
  });
}

const feedConfirmed = (outbox: Pick<Outbox, 'onConfirmed'>, loop: Pick<Loop, 'run' | 'feed'>): (() => void) =>
  outbox.onConfirmed(({ agrees }) => loop.run(() => loop.feed({ kind: 'confirmed', agrees })));
