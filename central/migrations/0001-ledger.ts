// The first schema of the central ledger, in what PostgreSQL 15 and PGlite share.
import { type Kysely, sql } from 'kysely';
import { makeAppendOnly } from './append-only.ts';

/** Collation "C": the same order on every engine and machine, so that paging by key never skips a row. */
const TABLES = [
  `create table central (
    one boolean primary key default true check (one),
    incarnation text not null,
    created_ms bigint not null)`,
  `create table store (
    store text collate "C" primary key,
    created_ms bigint not null)`,
  `create table device_key (
    store text collate "C" not null references store,
    key_id text not null,
    public_key text not null,
    pinned_ms bigint not null,
    primary key (store, key_id))`,
  `create table stream (
    store text collate "C" primary key references store,
    epoch bigint,
    life text,
    seq bigint not null default 0,
    chain text,
    dseq bigint not null default 0,
    instance text,
    session text,
    hello text,
    superseded text[] not null default '{}',
    entries bigint not null default 0,
    dead_letters bigint not null default 0,
    posted_ms bigint) with (fillfactor = 50)`,
  `create table entry (
    store text collate "C" not null,
    epoch bigint not null,
    seq bigint not null,
    bytes bytea not null,
    chain text not null,
    key text collate "C",
    number text collate "C",
    outcome text not null,
    reason text,
    posted_ms bigint not null,
    batch_last bigint not null,
    primary key (store, epoch, seq))`,
  `create index entry_number on entry (store, number)`,
  `create table fact_key (
    store text collate "C" not null,
    key text collate "C" not null,
    epoch bigint not null,
    seq bigint not null,
    content_hash text not null,
    primary key (store, key))`,
  `create table batch_evidence (
    store text collate "C" not null,
    epoch bigint not null,
    first bigint not null,
    last bigint not null,
    statement text not null,
    key_id text not null,
    signature text not null,
    posted_ms bigint not null,
    primary key (store, epoch, last))`,
  `create table posting (
    id bigint generated always as identity,
    store text collate "C" not null,
    epoch bigint not null,
    seq bigint not null,
    line integer not null,
    sku text collate "C" not null,
    from_place text not null,
    to_place text not null,
    quantity bigint not null check (quantity > 0),
    primary key (store, epoch, seq, line))`,
  `create index posting_sku on posting (store, sku, id)`,
  `create table position (
    store text collate "C" not null,
    sku text collate "C" not null,
    known boolean not null,
    shelf bigint not null,
    reserved bigint not null,
    in_transit bigint not null,
    damaged bigint not null,
    customer bigint not null,
    supplier bigint not null,
    shrink bigint not null,
    adjustment bigint not null,
    primary key (store, sku)) with (fillfactor = 70)`,
  `create index position_sku on position (sku, store)`,
  `create table dead_letter (
    store text collate "C" not null,
    epoch bigint not null,
    seq bigint not null,
    reason text not null,
    owner text not null,
    posted_ms bigint not null,
    primary key (store, epoch, seq))`,
];

const APPEND_ONLY = ['entry', 'fact_key', 'batch_evidence', 'posting'];

const REFUSAL = `create function ledger_is_append_only() returns trigger language plpgsql as $$
  begin
    raise exception 'the ledger is append-only: % on % is refused', tg_op, tg_table_name;
  end $$`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...TABLES, REFUSAL]) await sql.raw(statement).execute(db);
  await makeAppendOnly(db, APPEND_ONLY);
}
