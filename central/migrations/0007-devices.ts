// Computers of stores: who they are, what let them in, their keys, and what each last said that it holds.
import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  /** hash is SHA-256 of the token, which has 256 random bits. */
  `create table enrolment_token (
    id text collate "C" primary key,
    hash text not null,
    replace boolean not null,
    created_ms bigint not null,
    created_by text not null,
    expires_ms bigint not null,
    revoked_ms bigint)`,
  /** A token is good once for each of its places. */
  `create table enrolment_place (
    token text collate "C" not null references enrolment_token,
    store text collate "C" not null,
    used_by text,
    used_ms bigint,
    primary key (token, store))`,
  `create table device (
    device text collate "C" primary key,
    store text collate "C" not null references store,
    state text not null,
    computer text not null,
    agent text not null,
    public_key text not null,
    previous_key text,
    token text collate "C" not null,
    enrolled_ms bigint not null,
    from_ms bigint not null,
    until_ms bigint not null,
    ended_ms bigint,
    ended_by text,
    withdrawn boolean not null default false)`,
  `create unique index device_active on device (store) where state = 'active'`,
  `create index device_store on device (store)`,
  /** The rest are evidence: of all keys of a store at most one has no end. */
  `alter table device_key add column device text collate "C" references device`,
  `alter table device_key add column ended_ms bigint`,
  `create unique index device_key_present on device_key (store) where ended_ms is null`,
  `create index device_key_public on device_key (public_key)`,
  /** What the newest hello under this key said that its journal holds. */
  `alter table device_key add column told_epoch bigint`,
  `alter table device_key add column told_seq bigint`,
  `alter table device_key add column told_chain text`,
  `alter table device_key add column told_ms bigint`,
  /** Requests that were heard: none is heard twice. */
  `create table device_nonce (
    device text collate "C" not null,
    nonce text collate "C" not null,
    at_ms bigint not null,
    primary key (device, nonce))`,
  `create index device_nonce_at on device_nonce (at_ms)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
