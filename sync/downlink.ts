// What central says, checked and compared with the journal, becomes an input of the session and perhaps an answer.
import { assertNever } from '../core/assert.ts';
import { type Epoch, sameEpoch } from '../core/chain.ts';
import { type ClockSample, measureSkew, readClock } from '../core/clock-check.ts';
import type { Codec, Mark, Welcome } from '../protocol/wire/frames.ts';
import type { Command } from '../protocol/wire/order-frames.ts';
import { type AnswerPorts, type Asked, makeAnswers } from './answers.ts';
import { compareHistory, holds } from './history.ts';
import { type Heard, hear } from './incoming.ts';
import type { Stated } from './ports.ts';
import type { Input } from './session-words.ts';

/** What was said so far on this link: the hello that waits, or the session that its welcome opened. */
export type Talk = Asked & {
  hello: string | null;
  session: string | null;
  codec: Codec;
  /** When that hello went out, by our monotonic clock. */
  askedMs: number | null;
  /** The epoch that is streamed in this session. */
  epoch: Epoch | null;
  /** Central speaks of commands in this session, so it takes reports. */
  reports: boolean;
};

export const NOTHING_SAID: Talk = {
  hello: null,
  session: null,
  codec: 'none',
  askedMs: null,
  epoch: null,
  recalled: false,
  compared: null,
  reports: false,
};

/** A signed frame that covers entries, as text, and what it says of central's book there. */
export type Proof = { frame: string; stated: Stated | null };

/** `proof` covers what the input settles; `reply` is a frame for central, to be sent whatever the input does. */
export type Taken = {
  input: Input | null;
  talk: Talk;
  proof: Proof | null;
  reply: Uint8Array | null;
  /** What central asks of this computer, beside the session. */
  command?: Command | undefined;
};

export type Downlink = {
  /** Reads what is remembered of central over restarts; cheap once it has succeeded. */
  load(): Promise<void>;
  /** Central's incarnation as last seen. */
  incarnation(): string | null;
  /** The central of the last welcome, also before a restart, keeps what it has only for a trial. */
  isTrial(): boolean;
  /** When central was last seen to have been put back or set up anew; null where it never was. */
  renewedMs(): number | null;
  /** Our clock beside central's, at its last welcome. */
  skew(): ClockSample | null;
  /** Null where the frame says nothing to this session. Rejects where the journal does not answer. */
  take(payload: Uint8Array, talk: Talk): Promise<Taken | null>;
};

const CENTRAL_KEY = 'central-key';
const INCARNATION = 'central-incarnation';
const RENEWED = 'central-renewed-ms';
const TRIAL = 'central-trial';

/** `centralKey`: as enrolment told it; the first welcome's is believed where it did not (D21). */
export type DownlinkPorts = AnswerPorts & { centralKey?: string | undefined };

