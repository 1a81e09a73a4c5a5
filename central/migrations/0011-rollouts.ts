// Rollouts of revisions: their rings, which store stands how, and everything that happened.
import { type Kysely, sql } from 'kysely';
import { makeAppendOnly } from './append-only.ts';

const STATEMENTS = [
  /** plan is the JSON that was published. */
  `create table rollout (
    revision bigint primary key,
    title text not null,
    plan text not null,
    expires_ms bigint not null,
    state text not null,
    why text not null,
    published_by text not null,
    published_ms bigint not null,
    approved_by text,
    approved_ms bigint,
    changed_ms bigint not null)`,
  /** One at a time, whoever publishes. */
  `create unique index rollout_open on rollout ((true)) where state in ('waiting', 'running', 'paused')`,
  `create table rollout_ring (
    revision bigint not null references rollout (revision),
    ring integer not null,
    opened_ms bigint,
    reached_ms bigint,
    primary key (revision, ring))`,
  `create table rollout_store (
    revision bigint not null references rollout (revision),
    store text collate "C" not null,
    ring integer not null,
    state text not null,
    message text not null,
    since_ms bigint not null,
    primary key (revision, store))`,
  `create table rollout_event (
    n bigint generated always as identity primary key,
    revision bigint not null references rollout (revision),
    at_ms bigint not null,
    what text not null,
    by_whom text not null,
    ring text,
    message text not null)`,
  `create index rollout_event_of on rollout_event (revision, n)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  await makeAppendOnly(db, ['rollout_event']);
}
