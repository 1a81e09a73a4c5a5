// The book of rollouts: how far each has come, which stores failed with why, and everything that happened.
import { sql } from 'kysely';
import { ROLLOUT_STORES_SHOWN_MAX } from '../../core/limits/configuration.ts';
import { RolloutPlan } from '../../protocol/configuration/plan.ts';
import {
  ROLLOUT_STORE_STATES,
  type RolloutEvent,
  type RolloutRow,
  type RolloutState,
  type RolloutStore,
  type RolloutStoreState,
  type RolloutStory,
  type StoreTally,
} from '../../protocol/hq/rollouts.ts';
import type { Db } from '../schema.ts';
import type { RolloutRingTable, RolloutTable } from './schema.ts';

/** What is asked cannot be done; the sentence names the field and the fix. */
export type Declined = { code: 'BAD_REQUEST' | 'NOT_FOUND' | 'CONFLICT' | 'FORBIDDEN'; message: string };

export const idOf = (revision: number): string => `r${revision}`;
export const revisionOf = (id: string): number => Number(id.slice(1));

/** What "central" does by itself is told in its name. */
export const CENTRAL = 'central';

/** One at a time: what is not ended. */
export const OPEN_STATES = ['waiting', 'running', 'paused'] as const satisfies RolloutState[];

export const planOf = ({ plan }: Pick<RolloutTable, 'plan'>): RolloutPlan => RolloutPlan.parse(JSON.parse(plan));

/** Newest first. */
export async function listRollouts(
  db: Db,
  { before, limit }: { before?: number | undefined; limit: number },
): Promise<RolloutRow[]> {
  const asked = db.selectFrom('rollout').selectAll().orderBy('revision', 'desc').limit(limit);
  const rollouts = await (before === undefined ? asked : asked.where('revision', '<', before)).execute();
  return rowsOf(db, rollouts);
}

export async function findRollout(db: Db, revision: number): Promise<RolloutRow | null> {
  const rollouts = await db.selectFrom('rollout').selectAll().where('revision', '=', revision).execute();
  const [row] = await rowsOf(db, rollouts);
  return row ?? null;
}

/** Rollout `revision`, with the stores that one has to look at; null where there is none. */
export async function tellRollout(db: Db, revision: number): Promise<RolloutStory | null> {
  const rollout = await findRollout(db, revision);
  if (rollout === null) return null;
  const events = await db
    .selectFrom('rollout_event')
    .selectAll()
    .where('revision', '=', revision)
    .orderBy('n')
    .execute();
  return {
    rollout,
    failed: await storesIn(db, rollout, ['failed']),
    away: await storesIn(db, rollout, ['given', 'waiting', 'trial']),
    events: events.map(({ at_ms, what, by_whom, ring, message }) => ({
      atMs: at_ms,
      what,
      by: by_whom,
      ring,
      message,
    })),
  };
}

/** By name; of many the first ones only. */
async function storesIn(
  db: Db,
  { revision, rings }: RolloutRow,
  states: readonly RolloutStoreState[],
): Promise<RolloutStore[]> {
  const rows = await db
    .selectFrom('rollout_store')
    .selectAll()
    .where('revision', '=', revision)
    .where('state', 'in', [...states])
    .orderBy('ring')
    .orderBy('store')
    .limit(ROLLOUT_STORES_SHOWN_MAX)
    .execute();
  return rows.map(({ store, ring, state, message, since_ms }) => ({
    ...{ store, ring: rings[ring]?.name ?? '', state, message, sinceMs: since_ms },
  }));
}

async function rowsOf(db: Db, rollouts: RolloutTable[]): Promise<RolloutRow[]> {
  if (rollouts.length === 0) return [];
  const revisions = rollouts.map(({ revision }) => revision);
  const rings = await db.selectFrom('rollout_ring').selectAll().where('revision', 'in', revisions).execute();
  const tallies = await talliesOf(db, revisions);
  return rollouts.map((rollout) => {
    const own = rings.filter(({ revision }) => revision === rollout.revision);
    return rowOf(rollout, own, tallies.get(rollout.revision) ?? []);
  });
}

/** By revision: how many stores of each ring, in the order of the plan, stand how. */
export async function talliesOf(db: Db, revisions: number[]): Promise<Map<number, StoreTally[]>> {
  type Row = { revision: number; ring: number; state: RolloutStoreState; stores: number };
  const { rows } = await sql<Row>`
    select revision, ring, state, count(*)::integer as stores from rollout_store
    where revision in (${sql.join(revisions)}) group by revision, ring, state`.execute(db);
  const byRevision = new Map<number, StoreTally[]>();
  for (const { revision, ring, state, stores } of rows) {
    const tallies = byRevision.get(revision) ?? [];
    const tally = tallies[ring] ?? emptyTally();
    tallies[ring] = { ...tally, [state]: stores };
    byRevision.set(revision, tallies);
  }
  return byRevision;
}

export const emptyTally = (): StoreTally => ({
  ...{ later: 0, given: 0, waiting: 0, trial: 0, good: 0, failed: 0, back: 0 },
});

export const storesOf = (tally: StoreTally): number =>
  ROLLOUT_STORE_STATES.reduce((sum, state) => sum + tally[state], 0);

function rowOf(rollout: RolloutTable, times: RolloutRingTable[], tallies: StoreTally[]): RolloutRow {
  const { revision, title, state, why } = rollout;
  const plan = planOf(rollout);
  return {
    ...{ id: idOf(revision), revision, title, state, why },
    ...{ by: rollout.published_by, publishedMs: rollout.published_ms },
    ...{ approvedBy: rollout.approved_by, approvedMs: rollout.approved_ms },
    ...{ changedMs: rollout.changed_ms, expiresMs: rollout.expires_ms },
    times: plan.times ?? null,
    rings: plan.rings.map(({ stores: query, ...ring }, index) => {
      const time = times.find((each) => each.ring === index);
      const tally = tallies[index] ?? emptyTally();
      return {
        ...{ ...ring, query, tally, stores: storesOf(tally) },
        ...{ openedMs: time?.opened_ms ?? null, reachedMs: time?.reached_ms ?? null },
      };
    }),
  };
}

type Note = RolloutEvent & { revision: number };

export const noteEvent = (tx: Db, { revision, atMs, what, by, ring, message }: Note) =>
  tx.insertInto('rollout_event').values({ revision, at_ms: atMs, what, by_whom: by, ring, message }).execute();
