// How SQLite goes about each question of a search: by an index or along a bounded stretch, never through a whole table.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openSearch } from '../../storage/search.ts';
import { temporaryFolder } from '../temporary.ts';
import { openTest, sales } from './shop.ts';

test('no question reads a whole table, and none sorts what it found', () => {
  const folder = temporaryFolder();
  const journal = openTest(folder);
  journal.appendGroup(sales(1, 5));
  const db = new Database(join(folder, 'journal.db'), { readonly: true });
  const asked: string[] = [];
  const prepare = db.prepare.bind(db);
  const listening = (sql: string) => {
    asked.push(sql);
    return prepare(sql);
  };
  const search = openSearch(Object.assign(db, { prepare: listening }));
  const filters = {
    amount: { from: 1, to: 2 },
    days: { from: '2026-11-18', to: '2026-11-19' },
    times: { fromMs: 0, toMs: 1 },
  };
  const more = { kinds: ['sale' as const], state: 'waiting' as const, till: 'T1' };
  const queries = [[], ['1'], ['apple'], ['1', 'apple']].flatMap((terms) => [
    { terms },
    { terms, ...filters },
    { terms, ...more },
    { terms, ...filters, ...more },
  ]);
  for (const query of queries) search({ query, limit: 10 });
  expect(asked.length).toBeGreaterThan(15);
  const plans = asked.flatMap((sql) =>
    prepare<null[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...(sql.match(/\?/g) ?? []).map(() => null)),
  );
  const slow = plans.map(({ detail }) => detail).filter((detail) => /^SCAN|TEMP B-TREE/.test(detail));
  // Tills are few, as epochs are, and what is asked for is a list of its own.
  expect(slow.filter((detail) => !/^SCAN (search_till|epoch|json_each)\b/.test(detail))).toEqual([]);
  db.close();
});
