// When each till last sent something, and whether it is one that sells on a day like this.

import { PAGE_ROWS_MAX } from '../core/limits.ts';
import type { TillSeen } from '../core/opening-hours.ts';
import type { Db } from './database.ts';

/** Trading days as YYYY-MM-DD: the present one, and those of which one makes a till an expected one. */
export type TillsAsked = { since: string; expectedOn: readonly [string, string] };

/** Tills that sold on any trading day from `since` on, by name. */
export const readTillsSeen = (db: Db, { since, expectedOn }: TillsAsked): TillSeen[] =>
  db
    .prepare<[string, string, string, number], { workstation: string; lastMs: number; expected: number }>(
      `SELECT workstation, max(last_ms) AS lastMs, max(business_date IN (?, ?)) AS expected FROM till_day
       WHERE business_date >= ? GROUP BY workstation ORDER BY workstation LIMIT ?`,
    )
    .all(...expectedOn, since, PAGE_ROWS_MAX)
    .map(({ workstation, lastMs, expected }) => ({ workstation, lastMs, isExpected: expected === 1 }));
