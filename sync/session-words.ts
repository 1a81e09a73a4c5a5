// The words of the session: its states, what can happen to it, and what it wants done.
import type { Reject } from '../protocol/wire/frames.ts';
import type { Policy } from './policy.ts';

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
  /** New epochs begun in the last hour. */
  forks: number;
  /** Central's ordinal, above which the journal is to begin an epoch before anything else is said (L7). */
  beginning: number | null;
  /** Behind this one directives were given back, and no entry was sent since: the last one that central said it holds. */
  gives: number | null;
  /** A person paused sending: no entry goes out, and nothing is told of them. All else goes on. */
  quiet: boolean;
  /** Times something was asked again (directives, a branch, a hello) without any progress: each wait is longer. */
  tries: number;
  policy: Policy;
  /** Rests after offers that go on: entries wait, so that no more bytes go out in a second than they may. */
  rests: number;
};

/** acked <= sent <= tip: what central said it holds, what was sent, what is captured. */
export type Stream = Carried & {
  at: 'streaming';
  /** Nonce of the session; a mark that names another one is not for us. */
  session: string;
  /** False for an earlier epoch that a restored central lost: all of it is settled already. */
  isPresent: boolean;
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
  /** What the timer waits for: what goes first, central's answer, central's credit, or only the next check. */
  due: 'prepared' | 'reply' | 'credit' | 'check';
  /** Replies missed in a row. */
  misses: number;
  errands: Errands;
};

/** What goes on beside the entries, in one session. */
export type Errands = {
  /** Directives are given back, or the provisional digest is told: entries wait. */
  preparing: boolean;
  /** Last directive that central has stepped, as it said, and last one that is applied here. */
  stated: number;
  applied: number;
  /** The cut whose statement the journal was last given. */
  noted: { seq: number; dseq: number } | null;
  /** Entries of a closed epoch are missing here; batches that came for the last recall. */
  missing: boolean;
  recalled: number;
  /** Where the books differ: entries wait for central's answer. Sums that were told in this session. */
  comparing: boolean;
  compares: number;
  /** The books were compared to the end: not again in this session, unless they agreed in between. */
  compared: boolean;
  /** The reminder runs. */
  reminder: boolean;
  /** What moved on since the last reminder. */
  moved: { directives: boolean; branch: boolean; comparison: boolean };
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
export type Standing =
  /** Same epoch, and the same chain at central's sequence number; or central holds nothing. */
  | 'same'
  /** An earlier epoch of the granted history, with our chain: central was restored and is filled again. */
  | 'earlier'
  /** Central holds more than this journal has, or something else, or a later epoch: an old copy or a clone (L7). */
  | 'other'
  /**
   * Central holds an earlier epoch of which nothing is here, and has not granted the present one, or forgot that it did:
   * its directives go back to it, entries do not.
   */
  | 'ungranted'
  /** Central said otherwise before, and signed it: its directives, or an epoch it granted. */
  | 'contradicted';

export type Facts = {
  /** Nonce of the session that central opened. */
  session: string;
  standing: Standing;
  /** Ordinal of the epoch that central holds; 0 where it holds nothing. */
  ordinal: number;
  /** Last entry that central holds. */
  seq: number;
  credit: number;
  /** Where our journal stands in that epoch: last entry, and last settled one. */
  tip: number;
  settled: number;
  /** Last directive that central holds, and last one that is applied here. */
  stated: number;
  applied: number;
  /** Entries of a closed epoch are missing here. */
  missing: boolean;
  /** Where central contradicts what it said before: the last directive that can stay, 0 for none. */
  keeps: number;
};

export type Input =
  | { kind: 'linked' }
  | { kind: 'unlinked'; reason: string }
  | { kind: 'timeout' }
  | { kind: 'captured'; tip: number }
  | { kind: 'welcome'; facts: Facts }
  /**
   * A mark of central for the epoch that is streamed; sameHistory: its chain is ours at seq (L3). Says where the
   * directives stand at that cut, and perhaps what the book comes to there.
   */
  | {
      kind: 'mark';
      session: string;
      ordinal: number;
      seq: number;
      sameHistory: boolean;
      credit: number;
      dseq: number;
      states: boolean;
    }
  /** A mark for another epoch: central has moved on, or was put back. */
  | { kind: 'elsewhere'; session: string }
  /** What goes before the entries was sent. */
  | { kind: 'prepared'; session: string }
  /** What the driver sent for offer n: everything up to `through`, in so many bytes on the line. */
  | { kind: 'offered'; session: string; n: number; through: number; bytes: number }
  /** Directives up to dseq are applied. */
  | { kind: 'applied'; dseq: number; missing: boolean }
  /** Entries of a closed epoch came and were kept. */
  | { kind: 'recalled'; missing: boolean }
  /** The book here has come to a mark's cut. */
  | { kind: 'confirmed'; agrees: boolean }
  /** Central's shelves came; what could be mended is mended, the rest was named. */
  | { kind: 'compared' }
  /** The journal has begun the epoch. */
  | { kind: 'epoch-begun'; ordinal: number }
  /** An hour has passed since a fork. */
  | { kind: 'fork-forgotten' }
  /** The second timer: what goes on beside the entries is looked after. */
  | { kind: 'reminded' }
  /** proven: signed with central's pinned key. */
  | { kind: 'reject'; code: Reject['code']; message: string; proven: boolean }
  | { kind: 'fence'; reason: string }
  /** Central signed what cannot be true beside what it signed before: null where no directive of ours is about it. */
  | { kind: 'contradicted'; keeps: number | null }
  /** Directives that no longer stand are set aside. */
  | { kind: 'superseded' }
  /** Central announced itself: only a hint. */
  | { kind: 'central-present' }
  /** Someone answered whom we don't believe. */
  | { kind: 'doubted'; reason: string }
  /** A person pauses sending, or lets it go on. */
  | { kind: 'quiet'; quiet: boolean }
  /** Head office configures how entries are sent, or its times begin or end. */
  | { kind: 'policy'; policy: Policy }
  /** A rest is over. */
  | { kind: 'rested' }
  /** The machine slept, or a person wants it now. */
  | { kind: 'resume' };

export type Effect =
  | { kind: 'dial' }
  | { kind: 'hang-up' }
  | { kind: 'greet' }
  /** Before the entries: directives behind `give` that central lost, and the provisional digest; then say `prepared`. */
  | { kind: 'prepare'; give: number | null; digest: boolean }
  /**
   * Send entries behind `after`, at most so many and so large together (at least one), then say `offered`. Replaces an
   * offer that is still under way.
   */
  | { kind: 'offer'; n: number; after: number; entriesMax: number; bytesMax?: number | undefined }
  /** Note what the last welcome or mark says. */
  | { kind: 'settle'; seq: number }
  | { kind: 'digest' }
  | { kind: 'recall' }
  | { kind: 'compare' }
  /** One with a higher ordinal than this and ours; then say `epoch-begun`. */
  | { kind: 'begin-epoch'; reason: string; above: number }
  /** Set directives behind this one aside; then say `superseded`. */
  | { kind: 'supersede'; after: number }
  | { kind: 'hold'; reason: string }
  /** Then say `fork-forgotten`. Several may run. */
  | { kind: 'forget-fork'; afterMs: number }
  /** Then say `rested`. Several may run. */
  | { kind: 'rest'; afterMs: number }
  /** There is one timer: this replaces it. */
  | { kind: 'wake'; afterMs: number }
  /** The second timer, only of use while streaming: this replaces it. */
  | { kind: 'remind'; afterMs: number };

export type Step = readonly [Session, ...Effect[]];
