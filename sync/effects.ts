// The session's hands: what each of its effects does to line, journal and timer, and what follows where one fails.
import { assertNever } from '../core/assert.ts';
import { REPLY_WAIT_MS } from '../core/limits.ts';
import type { Line } from './line.ts';
import type { Loop } from './loop.ts';
import { messageOf } from './message-of.ts';
import type { Log, Outbox, Timers } from './ports.ts';
import type { Reception } from './reception.ts';
import type { Sending } from './sending.ts';
import type { Effect } from './session-words.ts';
import type { WakeTimer } from './wake-timer.ts';

export type EffectPorts = {
  loop: Pick<Loop, 'session' | 'run' | 'feed' | 'hasEnded'>;
  line: Pick<Line, 'dial' | 'hangUp'>;
  outbox: Pick<Outbox, 'settle' | 'beginEpoch'>;
  reception: Pick<Reception, 'talk' | 'proof'>;
  sending: Sending;
  greet(): Promise<void>;
  wakeTimer: Pick<WakeTimer, 'set'>;
  timers: Timers;
  log: Log;
};

export type Effects = {
  /** Never rejects. */
  carryOut(effect: Effect): Promise<void>;
  /** When no offer is being sent any more. */
  sent(): Promise<void>;
};

export function makeEffects(ports: EffectPorts): Effects {
  const { loop, line, outbox, reception, sending, log } = ports;
  let lastOffer: Promise<void> = Promise.resolve();

  async function perform(effect: Effect): Promise<void> {
    switch (effect.kind) {
      case 'dial':
        return line.dial();
      case 'hang-up':
        return line.hangUp();
      case 'greet':
        return ports.greet();
      case 'offer':
        return offer(effect);
      case 'settle':
        return settle(effect.seq);
      case 'begin-epoch':
        return outbox.beginEpoch(effect.reason);
      case 'hold':
        return log.error({ reason: effect.reason }, 'sending stopped');
      case 'wake':
        return ports.wakeTimer.set(effect.afterMs);
      default:
        return assertNever(effect);
    }
  }

  async function settle(seq: number): Promise<void> {
    const { epoch } = reception.talk();
    if (epoch !== null) await outbox.settle(epoch, seq, reception.proof());
  }

  /** Runs beside the loop: marks are heard while it reads the journal. */
  function offer({ n, after, entriesMax }: Effect & { kind: 'offer' }): void {
    const { session: nonce, codec, epoch } = reception.talk();
    if (nonce === null || epoch === null) return;
    const isWanted = (): boolean => {
      const session = loop.session();
      return !loop.hasEnded() && session.at === 'streaming' && session.session === nonce && session.offer?.n === n;
    };
    const before = lastOffer;
    lastOffer = sending
      .send({ after, entriesMax, context: { session: nonce, codec, epoch }, isWanted })
      .then((through) => loop.run(() => loop.feed({ kind: 'offered', session: nonce, n, through })))
      .then(() => before);
  }

  /** Only the journal fails here. Sending is tried again by the timer; these two may not be forgotten. */
  async function failed(effect: Effect, error: unknown): Promise<void> {
    log.error({ effect: effect.kind, reason: messageOf(error) }, 'the journal did not answer');
    if (effect.kind === 'settle') {
      line.hangUp();
      await loop.feed({ kind: 'unlinked', reason: 'The journal could not note what central holds.' });
    } else if (effect.kind === 'begin-epoch') {
      ports.timers.after(REPLY_WAIT_MS, () => loop.run(() => carryOut(effect)));
    }
  }

  const carryOut = (effect: Effect): Promise<void> => perform(effect).catch((error) => failed(effect, error));

  return { carryOut, sent: () => lastOffer };
}
