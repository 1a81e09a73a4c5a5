// Names and GTINs of SKUs as tills told them, documents of goods and transfers by their number, drafts of such documents.
import type { FactContent } from '../../core/fact.ts';
import { openArticles } from '../articles.ts';
import { factOf } from '../carry.ts';
import type { Db } from '../database.ts';
import type { Migration } from '../migrate.ts';

export const articles: Migration = {
  version: 7,
  name: 'articles',
  sql: `
    -- As it was told last; "words" is what is searched.
    CREATE TABLE article (
      sku TEXT PRIMARY KEY,
      name TEXT,
      gtin TEXT,
      words TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX article_gtin ON article (gtin) WHERE gtin IS NOT NULL;

    -- Documents that name a transfer; entries that were carried on are not in it twice.
    CREATE TABLE transfer_entry (
      transfer TEXT NOT NULL,
      entry INTEGER NOT NULL,
      PRIMARY KEY (transfer, entry)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX entry_goods ON entry (id)
      WHERE kind IN ('goods-received', 'adjustment', 'transfer-sent', 'transfer-received');
    CREATE INDEX directive_transfer ON directive (dseq) WHERE kind = 'transfer-ordered';

    -- Documents of goods that somebody is typing. "frozen" is the document as it was handed over, once and for ever.
    CREATE TABLE goods_draft (
      id TEXT PRIMARY KEY,
      number TEXT NOT NULL,
      content TEXT NOT NULL,
      version INTEGER NOT NULL,
      began_ms INTEGER NOT NULL,
      changed_ms INTEGER NOT NULL,
      frozen TEXT,
      kept TEXT
    ) STRICT, WITHOUT ROWID;
  `,
  // About a third of a minute for 1,000,000 entries, once.
  fill: (db) => openArticles(db).tellAll(keptEntries(db)),
};

/** Entries in memory at a time: so few that the largest ones still fit. */
const FILL_ENTRIES = 64;

/** Without those that were carried on: they are there already. */
function* keptEntries(db: Db): Generator<{ id: number; content: FactContent }> {
  const page = db.prepare<[number, number], { id: number; bytes: Uint8Array }>(
    'SELECT id, bytes FROM entry WHERE id > ? AND key IS NOT NULL ORDER BY id LIMIT ?',
  );
  for (let rows = page.all(0, FILL_ENTRIES); rows.length > 0; rows = page.all(rows.at(-1)?.id ?? 0, FILL_ENTRIES)) {
    for (const { id, bytes } of rows) {
      const content = contentOf(bytes);
      if (content !== null) yield { id, content };
    }
  }
}

/** Null where it rotted on the disk: it is put back or told elsewhere (F10), and names no article here. */
function contentOf(bytes: Uint8Array): FactContent | null {
  try {
    return factOf(bytes).content;
  } catch {
    return null;
  }
}
