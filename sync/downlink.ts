// What central says, checked and compared with the journal, becomes an input of the session.
import { assertNever } from '../core/assert.ts';
import type { Epoch } from '../core/chain.ts';
import type { Codec, Mark, Welcome } from '../protocol/wire/frames.ts';
import { compareHistory, holds } from './history.ts';
import { hear } from './incoming.ts';
import type { Log, Outbox } from './ports.ts';
import type { Input } from './session-words.ts';

/** What was said so far on this link: the hello that waits, or the session that its welcome opened. */
export type Talk = { hello: string | null; session: string | null; codec: Codec; epoch: Epoch | null };

export const NOTHING_SAID: Talk = { hello: null, session: null, codec: 'none', epoch: null };

/** `proof` is the signed frame that covers what the input settles, as text. */
export type Taken = { input: Input; talk: Talk; proof: string | null };

export type Downlink = {
  /** Reads what is remembered of central over restarts; cheap once it has succeeded. */
  load(): Promise<void>;
  /** Central's incarnation as last seen. */
  incarnation(): string | null;
  /** The central of the last welcome keeps what it has only for a trial. */
  isTrial(): boolean;
  /** Null where the frame says nothing to this session. Rejects where the journal does not answer. */
  take(payload: Uint8Array, talk: Talk): Promise<Taken | null>;
};

const CENTRAL_KEY = 'central-key';
const INCARNATION = 'central-incarnation';

export function makeDownlink(outbox: Outbox, instance: string, log: Log): Downlink {
  let centralKey: string | null = null;
  let incarnation: string | null = null;
  let trial = false;
  let loaded = false;

  async function load(): Promise<void> {
    if (loaded) return;
    centralKey = await outbox.readSetting(CENTRAL_KEY);
    incarnation = await outbox.readSetting(INCARNATION);
    loaded = true;
  }

  async function take(payload: Uint8Array, talk: Talk): Promise<Taken | null> {
    await load();
    const heard = hear(payload, {
      store: outbox.store,
      instance,
      centralKey,
      hello: talk.hello,
      session: talk.session,
    });
    if (heard.kind === 'stale') {
      log.info({ what: heard.what }, 'ignored a frame');
      return null;
    }
    if (heard.kind === 'doubted') {
      log.warn({ reason: heard.reason }, 'refused a frame');
      return { input: { kind: 'doubted', reason: heard.reason }, talk, proof: null };
    }
    const { frame, proven } = heard;
    switch (frame.kind) {
      case 'welcome':
        return takeWelcome(frame);
      case 'mark':
        return takeMark(frame, talk);
      case 'reject':
        log.warn({ code: frame.code, message: frame.message, proven }, 'central rejected a frame');
        return { input: { kind: 'reject', code: frame.code, message: frame.message, proven }, talk, proof: null };
      case 'fence': {
        const input: Input = proven
          ? { kind: 'fence', reason: frame.reason }
          : { kind: 'reject', code: 'session', message: frame.reason, proven };
        return { input, talk, proof: null };
      }
      default:
        return assertNever(frame);
    }
  }

  async function takeWelcome(welcome: Welcome): Promise<Taken> {
    const heads = await outbox.heads();
    const history = await compareHistory(outbox, heads, welcome);
    await remember(welcome);
    trial = welcome.trial;
    const { session, codec, seq, credit } = welcome;
    return {
      input: { kind: 'welcome', facts: { session, history, seq, credit, tip: heads.seq, settled: heads.settled } },
      talk: { hello: null, session, codec, epoch: heads.epoch },
      proof: JSON.stringify(welcome),
    };
  }

  async function takeMark(mark: Mark, talk: Talk): Promise<Taken | null> {
    const { epoch, seq, chain, credit, session } = mark;
    if (talk.epoch === null || epoch.life !== talk.epoch.life || epoch.ordinal !== talk.epoch.ordinal) {
      log.info({ epoch }, 'ignored a mark of another epoch');
      return null;
    }
    const sameHistory = await holds(outbox, epoch, seq, chain);
    return { input: { kind: 'mark', session, seq, sameHistory, credit }, talk, proof: JSON.stringify(mark) };
  }

  /** The first welcome's key is pinned; from then on nothing else speaks for central (D21). */
  async function remember(welcome: Welcome): Promise<void> {
    if (centralKey === null) {
      await outbox.writeSetting(CENTRAL_KEY, welcome.publicKey);
      centralKey = welcome.publicKey;
      log.info({ keyId: welcome.keyId }, "pinned central's key");
    }
    if (incarnation === welcome.incarnation) return;
    if (incarnation !== null) log.warn({ before: incarnation, now: welcome.incarnation }, 'central was set up anew');
    await outbox.writeSetting(INCARNATION, welcome.incarnation);
    incarnation = welcome.incarnation;
  }

  return { load, incarnation: () => incarnation, isTrial: () => trial, take };
}
