// What the journal found and tells in words, until it is over or old.
import { DISK_WARNING_BYTES, NOTICE_SHOWN_MS, NOTICES_MAX } from '../core/limits.ts';
import type { Notice } from '../protocol/local/window.ts';
import type { Db } from './database.ts';

type Row = { code: Notice['code']; message: string; atMs: number };

export type Notices = ReturnType<typeof openNotices>;

export function openNotices(db: Db) {
  const insert = db.prepare('INSERT INTO notice (code, message, at_ms) VALUES (?, ?, ?)');
  const remove = db.prepare('DELETE FROM notice WHERE code = ?');
  const forget = db.prepare('DELETE FROM notice WHERE id <= (SELECT max(id) FROM notice) - ?');
  return {
    tell(code: Notice['code'], message: string, atMs: number): void {
      insert.run(code, message, atMs);
      forget.run(NOTICES_MAX);
    },
    /** The state it told of is over. */
    end: (code: Notice['code']): void => void remove.run(code),
  };
}

/** Newest first; a state is told as long as it lasts, an event for some days. */
export function listNotices(db: Db, nowMs: number, freeBytes: number): Notice[] {
  const rows = db
    .prepare<[number, number], Row>(
      `SELECT code, message, at_ms AS atMs FROM notice WHERE code IN ('one-copy-only', 'books-stopped') OR at_ms > ?
       ORDER BY id DESC LIMIT ?`,
    )
    .all(nowMs - NOTICE_SHOWN_MS, NOTICES_MAX);
  return freeBytes < DISK_WARNING_BYTES ? [diskNotice(nowMs, freeBytes), ...rows] : rows;
}

const diskNotice = (atMs: number, freeBytes: number): Notice => ({
  code: 'disk-nearly-full',
  message: `The disk of this PC is nearly full (${Math.floor(freeBytes / 2 ** 20)} MiB left): delete what is not needed, or sales can soon no longer be taken in.`,
  atMs,
});