export function makeDownlink(ports: DownlinkPorts): Downlink {
  const { outbox, speaker, clock, log } = ports;
  const answers = makeAnswers(ports);
  let centralKey: string | null = null;
  let incarnation: string | null = null;
  let renewedMs: number | null = null;
  let trial = false;
  let skew: ClockSample | null = null;
  let loaded = false;

  async function load(): Promise<void> {
    if (loaded) return;
    centralKey = await outbox.readSetting(CENTRAL_KEY);
    if (centralKey === null && ports.centralKey !== undefined) {
      await outbox.writeSetting(CENTRAL_KEY, ports.centralKey);
      centralKey = ports.centralKey;
    }
    incarnation = await outbox.readSetting(INCARNATION);
    const renewed = await outbox.readSetting(RENEWED);
    renewedMs = renewed === null ? null : Number(renewed);
    trial = (await outbox.readSetting(TRIAL)) === 'yes';
    loaded = true;
  }

  async function take(payload: Uint8Array, talk: Talk): Promise<Taken | null> {
    const heardAt = readClock(clock);
    await load();
    const { store } = outbox;
    const { hello, session } = talk;
    const heard = hear(payload, { store, instance: speaker.instance, centralKey, hello, session });
    const only = (input: Input): Taken => ({ input, talk, proof: null, reply: null });
    if (heard.kind === 'stale') {
      log.info({ what: heard.what }, 'ignored a frame');
      return null;
    }
    if (heard.kind === 'doubted') {
      log.warn({ reason: heard.reason }, 'refused a frame');
      return only({ kind: 'doubted', reason: heard.reason });
    }
    if (heard.frame.kind === 'welcome' && talk.askedMs !== null) {
      skew = measureSkew(talk.askedMs, heardAt, heard.frame.at) ?? skew;
    }
    return takeFrame(heard, talk, only);
  }

  async function takeFrame(
    { frame, proven }: Heard & { kind: 'frame' },
    talk: Talk,
    only: (input: Input) => Taken,
  ): Promise<Taken | null> {
    const within = { session: talk.session ?? '', codec: talk.codec };
    switch (frame.kind) {
      case 'welcome':
        return takeWelcome(frame);
      case 'mark':
        return takeMark(frame, talk);
      case 'directives':
        return { talk, proof: null, ...(await answers.directives(frame, within, centralKey ?? '')) };
      case 'batch':
        return { talk, proof: null, ...(await answers.branch(frame, talk)) };
      case 'compare':
        return { talk, proof: null, ...(await answers.shelves(frame, within, talk)) };
      case 'command':
        return { input: null, talk: { ...talk, reports: true }, proof: null, reply: null, command: frame };
      case 'reject':
        log.warn({ code: frame.code, message: frame.message, proven }, 'central rejected a frame');
        return only({ kind: 'reject', code: frame.code, message: frame.message, proven });
      case 'fence':
        return proven
          ? only({ kind: 'fence', reason: frame.reason })
          : only({ kind: 'reject', code: 'session', message: frame.reason, proven });
      default:
        return assertNever(frame);
    }
  }

  async function takeWelcome(welcome: Welcome): Promise<Taken> {
    const [heads, ours] = [await outbox.heads(), await outbox.directives()];
    const { standing, epoch, tip, keeps } = await compareHistory(outbox, heads, ours, welcome);
    const missing = (await outbox.missing()) !== null;
    await remember(welcome);
    const { session, codec, seq, credit } = welcome;
    const facts = {
      ...{
        session,
        standing,
        ordinal: welcome.epoch?.ordinal ?? 0,
        seq,
        credit,
        tip,
        settled: heads.settled,
        missing,
        keeps,
      },
      ...{ stated: welcome.directives.dseq, applied: ours.dseq },
    };
    return {
      input: { kind: 'welcome', facts },
      talk: { ...NOTHING_SAID, session, codec, epoch },
      proof: { frame: JSON.stringify(welcome), stated: null },
      reply: null,
    };
  }

  async function takeMark(mark: Mark, talk: Talk): Promise<Taken | null> {
    const { epoch, seq, chain, credit, session, dseq, digest, outcomes } = mark;
    if (talk.epoch === null || !sameEpoch(epoch, talk.epoch)) {
      return { input: { kind: 'elsewhere', session }, talk, proof: null, reply: null };
    }
    const sameHistory = await holds(outbox, epoch, seq, chain);
    const stated = digest === null || outcomes === null ? null : { dseq, digest, outcomes };
    const { ordinal } = epoch;
    return {
      input: { kind: 'mark', session, ordinal, seq, sameHistory, credit, dseq, states: stated !== null },
      talk,
      proof: { frame: JSON.stringify(mark), stated },
      reply: null,
    };
  }

  /** The first welcome's key is pinned; from then on nothing else speaks for central (D21). */
  async function remember(welcome: Welcome): Promise<void> {
    if (centralKey === null) {
      await outbox.writeSetting(CENTRAL_KEY, welcome.publicKey);
      centralKey = welcome.publicKey;
      log.info({ keyId: welcome.keyId }, "pinned central's key");
    }
    if (trial !== welcome.trial) await outbox.writeSetting(TRIAL, welcome.trial ? 'yes' : 'no');
    trial = welcome.trial;
    if (incarnation === welcome.incarnation) return;
    if (incarnation !== null) {
      log.warn({ before: incarnation, now: welcome.incarnation }, 'central was put back or set up anew');
      renewedMs = clock.wallMs();
      await outbox.writeSetting(RENEWED, String(renewedMs));
    }
    await outbox.writeSetting(INCARNATION, welcome.incarnation);
    incarnation = welcome.incarnation;
  }

  return {
    load,
    incarnation: () => incarnation,
    isTrial: () => trial,
    renewedMs: () => renewedMs,
    skew: () => skew,
    take,
  };
}
