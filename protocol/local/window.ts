// The conversation between the store window and the agent, over any transport.
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { WindowSettings } from '../settings.ts';
import { TillCheck } from './exceptions.ts';
import { needsContract } from './rooms/needs.ts';
import { nowContract } from './rooms/now.ts';
import { receiptsContract } from './rooms/receipts.ts';
import { setAsideContract } from './rooms/set-aside.ts';
import { stockContract } from './rooms/stock.ts';
import { tryContract } from './rooms/try.ts';

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
  'settings-wrong',
  'update-put-back',
  'update-stuck',
  'update-refused',
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
});
export type Snapshot = z.infer<typeof Snapshot>;

/** One part for each room of the window. */
export const windowContract = {
  /** The state now, then again whenever it changed, at most a few times a second. */
  watch: oc.output(eventIterator(Snapshot)),
  /** The window reads what it is told: one that never says so is cut off when too much was told to it. */
  heard: oc,
  now: nowContract,
  needs: needsContract,
  receipts: receiptsContract,
  stock: stockContract,
  setAside: setAsideContract,
  tryFile: tryContract,
};
