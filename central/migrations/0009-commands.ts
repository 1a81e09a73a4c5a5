// Commands to stores, what became of each, the files they brought, and how each store last said that it is.
import { type Kysely, sql } from 'kysely';
import { makeAppendOnly } from './append-only.ts';

const STATEMENTS = [
  /** args is the JSON that travels. said_ms: when it was last said to the store, null before. */
  `create table command (
    n bigint generated always as identity primary key,
    id text collate "C" not null unique,
    store text collate "C" not null,
    kind text not null,
    args text not null,
    issued_by text not null,
    issued_ms bigint not null,
    expires_ms bigint not null,
    state text not null,
    message text not null,
    said_ms bigint,
    changed_ms bigint not null,
    is_open boolean not null)`,
  `create index command_store on command (store, n)`,
  `create index command_open on command (expires_ms) where is_open`,
  `create table command_event (
    n bigint generated always as identity primary key,
    id text collate "C" not null references command (id),
    at_ms bigint not null,
    state text not null,
    message text not null)`,
  `create index command_event_of on command_event (id, n)`,
  `create table command_file (
    id text collate "C" primary key references command (id),
    store text collate "C" not null,
    device text not null,
    at_ms bigint not null,
    bytes bytea not null)`,
  `create index command_file_of on command_file (store, at_ms)`,
  /** All times by central's clock. */
  `create table store_status (
    store text collate "C" primary key,
    told_ms bigint not null,
    line text not null,
    agent text not null,
    started_ms bigint not null,
    device text,
    certificate_until_ms bigint,
    waiting bigint not null,
    waiting_since_ms bigint,
    captured_ms bigint,
    set_aside bigint not null,
    questions bigint not null,
    paused_ms bigint,
    paused_by text,
    paused_why text,
    disk_free_bytes bigint,
    disk_days bigint,
    skew_ms bigint,
    notices text[] not null)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  await makeAppendOnly(db, ['command_event']);
}
