// How a store last said that it is: one row a store, all times by central's clock.
import type { Report, StoreStatus } from '../../protocol/wire/order-frames.ts';
import type { Db } from '../schema.ts';
import { plain } from './book.ts';
import type { StoreStatusTable } from './schema.ts';

export async function keepStatus(db: Db, { store, at }: Report, status: StoreStatus, nowMs: number): Promise<void> {
  const row = rowOf(store, status, nowMs, nowMs - at);
  const { store: _, ...told } = row;
  await db
    .insertInto('store_status')
    .values(row)
    .onConflict((conflict) => conflict.column('store').doUpdateSet(told))
    .execute();
}

/** `ahead`: central's clock less the store's. */
function rowOf(store: string, status: StoreStatus, nowMs: number, ahead: number): StoreStatusTable {
  const here = (ms: number | null): number | null => (ms === null ? null : Math.max(0, ms + ahead));
  const { pause, disk } = status;
  return {
    store,
    told_ms: nowMs,
    line: status.line,
    agent: plain(status.agent),
    started_ms: here(status.started) ?? 0,
    device: status.device === null ? null : plain(status.device),
    // Central gave it, so it is by central's clock as it stands.
    certificate_until_ms: status.certificateEnds,
    waiting: status.waiting,
    waiting_since_ms: here(status.waitingSince),
    captured_ms: here(status.lastCaptured),
    set_aside: status.setAside,
    questions: status.questions,
    paused_ms: pause === null ? null : here(pause.since),
    paused_by: pause === null ? null : plain(pause.by),
    paused_why: pause === null ? null : plain(pause.reason),
    disk_free_bytes: disk?.freeBytes ?? null,
    disk_days: disk?.days ?? null,
    skew_ms: status.skew,
    notices: status.notices,
  };
}
