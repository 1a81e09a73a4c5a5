// The book of the store as both sides confirmed it: central's decisions, shelves, outcomes, questions, lost branches.
import type { Migration } from '../migrate.ts';

export const book: Migration = {
  version: 2,
  name: 'book',
  sql: `
    -- Central's log as far as it is applied. sku and fact (an entry id) say what a decision is about.
    CREATE TABLE directive (
      dseq INTEGER PRIMARY KEY,
      bytes BLOB NOT NULL,
      chain BLOB NOT NULL,
      key_id TEXT NOT NULL,
      signature BLOB NOT NULL,
      basis_epoch INTEGER NOT NULL,
      basis_seq INTEGER NOT NULL,
      kind TEXT NOT NULL,
      sku TEXT,
      fact INTEGER,
      applied_ms INTEGER NOT NULL,
      frame INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX directive_sku ON directive (sku, dseq) WHERE sku IS NOT NULL;
    CREATE INDEX directive_fact ON directive (fact, dseq) WHERE fact IS NOT NULL;
    CREATE INDEX directive_grant ON directive (dseq) WHERE kind = 'epoch-granted';
    CREATE INDEX directive_period ON directive (dseq) WHERE kind = 'period-closed';

    -- Entries of closed epochs that central took and this journal lacks; they stand in place of ours with these ids.
    CREATE TABLE branch_entry (
      id INTEGER PRIMARY KEY,
      chain BLOB NOT NULL,
      bytes BLOB NOT NULL
    ) STRICT;

    -- One row: how far the book is confirmed, and what central's newest mark states.
    CREATE TABLE confirmed (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      epoch INTEGER NOT NULL,
      seq INTEGER NOT NULL,
      dseq INTEGER NOT NULL,
      outcomes TEXT NOT NULL,
      buckets BLOB NOT NULL,
      closed_through TEXT,
      recorded_ms INTEGER NOT NULL,
      rebuilt INTEGER NOT NULL,
      stated TEXT,
      told INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE shelf (
      sku TEXT PRIMARY KEY,
      on_hand INTEGER NOT NULL,
      reserved INTEGER NOT NULL,
      known INTEGER NOT NULL,
      book TEXT NOT NULL,
      hash BLOB
    ) STRICT;

    -- Movements of on-hand that a late count may have to place.
    CREATE TABLE effect (
      sku TEXT NOT NULL,
      epoch INTEGER NOT NULL,
      seq INTEGER NOT NULL,
      line INTEGER NOT NULL,
      entry INTEGER NOT NULL,
      lo INTEGER,
      hi INTEGER NOT NULL,
      frame INTEGER NOT NULL,
      frame_start INTEGER NOT NULL,
      effect INTEGER NOT NULL,
      recorded_ms INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX effect_sku ON effect (sku, recorded_ms);
    CREATE INDEX effect_recorded ON effect (recorded_ms);

    -- Natural keys that are posted, for ever and over all epochs and branches.
    CREATE TABLE fact_key (
      key TEXT PRIMARY KEY,
      fact INTEGER NOT NULL,
      content BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- Receipts voided and documents taken back, and the name of the entry that did it.
    CREATE TABLE taken (
      subject TEXT PRIMARY KEY,
      entry TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- Facts that central put aside; "released" is the directive that let one in after all.
    CREATE TABLE put_aside (
      fact INTEGER PRIMARY KEY,
      kind TEXT NOT NULL,
      reason TEXT,
      said TEXT NOT NULL,
      waits_for INTEGER,
      released INTEGER
    ) STRICT;

    CREATE TABLE exception (
      id TEXT PRIMARY KEY,
      type TEXT NOT NULL,
      sku TEXT,
      evidence TEXT NOT NULL,
      message TEXT NOT NULL,
      raised_ms INTEGER NOT NULL,
      decided_by TEXT,
      decided_option TEXT
    ) STRICT;
    CREATE INDEX exception_open ON exception (raised_ms, id) WHERE decided_by IS NULL;
    CREATE INDEX exception_raised ON exception (raised_ms, id);

    -- Lines of entries that are not plainly posted. An entry is an entry id, or the number of a directive.
    CREATE TABLE outcome (
      entry INTEGER NOT NULL,
      line INTEGER NOT NULL,
      sku TEXT,
      outcome TEXT NOT NULL,
      reason TEXT,
      other_entry TEXT,
      other INTEGER,
      variance INTEGER,
      PRIMARY KEY (entry, line)
    ) STRICT, WITHOUT ROWID;

    -- What later became of a correction, and by which entry.
    CREATE TABLE outcome_change (
      entry INTEGER NOT NULL,
      cause INTEGER NOT NULL,
      outcome TEXT NOT NULL,
      PRIMARY KEY (entry, cause)
    ) STRICT, WITHOUT ROWID;

    -- Confirmed facts by the SKUs that they name.
    CREATE TABLE sku_entry (
      sku TEXT NOT NULL,
      entry INTEGER NOT NULL,
      PRIMARY KEY (sku, entry)
    ) STRICT, WITHOUT ROWID;
  `,
};
