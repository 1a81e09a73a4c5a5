// Head office's products as this store knows them, made anew from its catalogue at any time; and what people here proposed.
import type { Migration } from '../migrate.ts';

export const catalogue: Migration = {
  version: 8,
  name: 'catalogue',
  sql: `
    -- One row. version, of that life: what is here, 0 for nothing. run: grows with each snapshot; a product of an older run
    -- is not in it. applying, done, total: the snapshot that is being taken in, by its SHA-256, and how far.
    -- named: receipts with articles up to this one of search_article are found by what head office calls them.
    CREATE TABLE catalogue (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      life TEXT NOT NULL,
      version INTEGER NOT NULL,
      at_ms INTEGER NOT NULL,
      applied_ms INTEGER NOT NULL,
      products INTEGER NOT NULL,
      run INTEGER NOT NULL,
      applying TEXT,
      done INTEGER NOT NULL,
      total INTEGER NOT NULL,
      owners TEXT NOT NULL,
      named INTEGER NOT NULL
    ) STRICT;
    INSERT INTO catalogue VALUES (1, '', 0, 0, 0, 0, 0, NULL, 0, 0, '{}', 0);

    -- What every room shows; narrow, for "words" is looked through from end to end.
    CREATE TABLE product (
      sku TEXT PRIMARY KEY,
      name TEXT,
      gtin TEXT,
      words TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX product_gtin ON product (gtin) WHERE gtin IS NOT NULL;
    -- All that head office said of each of them, as JSON.
    CREATE TABLE product_attributes (
      sku TEXT PRIMARY KEY,
      attributes TEXT NOT NULL,
      run INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- value: JSON. based_on: the attribute's version that the person saw. outcome and sentence: head office's word on it,
    -- null while it has not heard of it.
    CREATE TABLE product_proposal (
      id TEXT PRIMARY KEY,
      sku TEXT NOT NULL,
      attribute TEXT NOT NULL,
      value TEXT NOT NULL,
      based_on INTEGER NOT NULL,
      at_ms INTEGER NOT NULL,
      outcome TEXT,
      sentence TEXT,
      told_ms INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX product_proposal_sku ON product_proposal (sku, at_ms);
  `,
};
