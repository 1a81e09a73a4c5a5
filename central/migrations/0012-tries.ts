// Dry runs of a configuration: what each store was asked to try, and what it said would come of it.
import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `create table config_try (
    n bigint generated always as identity primary key,
    id text collate "C" not null unique,
    title text not null,
    revision bigint not null,
    query text not null,
    days int not null,
    by_whom text not null,
    asked_ms bigint not null)`,
  /** document: what the store looks at. command: by which it was asked. result and questions are JSON. */
  `create table config_try_store (
    id text collate "C" not null references config_try (id) on delete cascade,
    store text collate "C" not null,
    document text not null,
    command text collate "C" not null,
    result text,
    questions text not null,
    primary key (id, store))`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
