// What head office's desk keeps: claims and their account, transfers over stores, work to be done, answers given.
import { type Kysely, sql } from 'kysely';
import { makeAppendOnly } from './append-only.ts';

const TABLES = [
  /** One return of units of a sold line; the verdict as it stands is the sum of its account. */
  `create table claim (
    store text collate "C" not null,
    epoch bigint not null,
    seq bigint not null,
    line integer not null,
    name text collate "C" not null unique,
    sale text collate "C" not null,
    sale_store text collate "C" not null,
    sale_line integer,
    receipt text collate "C" not null,
    sku text collate "C" not null,
    quantity bigint not null check (quantity > 0),
    recorded_ms bigint not null,
    recorded_n bigint not null,
    bound_ms bigint not null,
    seen bigint not null,
    absent boolean not null,
    judged_line integer,
    verdict text,
    kept bigint not null default 0,
    disputed bigint not null default 0,
    unclear boolean not null default false,
    beaten_by text,
    sentence text,
    primary key (store, epoch, seq, line))`,
  `create index claim_sale on claim (sale)`,
  `create index claim_receipt on claim (receipt)`,
  /** The claims account: only ever added to (R17). */
  `create table claim_posting (
    id bigint generated always as identity primary key,
    claim text collate "C" not null,
    sale text collate "C" not null,
    line integer not null,
    kept bigint not null,
    disputed bigint not null,
    verdict text not null,
    unclear boolean not null,
    beaten_by text,
    sentence text not null,
    posted_ms bigint not null)`,
  `create index claim_posting_claim on claim_posting (claim, id)`,
  `create table claim_notice (
    claim text collate "C" not null,
    store text collate "C" not null,
    sale text collate "C" not null,
    dseq bigint not null,
    primary key (claim, store))`,
  `create index claim_notice_sale on claim_notice (sale)`,
  `create table claim_told (
    claim text collate "C" primary key,
    store text collate "C" not null,
    dseq bigint not null,
    kept bigint not null,
    disputed bigint not null,
    unclear boolean not null,
    sentence text not null)`,
  `create table claim_close (
    sale text collate "C" not null,
    line integer not null,
    decided_by text not null,
    closed_ms bigint not null,
    verdicts text not null,
    primary key (sale, line))`,
  `create table receipt_void (receipt text collate "C" primary key)`,
  `create table transfer_line (
    transfer text collate "C" not null,
    store text collate "C" not null,
    entry text collate "C" not null,
    line integer not null,
    way text not null,
    sku text collate "C" not null,
    quantity bigint not null,
    document text,
    counterparty text,
    at_ms bigint not null,
    primary key (transfer, store, entry, line))`,
  `create table transfer_asked (
    transfer text collate "C" primary key,
    round integer not null,
    is_open boolean not null)`,
  /** Never the same again for a task that was done and is asked for anew. */
  `create sequence task_version`,
  `create table task (
    kind text not null,
    subject text collate "C" not null,
    details text not null,
    due_ms bigint not null,
    version bigint not null default nextval('task_version'),
    primary key (kind, subject))`,
  `create index task_due on task (due_ms)`,
  `create table answer (
    scope text collate "C" not null,
    key text collate "C" not null,
    hash text not null,
    answer text not null,
    given_ms bigint not null,
    primary key (scope, key))`,
];

const APPEND_ONLY = ['claim_posting', 'claim_close', 'transfer_line', 'answer'];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of TABLES) await sql.raw(statement).execute(db);
  await makeAppendOnly(db, APPEND_ONLY);
}
