// The journal's first shape: epochs, entries, marks, cursors, settings, what was set aside, what people are told.
import type { Migration } from '../migrate.ts';

export const journal: Migration = {
  version: 1,
  name: 'journal',
  sql: `
    -- One row: whose journal this is, and the number of the last clock frame.
    CREATE TABLE journal (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      store TEXT NOT NULL,
      frame INTEGER NOT NULL
    ) STRICT;

    -- The newest row is open for captures. A closed epoch ends at "closed"; entries behind that were carried on.
    CREATE TABLE epoch (
      ordinal INTEGER PRIMARY KEY,
      life TEXT NOT NULL UNIQUE,
      seq INTEGER NOT NULL,
      chain BLOB NOT NULL,
      settled INTEGER NOT NULL,
      closed INTEGER,
      hlc_ms INTEGER NOT NULL,
      hlc_n INTEGER NOT NULL,
      began_ms INTEGER NOT NULL,
      reason TEXT NOT NULL,
      CHECK (settled <= seq)
    ) STRICT;

    -- id is ordinal * 2^40 + seq. A carried entry repeats the bytes of an earlier one and leaves the keys to it.
    CREATE TABLE entry (
      id INTEGER PRIMARY KEY,
      key TEXT UNIQUE,
      client TEXT UNIQUE,
      kind TEXT NOT NULL,
      workstation TEXT NOT NULL,
      number TEXT NOT NULL,
      business_date TEXT NOT NULL,
      recorded_ms INTEGER NOT NULL,
      lines INTEGER NOT NULL,
      total INTEGER,
      currency TEXT,
      content BLOB NOT NULL,
      chain BLOB NOT NULL,
      bytes BLOB NOT NULL
    ) STRICT;
    CREATE INDEX entry_number ON entry (number);
    CREATE INDEX entry_recorded ON entry (recorded_ms);

    -- Further client keys under which the same document was sent.
    CREATE TABLE client_alias (
      client TEXT PRIMARY KEY,
      entry INTEGER NOT NULL REFERENCES entry (id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX client_alias_entry ON client_alias (entry);

    -- What a till did on a trading day, kept while capturing so that the window need not count.
    CREATE TABLE till_day (
      business_date TEXT NOT NULL,
      workstation TEXT NOT NULL,
      sales INTEGER NOT NULL,
      returns INTEGER NOT NULL,
      voids INTEGER NOT NULL,
      amount INTEGER,
      currency TEXT,
      last_ms INTEGER NOT NULL,
      PRIMARY KEY (business_date, workstation)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE cursor (
      feed TEXT NOT NULL,
      till TEXT NOT NULL,
      position TEXT NOT NULL,
      PRIMARY KEY (feed, till)
    ) STRICT, WITHOUT ROWID;

    -- Proof of what central holds: the signed mark, and how many entries it settled for the first time.
    CREATE TABLE mark (
      entry INTEGER PRIMARY KEY,
      settled_ms INTEGER NOT NULL,
      entries INTEGER NOT NULL,
      frame TEXT NOT NULL
    ) STRICT;
    CREATE INDEX mark_settled ON mark (settled_ms, entries);

    CREATE TABLE setting (
      name TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE set_aside (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at_ms INTEGER NOT NULL,
      fingerprint TEXT NOT NULL UNIQUE,
      feed TEXT NOT NULL,
      source TEXT NOT NULL,
      place TEXT NOT NULL,
      code TEXT NOT NULL,
      reason TEXT NOT NULL,
      receipt TEXT,
      raw TEXT NOT NULL,
      masked TEXT NOT NULL,
      rows INTEGER NOT NULL,
      resolved_ms INTEGER
    ) STRICT;
    CREATE INDEX set_aside_open ON set_aside (id) WHERE resolved_ms IS NULL;

    -- A notice that tells of a state is taken away when the state is over; one that tells of an event grows old.
    CREATE TABLE notice (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      code TEXT NOT NULL,
      message TEXT NOT NULL,
      at_ms INTEGER NOT NULL
    ) STRICT;

    -- Files of the mirror that are complete and were checked.
    CREATE TABLE mirror_segment (
      name TEXT PRIMARY KEY,
      ordinal INTEGER NOT NULL,
      first INTEGER NOT NULL,
      last INTEGER NOT NULL,
      bytes INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
