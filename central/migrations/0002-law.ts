// What the law needs at central: the directives log, shelves whole, questions to persons, what was put aside and why.
import { type Kysely, sql } from 'kysely';
import { makeAppendOnly } from './append-only.ts';

const STATEMENTS = [
  /**
   * dseq and directive_chain are the last directive that was stepped, held_dseq and held_chain the end of the log: what a
   * restored central took back waits there for the entries it was based on. aside counts facts that are put aside.
   */
  `alter table stream
    add column directive_chain text,
    add column held_dseq bigint not null default 0,
    add column held_chain text,
    add column acked_dseq bigint not null default 0,
    add column promised_dseq bigint not null default 0,
    add column outcomes text,
    add column buckets bytea,
    add column closed_through text,
    add column aside bigint not null default 0,
    add column greeted text`,
  `alter table stream drop column dead_letters`,
  `create table directive (
    store text collate "C" not null,
    dseq bigint not null,
    bytes bytea not null,
    chain text not null,
    key_id text not null,
    signature text not null,
    kind text not null,
    basis_epoch bigint not null,
    basis_seq bigint not null,
    decided_ms bigint not null,
    by_whom text not null,
    primary key (store, dseq))`,
  `create table directive_outcome (
    store text collate "C" not null,
    dseq bigint not null,
    outcome text not null,
    reason text,
    detail text,
    posting_date text,
    posted_ms bigint not null,
    primary key (store, dseq))`,
  /** Earlier entries ("d7") whose outcome another one changed (R20). */
  `create table outcome_change (
    id bigint generated always as identity,
    store text collate "C" not null,
    entry text collate "C" not null,
    outcome text not null,
    by_entry text collate "C" not null,
    primary key (store, entry, id))`,
  `create table taken (
    store text collate "C" not null,
    subject text collate "C" not null,
    entry text not null,
    primary key (store, subject))`,
  `create table exception (
    store text collate "C" not null,
    id text collate "C" not null,
    type text not null,
    sku text collate "C",
    evidence text[] not null,
    message text not null,
    raised_ms bigint not null,
    deadline_ms bigint not null,
    raised_by text not null,
    decided_by text,
    option text,
    decided_ms bigint,
    primary key (store, id))`,
  `create index exception_open on exception (deadline_ms) where decided_by is null`,
  `create index exception_about on exception (store, sku, type) where decided_by is null`,
  /** Newest count, open corrections, reservations and questions as JSON, null where there are none; and its sum's place. */
  `alter table position add column book text, add column bucket smallint not null default 0`,
  /**
   * One row for each move of an entry. Of what a directive posted, epoch and seq are its basis. lo to at_seq say when a
   * movement that changed on-hand happened, so that a count which comes in late can place it (R9).
   */
  `alter table posting
    add column dseq bigint not null default 0,
    add column move integer not null default 1,
    add column why text not null default 'movement',
    add column lo bigint,
    add column hi bigint,
    add column frame bigint,
    add column frame_start bigint,
    add column recorded_ms bigint,
    add column at_epoch bigint,
    add column at_seq bigint`,
  `alter table posting drop constraint posting_pkey`,
  `alter table posting add primary key (store, epoch, seq, dseq, move)`,
  `create index posting_recorded on posting (store, sku, recorded_ms) where recorded_ms is not null`,
  /** Entries that concern a SKU without moving any of it: a count that found what was expected, a fact put aside. */
  `create table unmoved (
    store text collate "C" not null,
    sku text collate "C" not null,
    epoch bigint not null,
    seq bigint not null,
    dseq bigint not null,
    primary key (store, sku, epoch, seq, dseq))`,
  /** What became of its lines, where that is not plainly posted; and the day it counts for where that is another one. */
  `alter table entry add column detail text, add column posting_date text`,
  /** Why nothing of it was posted, by which names others depend on it, and the directive that let it in after all. */
  `alter table dead_letter
    add column kind text not null default 'refused',
    add column on_epoch bigint,
    add column on_seq bigint,
    add column dseq bigint,
    add column names text[] not null default '{}',
    add column released_dseq bigint`,
  `create index dead_letter_aside on dead_letter (store, epoch, seq) where released_dseq is null`,
];

const APPEND_ONLY = ['directive', 'directive_outcome', 'outcome_change', 'taken'];

/**
 * The first ledger kept no account of what became of each entry that both sides could agree on. Nothing is lost by a new
 * one: the stores keep everything they ever sent, and send it again to a central that does not have it.
 */
const OLD_LEDGER =
  'It was written before stores and head office could agree on outcomes. Give central a new, empty database: the stores send everything again.';

export async function up(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql`select 1 from entry limit 1`.execute(db);
  if (rows.length > 0) throw new Error(OLD_LEDGER);
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  await makeAppendOnly(db, APPEND_ONLY);
}
