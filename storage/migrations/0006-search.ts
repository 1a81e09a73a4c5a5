// What receipts are searched by. All of it is derived from the entries, and written with each of them.
import type { Migration } from '../migrate.ts';
import { fillSearch } from '../search-index.ts';

export const search: Migration = {
  version: 6,
  name: 'search',
  sql: `
    CREATE TABLE search_till (
      id INTEGER PRIMARY KEY,
      workstation TEXT NOT NULL UNIQUE
    ) STRICT;

    -- A narrow twin of each entry with the same id: read newest first it answers whatever has no index of its own, and
    -- grows at its end only. amount: thousandths of the currency's unit, without sign. day: days since 1970.
    CREATE TABLE search_entry (
      id INTEGER PRIMARY KEY,
      number TEXT NOT NULL,
      tail TEXT,
      till INTEGER NOT NULL,
      kind TEXT NOT NULL,
      day INTEGER NOT NULL,
      occurred_ms INTEGER NOT NULL,
      amount INTEGER
    ) STRICT;
    CREATE INDEX search_number ON search_entry (number);
    CREATE INDEX search_tail ON search_entry (tail) WHERE tail IS NOT NULL;

    -- Articles as tills told them: once for each way of telling.
    CREATE TABLE search_article (
      id INTEGER PRIMARY KEY,
      sku TEXT NOT NULL,
      gtin TEXT NOT NULL,
      description TEXT NOT NULL,
      UNIQUE (sku, gtin, description)
    ) STRICT;
    CREATE TABLE search_word (
      word TEXT NOT NULL,
      article INTEGER NOT NULL,
      PRIMARY KEY (word, article)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE search_line (
      article INTEGER NOT NULL,
      entry INTEGER NOT NULL,
      PRIMARY KEY (article, entry)
    ) STRICT, WITHOUT ROWID;

    -- Entries by the number of a document of this store that they name: of a return its sale, of a void its receipt.
    CREATE TABLE search_reference (
      number TEXT NOT NULL,
      entry INTEGER NOT NULL,
      PRIMARY KEY (number, entry)
    ) STRICT, WITHOUT ROWID;
  `,
  fill: fillSearch,
};
