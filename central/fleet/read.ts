// How each store stands now: what the tables hold of it, judged by the law of core/fleet.ts.
import { type StoreAccess, type StoreFacts, standingOf } from '../../core/fleet.ts';
import { FLEET_GRAIN_MS } from '../../core/limits/fleet.ts';
import type { FleetRow, FleetStatus, FleetStore } from '../../protocol/hq/fleet.ts';
import type { OnlineHints } from '../presence.ts';
import type { Db } from '../schema.ts';
import type { Hearing } from './hearing.ts';
import { readRows, type StatusRow, type StoreRow } from './rows.ts';

export type FleetParts = { db: Db; hints: Pick<OnlineHints, 'isOnline'>; hearing: Hearing; wallMs(): number };

/** Of all stores, or of one; in no order. */
export async function readFleet(
  { db, hints, hearing, wallMs }: FleetParts,
  only: string | null,
): Promise<FleetStore[]> {
  const nowMs = wallMs();
  const rows = await readRows(db, only, nowMs);
  return rows.map((row) => {
    const { store, status } = row;
    const facts = factsOf(row, hints.isOnline(store), hearing);
    return { row: rowOf(row, facts, nowMs), status: status === null ? null : statusOf(status) };
  });
}

function factsOf(row: StoreRow, online: boolean, hearing: Hearing): StoreFacts {
  const { store, status } = row;
  const access = accessOf(row);
  return {
    access,
    accessMs: access === 'active' ? row.enrolled_ms : (row.ended_ms ?? row.created_ms),
    isExpected: row.is_expected,
    heardMs: latest(hearing.heardMs(store), row.posted_ms, row.key_ms, status?.told_ms ?? null),
    online,
    ...waitingOf(row),
    pausedMs: status?.paused_ms ?? null,
    fencedMs: hearing.fencedMs(store),
    certificateUntilMs: access === 'active' ? row.until_ms : null,
    notices: status?.notices ?? [],
    skewMs: status?.skew_ms ?? null,
    questions: row.for_it ?? 0,
    refused: row.aside ?? 0,
  };
}

function accessOf({ state, is_pinned }: StoreRow): StoreAccess {
  if (state === 'active' || state === 'retired' || state === 'revoked') return state;
  return is_pinned ? 'open' : 'none';
}

/** As it last reported; of one that never did, what its last hello showed that central lacks. */
function waitingOf({
  status,
  key_epoch,
  key_seq,
  epoch,
  seq,
}: StoreRow): Pick<StoreFacts, 'waiting' | 'waitingSinceMs'> {
  if (status !== null) return { waiting: status.waiting, waitingSinceMs: status.waiting_since_ms };
  if (key_seq === null) return { waiting: null, waitingSinceMs: null };
  const held = key_epoch === epoch ? (seq ?? 0) : 0;
  return { waiting: Math.max(0, key_seq - held), waitingSinceMs: null };
}

function rowOf(row: StoreRow, facts: StoreFacts, nowMs: number): FleetRow {
  const { state, sinceMs, level, notes } = standingOf(facts, nowMs);
  const isActive = facts.access === 'active';
  return {
    ...{ store: row.store, state, sinceMs: state === 'silent' ? toTheMinute(sinceMs) : sinceMs, level, notes },
    ...{ heardMs: toTheMinute(facts.heardMs), postedMs: toTheMinute(row.posted_ms), online: facts.online },
    ...{ waiting: facts.waiting, waitingSinceMs: facts.waitingSinceMs },
    ...{ open: row.open ?? 0, refused: facts.refused, version: row.status?.agent ?? row.enrolled_agent },
    ...{ device: isActive ? row.device : null, computer: isActive ? row.computer : null },
    certificateUntilMs: facts.certificateUntilMs,
  };
}

const statusOf = (told: StatusRow): FleetStatus => ({
  ...{ toldMs: told.told_ms, startedMs: told.started_ms, capturedMs: told.captured_ms, setAside: told.set_aside },
  ...{ pausedBy: told.paused_by, pausedWhy: told.paused_why },
  ...{ diskFreeBytes: told.disk_free_bytes, diskDays: told.disk_days, skewMs: told.skew_ms },
});

function latest(...times: (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.max(...known);
}

const toTheMinute = (ms: number | null): number | null => (ms === null ? null : ms - (ms % FLEET_GRAIN_MS));
