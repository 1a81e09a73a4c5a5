// What central said before and says no more: kept, so that nothing of it is lost without people hearing of it.
import type { Migration } from '../migrate.ts';

export const superseded: Migration = {
  version: 5,
  name: 'superseded',
  sql: `
    -- Decisions that were applied here until central held another log. told: people have heard what is not in that one.
    CREATE TABLE directive_superseded (
      dseq INTEGER NOT NULL,
      bytes BLOB NOT NULL,
      superseded_ms INTEGER NOT NULL,
      told INTEGER NOT NULL DEFAULT 0
    ) STRICT;

    -- Facts of branches that such decisions had granted, until the present history is known to hold them or takes them.
    CREATE TABLE branch_superseded (
      bytes BLOB NOT NULL
    ) STRICT;
  `,
};
