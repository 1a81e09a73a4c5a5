// The conversation between the store window and the agent, over any transport.
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { FACT_KINDS } from '../../core/fact.ts';
import { CHART_BUCKETS_MAX, IDENTIFIER_LENGTH_MAX, PAGE_ROWS_MAX } from '../../core/limits.ts';
import { Decided, Decision, ExceptionRow, ReceiptOutcome, ShelfStory, TillCheck } from './exceptions.ts';

const Millis = z.int().nonnegative();

/** offline: no line to the broker; connecting: line up, central silent; held: sending stopped until a person acts. */
export const LINE_STATES = ['offline', 'connecting', 'online', 'held'] as const;

/** Something the agent found and tells in words: restored from the mirror, only one copy, disk nearly full, ... */
export const NOTICE_CODES = [
  'restored-from-mirror',
  'one-copy-only',
  'disk-nearly-full',
  'held',
  'new-epoch',
  'trial-central',
  'central-renewed',
  'books-stopped',
  'entry-damaged',
  'decisions-lost',
] as const;
export const Notice = z.strictObject({
  code: z.enum(NOTICE_CODES),
  message: z.string(),
  atMs: Millis,
});
export type Notice = z.infer<typeof Notice>;

export const TillToday = z.strictObject({
  workstation: z.string(),
  sales: z.int(),
  returns: z.int(),
  voids: z.int(),
  /** Sum of totals in minor units; null where the till sends no totals or mixes currencies. */
  amount: z.int().nullable(),
  currency: z.string().nullable(),
  lastMs: Millis,
});

/** The door for tills on the store's network. */
export const LanState = z.strictObject({
  /** By which it can be called; empty while it is not open. */
  urls: z.array(z.string()),
  /** SHA-256 of its certificate, as tills show it, and of its public key in base64, which stays when it is renewed. */
  fingerprint: z.string().nullable(),
  pin: z.string().nullable(),
  /** A sentence where it is not as it should be. */
  problem: z.string().nullable(),
});
export type LanState = z.infer<typeof LanState>;

export const Snapshot = z.strictObject({
  store: z.string(),
  nowMs: Millis,
  line: z.enum(LINE_STATES),
  lineSinceMs: Millis,
  /** Captured and not yet settled: how many, and when the oldest of them was recorded. */
  waiting: z.int().nonnegative(),
  waitingSinceMs: Millis.nullable(),
  captured: z.int().nonnegative(),
  settled: z.int().nonnegative(),
  lastCapturedMs: Millis.nullable(),
  lastSettledMs: Millis.nullable(),
  businessDate: z.string(),
  tills: z.array(TillToday),
  /** Tills on which something lacks or differs, today or on the day before. */
  tillChecks: z.array(TillCheck),
  setAside: z.int().nonnegative(),
  /** Open questions: how many are this store's to answer, how many are others', and when the newest was raised. */
  exceptions: z.strictObject({
    store: z.int().nonnegative(),
    others: z.int().nonnegative(),
    newestMs: Millis.nullable(),
  }),
  notices: z.array(Notice),
  /** Absent or null where tills on the network are not let in. */
  lan: LanState.nullable().optional(),
});
export type Snapshot = z.infer<typeof Snapshot>;

export const RecentRow = z.strictObject({
  epoch: z.int(),
  seq: z.int(),
  kind: z.enum(FACT_KINDS),
  workstation: z.string(),
  number: z.string(),
  businessDate: z.string(),
  recordedMs: Millis,
  /** Null where still waiting. */
  settledMs: Millis.nullable(),
  lines: z.int(),
  total: z.int().nullable(),
  currency: z.string().nullable(),
});
export type RecentRow = z.infer<typeof RecentRow>;

/** One bucket of the chart: how many were captured and settled from `atMs` on, and how many waited at its end. */
export const Bucket = z.strictObject({ atMs: Millis, captured: z.int(), settled: z.int(), waiting: z.int() });
export type Bucket = z.infer<typeof Bucket>;

export const SetAsideRow = z.strictObject({
  id: z.int(),
  feed: z.string(),
  source: z.string(),
  place: z.string(),
  code: z.string(),
  reason: z.string(),
  receipt: z.string().nullable(),
  raw: z.string(),
  atMs: Millis,
});
export type SetAsideRow = z.infer<typeof SetAsideRow>;

const Limit = z.int().positive().max(PAGE_ROWS_MAX);

export const windowContract = {
  /** The state now, then again whenever it changed, at most a few times a second. */
  watch: oc.output(eventIterator(Snapshot)),
  /** Newest first; `before` is the last row of the page before. */
  recent: oc
    .input(
      z.strictObject({
        before: z.strictObject({ epoch: z.int(), seq: z.int() }).optional(),
        limit: Limit,
      }),
    )
    .output(z.array(RecentRow)),
  chart: oc
    .input(
      z.strictObject({
        bucketMs: z.int().min(1_000).max(86_400_000),
        buckets: z.int().positive().max(CHART_BUCKETS_MAX),
      }),
    )
    .output(z.array(Bucket)),
  /** What could not be placed and is not resolved, oldest first. */
  setAside: oc.input(z.strictObject({ after: z.int().optional(), limit: Limit })).output(z.array(SetAsideRow)),
  /** Open questions of this store: its own first, then by deadline. */
  exceptions: oc.output(z.array(ExceptionRow)),
  /** Captures the store's answer; it works without a line. */
  decide: oc.input(Decision).output(Decided),
  /** Null where nothing is known of this SKU. */
  explain: oc
    .input(z.strictObject({ sku: z.string().min(1).max(IDENTIFIER_LENGTH_MAX) }))
    .output(ShelfStory.nullable()),
  /** What became of one row of the list; null where it is not here. */
  outcome: oc.input(z.strictObject({ epoch: z.int(), seq: z.int() })).output(ReceiptOutcome.nullable()),
};
