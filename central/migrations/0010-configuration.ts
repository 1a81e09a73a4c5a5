// Configuration: whose signatures count, revisions, what was taken back, which stores each went to, how stores stand.
import { type Kysely, sql } from 'kysely';
import { makeAppendOnly } from './append-only.ts';

const STATEMENTS = [
  `create table config_trust (
    version bigint primary key,
    trust text not null,
    signatures text not null,
    by_whom text not null,
    at_ms bigint not null)`,
  `create table config_revision (
    revision bigint primary key,
    title text not null,
    source text not null,
    envelope text not null,
    signatures text not null,
    issued_ms bigint not null,
    expires_ms bigint not null,
    times text,
    by_whom text not null,
    at_ms bigint not null)`,
  `create table config_withdrawal (
    revision bigint primary key references config_revision (revision),
    withdrawal text not null,
    key_id text not null,
    signature text not null,
    reason text not null,
    by_whom text not null,
    at_ms bigint not null)`,
  `create table config_offer (
    store text collate "C" not null,
    revision bigint not null references config_revision (revision),
    at_ms bigint not null,
    primary key (store, revision))`,
  `create index config_offer_of on config_offer (revision)`,
  /** Revisions that no store gets newly for now. */
  `create table config_hold (
    revision bigint primary key references config_revision (revision),
    at_ms bigint not null)`,
  /** The row of a store that never said how it stands has no state. All times by central's clock. */
  `create table config_store (
    store text collate "C" primary key,
    wanted bigint not null default 0,
    given bigint not null default 0,
    told bigint,
    told_ms bigint,
    applied bigint,
    desired bigint,
    state text,
    message text not null default '',
    since_ms bigint not null default 0,
    is_expired boolean not null default false,
    trust bigint,
    captured bigint not null default 0,
    set_aside bigint not null default 0,
    heard_ms bigint)`,
  `create index config_store_due on config_store (store) where given < wanted`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  await makeAppendOnly(db, ['config_trust', 'config_revision', 'config_withdrawal', 'config_offer']);
}
