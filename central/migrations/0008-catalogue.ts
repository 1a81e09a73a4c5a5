// The catalogue: products with their attributes, owners, proposals, each version signed, and the snapshot stores fetch.
import { type Kysely, sql } from 'kysely';
import { makeAppendOnly } from './append-only.ts';

const STATEMENTS = [
  /** One row: whoever changes the catalogue locks it. life_from: the version at which the present life began. */
  `create table catalogue (
    one smallint primary key check (one = 1),
    life text not null,
    life_from bigint not null,
    version bigint not null,
    products bigint not null)`,
  `insert into catalogue values (1, '', 0, 0, 0)`,
  /** Owners of an attribute of all products that name none of their own. */
  `create table catalogue_owner (
    attribute text collate "C" primary key,
    kind text not null,
    id text not null)`,
  /** attributes: JSON by name, as a snapshot has it. words: what people find it by, in small letters. */
  `create table catalogue_product (
    sku text collate "C" primary key,
    attributes text not null,
    words text not null)`,
  /** Edits that wait for their owner. own: the product names its owner itself. */
  `create table catalogue_proposal (
    n bigint generated always as identity primary key,
    id text collate "C" not null unique,
    sku text collate "C" not null,
    attribute text not null,
    by_kind text not null,
    by_id text not null,
    value text not null,
    based_on bigint not null,
    owner_kind text not null,
    owner_id text not null,
    own boolean not null,
    at_ms bigint not null)`,
  `create index catalogue_proposal_sku on catalogue_proposal (sku)`,
  `create index catalogue_proposal_owner on catalogue_proposal (owner_kind, owner_id)`,
  /** What was asked, by its id for ever. What a file brought and was applied is in the version's delta instead. */
  `create table catalogue_entry (
    id text collate "C" primary key,
    by_kind text not null,
    by_id text not null,
    who text not null,
    entry text not null,
    at_ms bigint not null)`,
  /** What became of it; the newest counts. by: whose entry it is. */
  `create table catalogue_outcome (
    n bigint generated always as identity primary key,
    entry text collate "C" not null,
    by_kind text not null,
    by_id text not null,
    outcome text not null,
    version bigint,
    proposal text,
    tell text,
    sentence text not null,
    at_ms bigint not null)`,
  `create index catalogue_outcome_entry on catalogue_outcome (entry, n)`,
  `create index catalogue_outcome_by on catalogue_outcome (by_kind, by_id, n)`,
  /** What each version changed, as it was signed for all stores; the history of every value. */
  `create table catalogue_delta (
    version bigint primary key,
    life text not null,
    statement text not null,
    bytes bigint not null,
    key_id text not null,
    signature text not null,
    who text not null,
    at_ms bigint not null)`,
  `create table catalogue_snapshot (
    version bigint primary key,
    sha256 text not null,
    file bytea not null,
    bytes bigint not null,
    inflated bigint not null,
    products bigint not null)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  await makeAppendOnly(db, ['catalogue_entry', 'catalogue_outcome', 'catalogue_delta']);
}
