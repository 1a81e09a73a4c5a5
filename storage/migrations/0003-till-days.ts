// Tells which tills reported their day, also those that sold nothing; sales do not touch this index.
import type { Migration } from '../migrate.ts';

export const tillDays: Migration = {
  version: 3,
  name: 'till-days',
  sql: `CREATE INDEX entry_day_closed ON entry (business_date) WHERE kind = 'day-closed';`,
};
