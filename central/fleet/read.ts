// What central knows of each store, brought together from its tables: a handful of queries, whatever the number of stores.
import { sql } from 'kysely';
import { EXCEPTION_TYPES, policyOf } from '../../core/exception.ts';
import { type StoreFacts, standingOf } from '../../core/fleet.ts';
import { FLEET_GRAIN_MS } from '../../core/limits/fleet.ts';
import type { FleetRow } from '../../protocol/hq/fleet.ts';
import type { OnlineHints } from '../presence.ts';
import type { Db } from '../schema.ts';
import { textArray } from '../sql/arrays.ts';
import type { Hearing } from './hearing.ts';

export type FleetParts = { db: Db; hints: Pick<OnlineHints, 'isOnline'>; hearing: Hearing; wallMs(): number };

type StreamRow = {
  store: string;
  seq: number;
  aside: number;
  posted_ms: number | null;
  created_ms: number;
  open: number | null;
  for_it: number | null;
};

const FOR_IT = EXCEPTION_TYPES.filter((type) => policyOf(type).owner === 'it');

/** Of all stores, or of one. In no order. */
export async function readFleet({ db, hints, hearing, wallMs }: FleetParts, store: string | null): Promise<FleetRow[]> {
  const only = store === null ? sql`true` : sql`store = ${store}`;
  const { rows } = await sql<StreamRow>`
    select s.store, t.seq, t.aside, t.posted_ms, s.created_ms, e.open, e.for_it
    from (select * from store where ${only}) s join stream t using (store)
      left join (select store, count(*) as open,
          count(*) filter (where type = any(${textArray(FOR_IT)}::text[])) as for_it
        from exception where decided_by is null and ${only} group by store) e using (store)`.execute(db);
  const nowMs = wallMs();
  return rows.map((row) => rowOf(row, hearing, hints, nowMs));
}

function rowOf(stream: StreamRow, hearing: Hearing, hints: FleetParts['hints'], nowMs: number): FleetRow {
  const { store } = stream;
  const online = hints.isOnline(store);
  const heardMs = latest(hearing.heardMs(store), stream.posted_ms);
  const facts: StoreFacts = {
    ...{ access: 'open', accessMs: stream.created_ms, heardMs, online },
    ...{ waiting: null, waitingSinceMs: null, pausedMs: null, fencedMs: hearing.fencedMs(store) },
    ...{ certificateUntilMs: null, diskLow: false, skewMs: null },
    ...{ questions: stream.for_it ?? 0, refused: stream.aside },
  };
  const { state, sinceMs, level, notes } = standingOf(facts, nowMs);
  return {
    ...{ store, state, sinceMs: state === 'silent' ? toTheMinute(sinceMs) : sinceMs, level, notes },
    ...{ heardMs: toTheMinute(heardMs), postedMs: toTheMinute(stream.posted_ms), online },
    ...{ waiting: facts.waiting, waitingSinceMs: facts.waitingSinceMs },
    ...{ open: stream.open ?? 0, refused: stream.aside },
    ...{ version: null, device: null, computer: null, certificateUntilMs: facts.certificateUntilMs },
  };
}

function latest(...times: (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.max(...known);
}

const toTheMinute = (ms: number | null): number | null => (ms === null ? null : ms - (ms % FLEET_GRAIN_MS));
