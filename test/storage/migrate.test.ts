// Migrations: forward only, each whole or not at all, and a newer journal is refused.
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import {
  assertReadable,
  MIGRATIONS,
  type Migration,
  migrate,
  SCHEMA_VERSION,
  schemaVersion,
} from '../../storage/migrate.ts';

const tables = (db: Database.Database): string[] =>
  db
    .prepare<[], string>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .pluck()
    .all();

test('the steps make the journal: every table strict, and running it again changes nothing', () => {
  const db = new Database(':memory:');
  migrate(db);
  migrate(db);
  expect(schemaVersion(db)).toBe(SCHEMA_VERSION);
  expect(tables(db)).toEqual([
    'article',
    'branch_entry',
    'branch_superseded',
    'catalogue',
    'client_alias',
    'confirmed',
    'cursor',
    'directive',
    'directive_superseded',
    'effect',
    'entry',
    'epoch',
    'exception',
    'fact_key',
    'goods_draft',
    'journal',
    'mark',
    'mirror_segment',
    'notice',
    'outcome',
    'outcome_change',
    'product',
    'product_attributes',
    'product_proposal',
    'put_aside',
    'search_article',
    'search_entry',
    'search_line',
    'search_reference',
    'search_till',
    'search_word',
    'set_aside',
    'setting',
    'shelf',
    'sku_entry',
    'taken',
    'till_day',
    'transfer_entry',
  ]);
  const lax = db
    .prepare<[], string>(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
    )
    .pluck()
    .all();
  expect(lax).toEqual([]);
});

test('a step that fails leaves the journal as it was, and the next start takes it again', () => {
  const db = new Database(':memory:');
  const broken: Migration = {
    version: MIGRATIONS.length + 1,
    name: 'broken',
    sql: 'CREATE TABLE half (a TEXT) STRICT; INSERT INTO nowhere VALUES (1);',
  };
  const whole: Migration = { version: MIGRATIONS.length + 1, name: 'whole', sql: 'CREATE TABLE half (a TEXT) STRICT;' };
  expect(() => migrate(db, [...MIGRATIONS, broken])).toThrow(/nowhere/);
  expect(schemaVersion(db)).toBe(MIGRATIONS.length);
  expect(tables(db)).not.toContain('half');
  migrate(db, [...MIGRATIONS, whole]);
  expect(schemaVersion(db)).toBe(MIGRATIONS.length + 1);
  expect(tables(db)).toContain('half');
});

test('a journal of a newer program is refused in words, by writers and readers', () => {
  const db = new Database(':memory:');
  migrate(db);
  db.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
  expect(() => migrate(db)).toThrow(/install the newer Tillwire again/);
  expect(() => assertReadable(db)).toThrow(/install the newer Tillwire again/);
});

test('a reader asks for the agent where the journal is older', () => {
  expect(() => assertReadable(new Database(':memory:'))).toThrow(/start the agent once/);
});

test('steps out of order are a defect', () => {
  const step: Migration = { version: MIGRATIONS.length + 2, name: 'later', sql: '' };
  expect(() => migrate(new Database(':memory:'), [...MIGRATIONS, step])).toThrow(/numbered/);
});
