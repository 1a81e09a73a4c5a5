// How each store stands with its configuration: what it should have, what it last said, and why they differ.
import { type RawBuilder, sql } from 'kysely';
import type { StoreStanding } from '../../protocol/hq/configuration.ts';
import type { Config, ConfigurationState } from '../../protocol/wire/config-frames.ts';
import { plain } from '../commands/book.ts';
import type { Db } from '../schema.ts';
import { textArray } from '../sql/arrays.ts';
import { COUNTS } from './offers.ts';

/** Once its frame is believed. Times become those of central's clock. */
export async function keepStanding(db: Db, { store, standing, at }: Config, nowMs: number): Promise<void> {
  const told = {
    ...{ applied: standing.applied, desired: standing.desired, state: standing.state, trust: standing.trust },
    ...{ message: plain(standing.message), since_ms: Math.max(0, standing.since + nowMs - at) },
    ...{ is_expired: standing.isExpired, captured: standing.captured, set_aside: standing.setAside, heard_ms: nowMs },
  };
  await db
    .insertInto('config_store')
    .values({ store, ...told })
    .onConflict((conflict) => conflict.column('store').doUpdateSet(told))
    .execute();
}

type Row = {
  store: string;
  should: number | null;
  applied: number | null;
  desired: number | null;
  state: ConfigurationState | null;
  message: string;
  since_ms: number;
  is_expired: boolean;
  trust: number | null;
  captured: number;
  set_aside: number;
  heard_ms: number | null;
};

type Wanted = {
  /** Those that this revision was released to. */
  revision?: number | undefined;
  stores?: readonly string[] | undefined;
  after?: string | undefined;
  limit?: number | undefined;
};

/** By name: of the stores that anything was released to, or that ever said how they stand. */
export async function standings(db: Db, { revision, stores, after, limit }: Wanted = {}): Promise<StoreStanding[]> {
  const where: RawBuilder<unknown>[] = [sql`true`];
  if (revision !== undefined) {
    where.push(sql`exists (select from config_offer o where o.store = c.store and o.revision = ${revision}::bigint)`);
  }
  if (stores !== undefined) where.push(sql`c.store = any(${textArray([...stores])}::text[])`);
  if (after !== undefined) where.push(sql`c.store > ${after}`);
  const { rows } = await sql<Row>`
    select c.store, d.should, c.applied, c.desired, c.state, c.message, c.since_ms, c.is_expired, c.trust, c.captured,
      c.set_aside, c.heard_ms
    from config_store c left join lateral (
      select max(o.revision) as should from config_offer o
      where o.store = c.store and ${COUNTS}) d on true
    where ${sql.join(where, sql` and `)}
    order by c.store ${limit === undefined ? sql`` : sql`limit ${sql.lit(limit)}`}`.execute(db);
  return rows.map(rowOf);
}

function rowOf({ store, should, heard_ms: heardMs, ...row }: Row): StoreStanding {
  const { applied, desired, state, message, trust, captured } = row;
  const standing =
    state === null
      ? null
      : {
          ...{ applied, desired, state, message, trust, captured, since: row.since_ms },
          ...{ isExpired: row.is_expired, setAside: row.set_aside },
        };
  return { store, desired: should, heardMs, standing, why: whyNotYet(should, standing) };
}

/** Why the store has not in force what it should have, in a sentence; empty where it has. */
function whyNotYet(should: number | null, standing: StoreStanding['standing']): string {
  const applied = standing?.applied ?? null;
  if (applied === should) return '';
  if (applied !== null && applied > (should ?? 0)) {
    return `The store has not said yet that it went back from revision ${applied}.`;
  }
  return standing === null || (standing.desired ?? 0) < (should ?? 0)
    ? `The store has not said anything of revision ${should} yet.`
    : standing.message;
}
