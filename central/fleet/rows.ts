// What central's tables hold of each store, in a handful of joins, whatever the number of stores.
import { type RawBuilder, sql } from 'kysely';
import type { DeviceState } from '../../core/device.ts';
import { EXCEPTION_TYPES, policyOf } from '../../core/exception.ts';
import type { StoreStatusTable } from '../commands/schema.ts';
import type { Db } from '../schema.ts';
import { textArray } from '../sql/arrays.ts';

/** Null where the store never reported how it is. */
export type StatusRow = Omit<StoreStatusTable, 'store' | 'line' | 'questions'>;

type Joined = {
  store: string;
  created_ms: number;
  epoch: number | null;
  seq: number | null;
  aside: number | null;
  posted_ms: number | null;
  device: string | null;
  state: DeviceState | null;
  computer: string | null;
  enrolled_agent: string | null;
  enrolled_ms: number | null;
  until_ms: number | null;
  ended_ms: number | null;
  is_pinned: boolean;
  is_expected: boolean;
  key_epoch: number | null;
  key_seq: number | null;
  key_ms: number | null;
  open: number | null;
  for_it: number | null;
};
export type StoreRow = Joined & { status: StatusRow | null };

const FOR_IT = EXCEPTION_TYPES.filter((type) => policyOf(type).owner === 'it');

/** Of all stores that central knows or expects, or of one; in no order. `nowMs`: tokens that have expired let nobody in. */
export async function readRows(db: Db, store: string | null, nowMs: number): Promise<StoreRow[]> {
  const only = (column: RawBuilder<unknown>): RawBuilder<unknown> =>
    store === null ? sql`true` : sql`${column} = ${store}`;
  const { rows } = await sql<Joined>`
    with known as (
      select store, created_ms from store where ${only(sql`store`)}
      union all
      select p.store, min(t.created_ms) from enrolment_place p join enrolment_token t on t.id = p.token
        where p.used_by is null and t.revoked_ms is null and ${only(sql`p.store`)}
          and not exists (select from store s where s.store = p.store)
        group by p.store),
    computer as (
      select distinct on (store) * from device where ${only(sql`store`)}
      order by store, (state = 'active') desc, enrolled_ms desc),
    expected as (
      select distinct p.store from enrolment_place p join enrolment_token t on t.id = p.token
      where p.used_by is null and t.revoked_ms is null and t.expires_ms > ${nowMs}::bigint and ${only(sql`p.store`)}),
    asked as (
      select store, count(*) as open,
        count(*) filter (where type = any(${textArray(FOR_IT)}::text[])) as for_it
      from exception where decided_by is null and ${only(sql`store`)} group by store)
    select k.store, k.created_ms, s.epoch, s.seq, s.aside, s.posted_ms, c.device, c.state, c.computer,
      c.agent as enrolled_agent, c.enrolled_ms, c.until_ms, c.ended_ms, y.store is not null as is_pinned,
      x.store is not null as is_expected, y.told_epoch as key_epoch, y.told_seq as key_seq, y.told_ms as key_ms,
      a.open, a.for_it
    from known k left join stream s using (store) left join computer c using (store)
      left join device_key y on y.store = k.store and y.ended_ms is null
      left join expected x on x.store = k.store left join asked a on a.store = k.store`.execute(db);
  const told = await readStatuses(db, store);
  return rows.map((row) => ({ ...row, status: told.get(row.store) ?? null }));
}

async function readStatuses(db: Db, store: string | null): Promise<Map<string, StatusRow>> {
  const asked = db.selectFrom('store_status').selectAll();
  const rows = await (store === null ? asked : asked.where('store', '=', store)).execute();
  return new Map(rows.map((row) => [row.store, row]));
}
