// What the conversation with a store needs: lives of this database, what a restored one is owed, provisional stock.
import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  /** One row for each life; the newest that is not lost counts. Lost ones were shown by stores after a restore (D12). */
  `alter table central drop constraint central_pkey`,
  `alter table central drop column one`,
  `alter table central add column n bigint generated always as identity primary key`,
  `alter table central add column lost boolean not null default false`,
  `alter table central add constraint central_incarnation unique (incarnation)`,
  `alter table stream add column owed_epoch bigint`,
  `alter table stream add column owed_seq bigint`,
  `alter table stream add column owed_from bigint`,
  `alter table stream add column owed_asked bigint`,
  /** What a store says it holds "so far" of the shelves that its backlog changes, until that is posted. */
  `create table provisional (
    store text collate "C" not null references store,
    sku text collate "C" not null,
    on_hand bigint not null,
    reserved bigint not null,
    tip_epoch bigint not null,
    tip_seq bigint not null,
    at_ms bigint not null,
    primary key (store, sku))`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
