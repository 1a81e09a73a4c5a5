// Which ring of a rollout each store belongs to, and how each stands with the revision as it last said.
import { sql } from 'kysely';
import { parseQuery, type Query, ringOf, type StorePlace } from '../../core/configuration/query.ts';
import type { ConfigurationSource } from '../../protocol/configuration/document.ts';
import type { RolloutPlan } from '../../protocol/configuration/plan.ts';
import type { RolloutStoreState } from '../../protocol/hq/rollouts.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { ConfigurationState } from '../../protocol/wire/config-frames.ts';
import type { Db } from '../schema.ts';
import { plainArray, textArray } from '../sql/arrays.ts';
import type { Declined } from './book.ts';

/** What decides which ring a store belongs to: the queries of the plan, and what the source says of each store. */
export type Rings = { revision: number; queries: Query[]; stores: ConfigurationSource['stores'] };

/** Declines a query that is not one, by its field. */
export function ringsOf(
  revision: number,
  plan: RolloutPlan,
  { stores }: Pick<ConfigurationSource, 'stores'>,
): Rings | Declined {
  const queries: Query[] = [];
  for (const [at, ring] of plan.rings.entries()) {
    const parsed = parseQuery(ring.stores);
    if (!parsed.ok) {
      const message = `plan.rings.${at}.stores: ${parsed.problem}.`;
      return { code: 'BAD_REQUEST', message };
    }
    queries.push(parsed.query);
  }
  return { revision, queries, stores };
}

/** Puts each store into its ring, once; answers with those that no ring names. */
export async function placeStores(tx: Db, rings: Rings, stores: readonly string[], nowMs: number): Promise<string[]> {
  const placed: { store: string; ring: number }[] = [];
  const unnamed: string[] = [];
  for (const store of stores) {
    const ring = ringOf(rings.queries, placeOf(rings, store), rings.revision, sha256);
    if (ring === null) unnamed.push(store);
    else placed.push({ store, ring });
  }
  if (placed.length === 0) return unnamed;
  await sql`
    insert into rollout_store (revision, store, ring, state, message, since_ms)
    select ${rings.revision}::bigint, store, ring, 'later', '', ${nowMs}::bigint
    from unnest(${textArray(placed.map(({ store }) => store))}::text[],
      ${plainArray(placed.map(({ ring }) => ring))}::integer[]) as placed (store, ring)
    on conflict do nothing`.execute(tx);
  return unnamed;
}

function placeOf({ stores }: Rings, store: string): StorePlace {
  const named = stores[store];
  return { store, region: named?.region, ring: named?.ring, tills: named?.tills };
}

/** Stores that trade and have no place in the rollout. What has moved out or was taken back is no store to wait for. */
export async function unplacedStores(db: Db, revision: number): Promise<string[]> {
  const { rows } = await sql<{ store: string }>`
    select s.store from store s
    where not exists (select from rollout_store m where m.revision = ${revision} and m.store = s.store)
      and not ${hasLeft(sql`s.store`)} order by s.store`.execute(db);
  return rows.map(({ store }) => store);
}

/** Stores that trade and that no rollout which is done ever gave anything. */
export async function strayStores(db: Db): Promise<string[]> {
  const { rows } = await sql<{ store: string }>`
    select s.store from store s
    where not exists (
        select from rollout_store m join rollout r on r.revision = m.revision
        where m.store = s.store and r.state = 'done')
      and not ${hasLeft(sql`s.store`)} order by s.store`.execute(db);
  return rows.map(({ store }) => store);
}

/** A store that left while the rollout went on is waited for no more. */
export const dropLeft = (tx: Db, revision: number) =>
  sql`delete from rollout_store m where m.revision = ${revision} and m.state <> 'failed' and ${hasLeft(sql`m.store`)}`.execute(
    tx,
  );

/** It had a computer that was let in, and has none any more. */
const hasLeft = (store: ReturnType<typeof sql>) => sql`(exists (select from device d where d.store = ${store})
  and not exists (select from device d where d.store = ${store} and d.state = 'active'))`;

type Told = { applied: number | null; desired: number | null; standing: ConfigurationState | null; told: string };
type Seen = Told & { store: string; state: RolloutStoreState; message: string; told_ms: number | null };

/** Takes over what the stores said since the last look; how many stand otherwise now. */
export async function followStandings(tx: Db, revision: number, nowMs: number): Promise<number> {
  const { rows } = await sql<Seen>`
    select m.store, m.state, m.message, c.applied, c.desired, c.state as standing, coalesce(c.message, '') as told,
      c.since_ms as told_ms
    from rollout_store m join config_store c on c.store = m.store
    where m.revision = ${revision} and c.state is not null`.execute(tx);
  const changed = rows.flatMap((row) => {
    const state = stateFor(row.state, row, revision);
    const message = messageFor(row, state, revision);
    return state === row.state && message === row.message ? [] : [{ ...row, state, message }];
  });
  if (changed.length === 0) return 0;
  await sql`
    update rollout_store m set state = seen.state, message = seen.message, since_ms = seen.since_ms
    from unnest(${textArray(changed.map(({ store }) => store))}::text[],
      ${textArray(changed.map(({ state }) => state))}::text[],
      ${textArray(changed.map(({ message }) => message))}::text[],
      ${plainArray(changed.map(({ told_ms }) => told_ms ?? nowMs))}::bigint[])
      as seen (store, state, message, since_ms)
    where m.revision = ${revision} and m.store = seen.store`.execute(tx);
  return changed.length;
}

/** Its own words about this revision; of one that failed, why it did. */
function messageFor({ desired, standing, told, message }: Seen, state: RolloutStoreState, revision: number): string {
  if (state === 'later' || state === 'given') return '';
  const isOfIt = state !== 'failed' || standing === 'refused' || standing === 'put-back';
  return desired === revision && isOfIt ? told : message;
}

/** Of a store that failed and went back, or was taken back, it stays told that it failed: until it has it after all. */
export function stateFor(
  was: RolloutStoreState,
  { applied, desired, standing }: Omit<Told, 'told'>,
  revision: number,
): RolloutStoreState {
  // In force and put back: the version of the program that it let come did not run.
  if (applied === revision && desired === revision && standing === 'put-back') return 'failed';
  if (applied === revision) return standing === 'trial' && desired === revision ? 'trial' : 'good';
  if (desired !== revision) return was === 'later' || was === 'failed' || was === 'back' ? was : 'given';
  switch (standing) {
    case 'refused':
    case 'put-back':
      return 'failed';
    case 'waiting':
      return was === 'failed' ? 'failed' : 'waiting';
    case 'withdrawn':
      return was === 'failed' ? 'failed' : 'back';
    default:
      return was === 'failed' ? 'failed' : 'given';
  }
}
