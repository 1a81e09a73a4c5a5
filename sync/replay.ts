// Says entries again that central holds already: it compares the chain of each batch and answers with a mark.
import { REPLAY_ANSWER_WAIT_MS, REPLAY_ENTRIES_MAX } from '../core/limits/commands.ts';
import { BATCH_ENTRIES_MAX } from '../core/limits.ts';
import type { Loop } from './loop.ts';
import { isSilent, offerBytes, restMs } from './policy.ts';
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
  /** Begins the conversation anew: its welcome comes behind all other answers. */
  hello(): void;
};

const NO_SESSION = 'There is no conversation with head office now.';
const RESTS = 'Entries are not sent at this time of day, as the configuration of this store says.';
const PAUSED = 'Sending is paused: resume it first.';
const EARLIER = 'Head office is being given back an earlier part of the history: that goes first.';
const EMPTY = 'Head office holds nothing of this range that could be said again: what it does not hold is sent anyway.';
const BROKEN = 'The line broke. Nothing is lost; ask again for what is left.';

export function makeReplay({ loop, reception, sending, timers, hello }: Parts): Replay {
  /** What ends the present wait; null while nothing is replayed. */
  let waiting: { isOver(input: Input): boolean; end(): void } | null = null;
  /** What central refused since the replay began, or that the line broke. */
  let trouble: string | null = null;

  /** False where it did not come in time. */
  async function until(isOver: (input: Input) => boolean, ms = REPLAY_ANSWER_WAIT_MS): Promise<boolean> {
    let isHere = false;
    const { promise, resolve } = Promise.withResolvers<void>();
    const end = (): void => {
      isHere = true;
      resolve();
    };
    waiting = { isOver, end };
    await within(ms, promise, timers);
    waiting = null;
    return isHere;
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
    trouble = null;
    let through = bounds.first - 1;
    while (through < bounds.last) {
      const entriesMax = Math.min(BATCH_ENTRIES_MAX, bounds.last - through);
      // Heard from now on: the answer may come before the broker has said that it took the batch.
      const answer = until(({ kind }) => kind === 'mark');
      const context = { session: nonce, codec, epoch };
      const { policy } = loop.session();
      let bytes = 0;
      const onHanded = (more: number): void => {
        bytes += more;
      };
      const offer = { after: through, entriesMax, ...offerBytes(policy), context, isWanted, onHanded };
      const said = await sending.send(offer);
      if (said === through) broken();
      const isAnswered = await answer;
      through = said;
      if (trouble !== null || !isAnswered) return { kind: 'stopped', through, reason: trouble ?? BROKEN };
      onSaid(through);
      const waitMs = restMs(policy, bytes);
      if (waitMs > 0) await until(() => false, waitMs);
    }
    // A mark may have answered something else; what is said last is answered last.
    const welcome = until(({ kind }) => kind === 'welcome');
    hello();
    const isWelcome = await welcome;
    return trouble === null && isWelcome
      ? { kind: 'done', ...bounds }
      : { kind: 'stopped', through, reason: trouble ?? BROKEN };
  }

  function stopBy(reason: string): void {
    if (waiting === null) return;
    trouble ??= reason;
    waiting.end();
  }

  const broken = (): void => stopBy(BROKEN);

  return {
    run,
    heard(input) {
      if (input.kind === 'reject') stopBy(input.message);
      else if (waiting?.isOver(input) === true) waiting.end();
    },
    broken,
  };
}

/** The stream in which entries can be said again, or why there is none. */
function streamNow({ session, hasEnded }: Pick<Loop, 'session' | 'hasEnded'>): Stream | string {
  const now = session();
  if (hasEnded() || now.at !== 'streaming') return NO_SESSION;
  if (isSilent(now)) return now.quiet ? PAUSED : RESTS;
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
