// Tells which tills' days were closed by a report that counts; receipts do not touch this index.
import type { Migration } from '../migrate.ts';

export const tillReports: Migration = {
  version: 4,
  name: 'till-reports',
  sql: `CREATE INDEX fact_key_report ON fact_key (key) WHERE key LIKE '%|day-closed';`,
};
