// The words of the session: its states, what can happen to it, and what it wants done.
import type { Reject } from '../protocol/wire/frames.ts';

/** What every state carries on. */
export type Carried = {
  /** The wait before the last dial, from which the next one is made. */
  waitMs: number;
  /** Frames refused since the last progress. */
  rejects: number;
  /** Why central turned this agent away, until it welcomes it again; shown as held. */
  turnedAway: string | null;
  /** What a person is told beside the state. */
  reason: string | null;
  /** Entries in one offer: fewer after a missed reply, for the line may be slow; more again with each mark. */
  entriesMax: number;
};

/** acked <= sent <= tip: what central said it holds, what was sent, what is captured. */
export type Stream = Carried & {
  at: 'streaming';
  /** Nonce of the session; a mark that names another one is not for us. */
  session: string;
  acked: number;
  sent: number;
  tip: number;
  settled: number;
  /** Entries that may be in flight beyond acked, as central last said. */
  credit: number;
  /** The one offer that the driver is sending. */
  offer: { n: number; after: number } | null;
  /** Last entry of each batch in flight. */
  flights: number[];
  /** Offers made in this session. */
  offers: number;
  /** What the timer waits for: central's answer, central's credit, or only the next check. */
  due: 'reply' | 'credit' | 'check';
  /** Replies missed in a row. */
  misses: number;
};

export type Session =
  /** No link. Waits for the next dial, or for the dial to end. */
  | (Carried & { at: 'offline'; dialling: boolean })
  /** Linked. A hello was sent (asked), or will be when the timer ends. */
  | (Carried & {
      at: 'greeting';
      asked: boolean;
      misses: number;
      /** Central answered a moment ago: it is only asked again, people still see "online". */
      checking: boolean;
    })
  | Stream
  /** Captures, sends nothing. With `retry` it says hello again after a long wait; otherwise until a restart. */
  | (Carried & { at: 'held'; retry: boolean });

/** How what central holds compares with our journal. */
export type History =
  /** Same epoch, and the same chain at central's sequence number; or central holds nothing. */
  | 'same'
  /** Central holds more than this journal has, or something else, or a later epoch: an old copy or a clone (L7). */
  | 'other'
  /** Central holds an earlier epoch of this store and has not granted the present one. */
  | 'ungranted';

export type Facts = {
  /** Nonce of the session that central opened. */
  session: string;
  history: History;
  /** Last entry that central holds. */
  seq: number;
  credit: number;
  /** Where our journal stands: last entry, and last settled one. */
  tip: number;
  settled: number;
};

export type Input =
  | { kind: 'linked' }
  | { kind: 'unlinked'; reason: string }
  | { kind: 'timeout' }
  | { kind: 'captured'; tip: number }
  | { kind: 'welcome'; facts: Facts }
  /** A mark of central for the present epoch; sameHistory: its chain is ours at seq (L3). */
  | { kind: 'mark'; session: string; seq: number; sameHistory: boolean; credit: number }
  /** What the driver sent for offer n: everything up to `through`. */
  | { kind: 'offered'; session: string; n: number; through: number }
  /** proven: signed with central's pinned key. */
  | { kind: 'reject'; code: Reject['code']; message: string; proven: boolean }
  | { kind: 'fence'; reason: string }
  /** Central announced itself: only a hint. */
  | { kind: 'central-present' }
  /** Someone answered whom we don't believe. */
  | { kind: 'doubted'; reason: string }
  /** The machine slept, or a person wants it now. */
  | { kind: 'resume' };

export type Effect =
  | { kind: 'dial' }
  | { kind: 'hang-up' }
  | { kind: 'greet' }
  /** Send entries behind `after`, at most so many, then say `offered`. Replaces an offer that is still under way. */
  | { kind: 'offer'; n: number; after: number; entriesMax: number }
  | { kind: 'settle'; seq: number }
  | { kind: 'begin-epoch'; reason: string }
  | { kind: 'hold'; reason: string }
  /** There is one timer: this replaces it. */
  | { kind: 'wake'; afterMs: number };

export type Step = readonly [Session, ...Effect[]];
