// Says entries again that central holds already: it compares the chain of each batch and answers with a mark.
import { REPLAY_ANSWER_WAIT_MS, REPLAY_ENTRIES_MAX } from '../core/limits/commands.ts';
import { BATCH_ENTRIES_MAX } from '../core/limits.ts';
import type { Loop } from './loop.ts';
import type { Timers } from './ports.ts';
import type { Reception } from './reception.ts';
import type { Sending } from './sending.ts';
import type { Input, Stream } from './session-words.ts';
import { within } from './waits.ts';

/** Of the present epoch; without `first` as much as goes at once, without `last` up to what central holds. */
export type ReplayRange = { first?: number | undefined; last?: number | undefined };

export type Replayed =
  /** All of it was said, and central found nothing else under those numbers. */
  | { kind: 'done'; first: number; last: number }
  /** It cannot be done now, or not at all. */
  | { kind: 'declined'; reason: string }
  /** The line broke, or central refused something; `through` was the last one said. */
  | { kind: 'stopped'; through: number; reason: string };

export type Replay = {
  run(range: ReplayRange, onSaid: (through: number) => void): Promise<Replayed>;
  /** What central says while it goes on. */
  heard(input: Input): void;
  /** There is no line any more: nobody answers. */
  broken(): void;
};

type Parts = {
  loop: Pick<Loop, 'session' | 'hasEnded'>;
  reception: Pick<Reception, 'talk'>;
  sending: Sending;
  timers: Timers;
};

const NO_SESSION = 'There is no conversation with head office now.';
const PAUSED = 'Sending is paused: resume it first.';
const EARLIER = 'Head office is being given back an earlier part of the history: that goes first.';
const EMPTY = 'Head office holds nothing of this range that could be said again: what it does not hold is sent anyway.';
const BROKEN = 'The line broke. Nothing is lost; ask again for what is left.';

export function makeReplay({ loop, reception, sending, timers }: Parts): Replay {
  let answered: ((refusal: string | null) => void) | null = null;
  const answerOf = (input: Input): string | null | undefined => {
    if (input.kind === 'mark') return null;
    return input.kind === 'reject' ? input.message : undefined;
  };

  /** Undefined where nothing came in time. */
  async function anAnswer(): Promise<string | null | undefined> {
    let answer: string | null | undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    answered = (refusal) => {
      answer = refusal;
      resolve();
    };
    await within(REPLAY_ANSWER_WAIT_MS, promise, timers);
    answered = null;
    return answer;
  }

  async function run(range: ReplayRange, onSaid: (through: number) => void): Promise<Replayed> {
    const began = streamNow(loop);
    const { session: nonce, codec, epoch } = reception.talk();
    if (typeof began === 'string') return { kind: 'declined', reason: began };
    if (nonce === null || epoch === null) return { kind: 'declined', reason: NO_SESSION };
    const bounds = boundsOf(range, began);
    if (typeof bounds === 'string') return { kind: 'declined', reason: bounds };
    const isWanted = (): boolean => {
      const now = streamNow(loop);
      return typeof now !== 'string' && now.session === nonce;
    };
    let through = bounds.first - 1;
    while (through < bounds.last) {
      const entriesMax = Math.min(BATCH_ENTRIES_MAX, bounds.last - through);
      // Heard from now on: the answer may come before the broker has said that it took the batch.
      const answer = anAnswer();
      const said = await sending.send({
        after: through,
        entriesMax,
        context: { session: nonce, codec, epoch },
        isWanted,
      });
      if (said === through) answered?.(BROKEN);
      const refusal = await answer;
      through = said;
      if (refusal !== null) return { kind: 'stopped', through, reason: refusal ?? BROKEN };
      onSaid(through);
    }
    return { kind: 'done', ...bounds };
  }

  return {
    run,
    heard(input) {
      const answer = answerOf(input);
      if (answer !== undefined) answered?.(answer);
    },
    broken: () => answered?.(BROKEN),
  };
}

/** The stream in which entries can be said again, or why there is none. */
function streamNow({ session, hasEnded }: Pick<Loop, 'session' | 'hasEnded'>): Stream | string {
  const now = session();
  if (hasEnded() || now.at !== 'streaming') return NO_SESSION;
  if (now.quiet) return PAUSED;
  return now.isPresent ? now : EARLIER;
}

/** Only what central holds: all else is on its way by itself. */
function boundsOf(range: ReplayRange, { acked }: Stream): { first: number; last: number } | string {
  const last = Math.min(range.last ?? acked, acked);
  const first = range.first ?? Math.max(1, last - REPLAY_ENTRIES_MAX + 1);
  if (last < first) return EMPTY;
  const count = last - first + 1;
  if (count <= REPLAY_ENTRIES_MAX) return { first, last };
  return `${count} entries are too many at a time: ask for at most ${REPLAY_ENTRIES_MAX}.`;
}
