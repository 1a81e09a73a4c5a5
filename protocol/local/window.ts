// The conversation between the store window and the agent, over any transport.
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { IDENTIFIER_LENGTH_MAX, TEXT_LENGTH_MAX } from '../../core/limits.ts';
import { WindowSettings } from '../settings.ts';
import { TillCheck } from './exceptions.ts';
import { countContract } from './rooms/count.ts';
import { goodsContract } from './rooms/goods.ts';
import { needsContract } from './rooms/needs.ts';
import { nowContract } from './rooms/now.ts';
import { pcContract } from './rooms/pc.ts';
import { receiptsContract } from './rooms/receipts.ts';
import { setAsideContract } from './rooms/set-aside.ts';
import { stockContract } from './rooms/stock.ts';
import { tryContract } from './rooms/try.ts';

const Millis = z.int().nonnegative();

/**
 * offline: no line to the broker; connecting: line up, central silent; held: sending stopped until a person acts;
 * paused: a person stopped it.
 */
export const LINE_STATES = ['offline', 'connecting', 'online', 'held', 'paused'] as const;

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
  'settings-wrong',
  'update-put-back',
  'update-stuck',
  'update-refused',
  'paused-long',
  'clock-wrong',
  'access-taken-back',
  'moving-out',
  'configuration-put-back',
  'configuration-refused',
  'configuration-expired',
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

/** Why sending is paused, as whoever paused it said. */
export const Pause = z.strictObject({
  reason: z.string().min(1).max(TEXT_LENGTH_MAX),
  /** Who did it, as they call themselves. */
  by: z.string().min(1).max(IDENTIFIER_LENGTH_MAX),
  sinceMs: Millis,
});
export type Pause = z.infer<typeof Pause>;

/** A till that sent nothing while the store was open, though it sold today or sells on this weekday. */
export const SilentTill = z.strictObject({ workstation: z.string(), lastMs: Millis });
export type SilentTill = z.infer<typeof SilentTill>;

/** The clock of this PC beside head office's. */
export const ClockState = z.strictObject({
  /** This PC's clock less head office's, at most so wrong; null where it was not compared since it last jumped. */
  skew: z.strictObject({ ms: z.int(), boundMs: z.int().nonnegative(), measuredMs: Millis }).nullable(),
  /** The last time that it jumped, and how far; a PC that slept looks like a jump ahead. */
  jump: z.strictObject({ atMs: Millis, byMs: z.int() }).nullable(),
  /** IANA name of this PC's time zone. */
  zone: z.string(),
});
export type ClockState = z.infer<typeof ClockState>;

/** Room where sales are kept: of the disk that is full first. */
export const DiskState = z.strictObject({
  freeBytes: z.int().nonnegative(),
  /** Until it is full at the pace of the last weeks; null where that cannot be told yet. */
  days: z.int().nonnegative().nullable(),
});
export type DiskState = z.infer<typeof DiskState>;

/** How head office's catalogue comes in. `total` 0 where that is not known yet. */
export const CatalogueStanding = z.strictObject({
  /** none: nothing came yet. fetching, taking-in: so far, in bytes and in products. here: all of it. */
  phase: z.enum(['none', 'fetching', 'taking-in', 'here']),
  done: z.int().nonnegative(),
  total: z.int().nonnegative(),
  /** Products that are here, and as of when by head office's clock; null where none are. */
  products: z.int().nonnegative(),
  atMs: Millis.nullable(),
  /** Sales need what room the disk has. */
  noRoom: z.boolean(),
  /** Proposals of others that this store is to answer. */
  proposed: z.int().nonnegative().optional(),
});
export type CatalogueStanding = z.infer<typeof CatalogueStanding>;

/** What a PC that took a store over gets of the store's past, one after the other. */
export const PastState = z.strictObject({
  /** stock: shelves as head office has them. entries: of journals before this one. book: what these come to. */
  phase: z.enum(['stock', 'entries', 'book']),
  done: z.int().nonnegative(),
  /** 0 where that is not known yet. */
  total: z.int().nonnegative(),
});
export type PastState = z.infer<typeof PastState>;

export const Snapshot = z.strictObject({
  store: z.string(),
  nowMs: Millis,
  /** When the agent's program started. */
  startedMs: Millis.optional(),
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
  /** What the chain has set for this store's window. */
  settings: WindowSettings,
  /** Absent or null where tills on the network are not let in. */
  lan: LanState.nullable().optional(),
  /** Null or absent while sending is not paused. */
  pause: Pause.nullable().optional(),
  /** Outside of the hours in which head office has entries sent: when they begin again. Null or absent within them. */
  sendsFromMs: Millis.nullable().optional(),
  silentTills: z.array(SilentTill).optional(),
  /** Absent where none can come from: a PC that was not enrolled. */
  catalogue: CatalogueStanding.nullable().optional(),
  /** Null or absent where nothing of the past is missing. */
  past: PastState.nullable().optional(),
  clock: ClockState.optional(),
  disk: DiskState.nullable().optional(),
});
export type Snapshot = z.infer<typeof Snapshot>;

/** One part for each room of the window. */
export const windowContract = {
  /** The state now, then again whenever it changed, at most a few times a second. */
  watch: oc.output(eventIterator(Snapshot)),
  /** The window reads what it is told: one that never says so is cut off when too much was told to it. */
  heard: oc,
  now: nowContract,
  pc: pcContract,
  needs: needsContract,
  receipts: receiptsContract,
  stock: stockContract,
  goods: goodsContract,
  count: countContract,
  setAside: setAsideContract,
  tryFile: tryContract,
};
