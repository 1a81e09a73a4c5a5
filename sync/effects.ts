// The session's hands: what each of its effects does to line, journal and timer, and what follows where one fails.
import { assertNever } from '../core/assert.ts';
import type { ErrandHands } from './errands.ts';
import type { Line } from './line.ts';
import type { Loop } from './loop.ts';
import { messageOf } from './message-of.ts';
import type { Log, Outbox, Timers } from './ports.ts';
import { NEWCOMER } from './reasons.ts';
import type { Reception } from './reception.ts';
import type { Sending } from './sending.ts';
import type { Effect, Input } from './session-words.ts';
import type { WakeTimer } from './wake-timer.ts';

export type EffectPorts = {
  loop: Pick<Loop, 'session' | 'run' | 'feed' | 'hasEnded'>;
  line: Pick<Line, 'dial' | 'hangUp'>;
  outbox: Pick<Outbox, 'heads' | 'settle' | 'beginEpoch' | 'supersede' | 'lastProof'>;
  reception: Pick<Reception, 'talk' | 'proof'>;
  sending: Sending;
  errands: ErrandHands;
  greet(): Promise<void>;
  wakeTimer: Pick<WakeTimer, 'set'>;
  reminder: Pick<WakeTimer, 'set'>;
  timers: Timers;
  log: Log;
};

export type Effects = {
  /** Never rejects. */
  carryOut(effect: Effect): Promise<void>;
  /** When nothing is being sent any more. */
  sent(): Promise<void>;
  /** Forgets what was to be done later. */
  end(): void;
};

export function makeEffects(ports: EffectPorts): Effects {
  const { loop, line, outbox, reception, sending, errands, log } = ports;
  let lastOffer: Promise<void> = Promise.resolve();
  const later = new Set<() => void>();

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
        return beginEpoch(effect);
      case 'prepare':
        return errands.prepare(effect);
      case 'supersede':
        return supersede(effect.after);
      case 'digest':
        return errands.digest();
      case 'recall':
        return errands.recall();
      case 'compare':
        return errands.compare();
      case 'hold':
        return log.error({ reason: effect.reason }, 'sending stopped');
      case 'wake':
        return ports.wakeTimer.set(effect.afterMs);
      case 'remind':
        return ports.reminder.set(effect.afterMs);
      case 'forget-fork':
        return feedLater(effect.afterMs, { kind: 'fork-forgotten' });
      case 'rest':
        return feedLater(effect.afterMs, { kind: 'rested' });
      default:
        return assertNever(effect);
    }
  }

  async function settle(seq: number): Promise<void> {
    const { epoch } = reception.talk();
    const proof = reception.proof();
    if (epoch !== null && proof !== null) await outbox.settle(epoch, seq, proof.frame, proof.stated);
  }

  async function beginEpoch({ reason, above }: Effect & { kind: 'begin-epoch' }): Promise<void> {
    const { epoch } = await outbox.heads();
    // Begun already where the first answer was lost.
    const ordinal = epoch.ordinal > above ? epoch.ordinal : Math.max(epoch.ordinal, above) + 1;
    // A journal that central never confirmed anything of is no old copy.
    const why = (await outbox.lastProof()) === null ? NEWCOMER : reason;
    log.warn({ reason: why, before: epoch, ordinal }, 'the journal begins a new epoch');
    await outbox.beginEpoch(why, ordinal);
    loop.run(() => loop.feed({ kind: 'epoch-begun', ordinal }));
  }

  async function supersede(after: number): Promise<void> {
    log.warn({ after }, 'central holds another log: decisions behind this one are set aside');
    await outbox.supersede(after);
    loop.run(() => loop.feed({ kind: 'superseded' }));
  }

  function feedLater(afterMs: number, input: Input): void {
    const cancel = ports.timers.after(afterMs, () => {
      later.delete(cancel);
      loop.run(() => loop.feed(input));
    });
    later.add(cancel);
  }

  function end(): void {
    for (const cancel of later) cancel();
    later.clear();
  }

  /** Runs beside the loop: marks are heard while it reads the journal. */
  function offer({ n, after, entriesMax, bytesMax }: Effect & { kind: 'offer' }): void {
    const { session: nonce, codec, epoch } = reception.talk();
    if (nonce === null || epoch === null) return;
    const isWanted = (): boolean => {
      const session = loop.session();
      return !loop.hasEnded() && session.at === 'streaming' && session.session === nonce && session.offer?.n === n;
    };
    let bytes = 0;
    const onHanded = (more: number): void => {
      bytes += more;
    };
    const before = lastOffer;
    lastOffer = sending
      .send({ after, entriesMax, bytesMax, context: { session: nonce, codec, epoch }, isWanted, onHanded })
      .then((through) => loop.run(() => loop.feed({ kind: 'offered', session: nonce, n, through, bytes })))
      .then(() => before);
  }

  /** Only the journal fails here. All is tried again by the timers, but for this: central says it once. */
  async function failed(effect: Effect, error: unknown): Promise<void> {
    log.error({ effect: effect.kind, reason: messageOf(error) }, 'the journal did not answer');
    if (effect.kind === 'settle') {
      line.hangUp();
      await loop.feed({ kind: 'unlinked', reason: 'The journal could not note what central holds.' });
    }
  }

  const carryOut = (effect: Effect): Promise<void> => perform(effect).catch((error) => failed(effect, error));

  const sent = async (): Promise<void> => {
    await lastOffer;
    await errands.idle();
  };

  return { carryOut, sent, end };
}
