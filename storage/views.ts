// What windows and commands read of a journal; every question is answered from an index or a sum kept ready.
import type { Epoch } from '../core/chain.ts';
import type { FactKind } from '../core/fact.ts';
import { hex } from '../core/hash.ts';
import { PAGE_ROWS_MAX } from '../core/limits.ts';
import type { RecentRow } from '../protocol/local/rooms/receipts.ts';
import type { Snapshot } from '../protocol/local/window.ts';
import type { Db } from './database.ts';
import { carriedOn, entryId, ordinalOf, seqOf } from './entry-id.ts';
import { listEpochs } from './epochs.ts';
import { listNotices } from './notices.ts';

/** The part of the window's snapshot that the journal knows. */
export type JournalSnapshot = Omit<
  Snapshot,
  'nowMs' | 'line' | 'lineSinceMs' | 'tillChecks' | 'exceptions' | 'settings'
>;

/** One place of a receipt number in the journal; numbers repeat over tills and days. */
export type ReceiptPlace = Omit<RecentRow, 'epoch'> & { epoch: Epoch; chain: string; key: string };

export type RecentPage = { before?: { epoch: number; seq: number } | undefined; limit: number };

type EntryRow = Omit<RecentRow, 'epoch' | 'seq'> & { id: number; chain: Uint8Array; life: string };

/**
 * The first mark at or behind an entry, in the same epoch, is the one that settled it. Where a lost database took the
 * marks of an ended epoch with it, the epoch's last capture stands in.
 */
const ENTRY_COLUMNS = `entry.id AS id, kind, workstation, number, business_date AS businessDate,
  recorded_ms AS recordedMs, lines, total, currency, entry.chain AS chain, epoch.life AS life,
  CASE WHEN entry.id % ${2 ** 40} <= epoch.settled THEN
    coalesce((SELECT settled_ms FROM mark
      WHERE mark.entry >= entry.id AND mark.entry < (epoch.ordinal + 1) * ${2 ** 40}
      ORDER BY mark.entry LIMIT 1), epoch.hlc_ms)
  END AS settledMs`;
const ENTRIES = `entry JOIN epoch ON epoch.ordinal = entry.id / ${2 ** 40}`;
const COUNTS = `NOT ${carriedOn('entry.id')}`;

export function readSnapshot(
  db: Db,
  store: string,
  businessDate: string,
  disk: { nowMs: number; freeBytes: number },
): JournalSnapshot {
  const one = <Value>(sql: string, ...values: number[]): Value | null =>
    db
      .prepare<number[], Value>(sql)
      .pluck()
      .get(...values) ?? null;
  const epochs = listEpochs(db);
  const captured = epochs.reduce((sum, { seq, closed }) => sum + (closed ?? seq), 0);
  const settled = epochs.reduce((sum, row) => sum + Math.min(row.settled, row.closed ?? row.settled), 0);
  const open = epochs.at(-1);
  const oldest = open === undefined ? 0 : entryId(open.epoch.ordinal, open.settled + 1);
  return {
    store,
    businessDate,
    captured,
    settled,
    waiting: captured - settled,
    waitingSinceMs: one<number>('SELECT recorded_ms FROM entry WHERE id = ?', oldest),
    lastCapturedMs: one<number>('SELECT max(recorded_ms) FROM entry'),
    lastSettledMs: one<number>('SELECT max(settled_ms) FROM mark'),
    tills: db
      .prepare<[string, number], Snapshot['tills'][number]>(
        `SELECT workstation, sales, returns, voids, amount, currency, last_ms AS lastMs FROM till_day
         WHERE business_date = ? ORDER BY workstation LIMIT ?`,
      )
      .all(businessDate, PAGE_ROWS_MAX),
    setAside: one<number>('SELECT count(*) FROM set_aside WHERE resolved_ms IS NULL') ?? 0,
    notices: listNotices(db, disk.nowMs, disk.freeBytes),
  };
}

/** Newest first; `before` is the last row of the page before. */
export function readRecent(db: Db, { before, limit }: RecentPage): RecentRow[] {
  const below = before === undefined ? Number.MAX_SAFE_INTEGER : entryId(before.epoch, before.seq);
  return db
    .prepare<[number, number], EntryRow>(
      `SELECT ${ENTRY_COLUMNS} FROM ${ENTRIES} WHERE entry.id < ? AND ${COUNTS} ORDER BY entry.id DESC LIMIT ?`,
    )
    .all(below, Math.min(limit, PAGE_ROWS_MAX))
    .map(({ chain: _, life: __, ...row }) => toRecent(row));
}

const toRecent = ({ id, ...row }: Omit<EntryRow, 'chain' | 'life'>): RecentRow => ({
  epoch: ordinalOf(id),
  seq: seqOf(id),
  ...row,
});

/** Single rows of the list. */
export function openRows(db: Db) {
  const select = db.prepare<[number], EntryRow>(`SELECT ${ENTRY_COLUMNS} FROM ${ENTRIES} WHERE entry.id = ?`);
  return {
    /** One row, or none where there is no such entry. */
    at: (id: number): RecentRow[] => select.all(id).map(({ chain: _, life: __, ...row }) => toRecent(row)),
  };
}

/** Every place where a document of this number is kept, oldest first. */
export function readReceipts(db: Db, store: string, number: string): ReceiptPlace[] {
  return db
    .prepare<[string, number], EntryRow>(
      `SELECT ${ENTRY_COLUMNS} FROM ${ENTRIES} WHERE entry.number = ? AND ${COUNTS} ORDER BY entry.id LIMIT ?`,
    )
    .all(number, PAGE_ROWS_MAX)
    .map(({ id, chain, life, ...row }) => ({
      epoch: { ordinal: ordinalOf(id), life },
      seq: seqOf(id),
      ...row,
      chain: hex(chain),
      key: [store, row.workstation, row.businessDate, row.number, row.kind satisfies FactKind].join('|'),
    }));
}

/** Last kept mark as it was signed, or null. */
export const readLastProof = (db: Db): string | null =>
  db.prepare<[], string>('SELECT frame FROM mark ORDER BY entry DESC LIMIT 1').pluck().get() ?? null;

/** Where a feed stands at a till, or null. */
export const readCursor = (db: Db, feed: string, till: string): string | null =>
  db
    .prepare<[string, string], string>('SELECT position FROM cursor WHERE feed = ? AND till = ?')
    .pluck()
    .get(feed, till) ?? null;
