// Accounts of people and programs, their tokens, and the log of what each asked for.
import { type Kysely, sql } from 'kysely';
import { makeAppendOnly } from './append-only.ts';

const STATEMENTS = [
  `create table account (
    name text collate "C" primary key,
    kind text not null,
    roles text[] not null,
    password text,
    disabled boolean not null default false,
    created_ms bigint not null)`,
  /** hash is SHA-256 of the token, which has 256 random bits: a slow hash would add nothing. */
  `create table token (
    id text collate "C" primary key,
    account text collate "C" not null references account,
    hash text not null,
    note text,
    actions text[],
    stores text[],
    created_ms bigint not null,
    expires_ms bigint not null,
    revoked_ms bigint)`,
  `create index token_account on token (account)`,
  `create table audit (
    n bigint primary key,
    at_ms bigint not null,
    who text not null,
    token text,
    action text not null,
    subject text not null,
    result text not null,
    detail text not null,
    chain text not null)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  await makeAppendOnly(db, ['audit']);
}
