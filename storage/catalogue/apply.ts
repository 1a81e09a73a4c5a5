// Takes head office's products in, a slice in each transaction: whoever rings up a sale waits for one slice at most.
import type { Clock } from '../../core/clock.ts';
import { DISK_WARNING_BYTES } from '../../core/limits.ts';
import { wordsOf } from '../../core/search-keys.ts';
import type { CatalogueManifest, HeldCatalogue, ProductState } from '../../protocol/catalogue.ts';
import { searchable } from '../articles.ts';
import type { Db } from '../database.ts';
import { apart, parsedOr } from './damage.ts';
import { productGtin, productName } from './product.ts';

type Owners = CatalogueManifest['owners'];
type Attributes = ProductState['attributes'];

/** What is here of head office's catalogue. */
export type CatalogueState = {
  /** Null where none was taken in yet. */
  held: HeldCatalogue | null;
  /** When it was here. */
  appliedMs: number | null;
  products: number;
  /** A snapshot that is being taken in: that many of its products are here already. */
  applying: { sha256: string; done: number; total: number } | null;
  /** Who decides on an attribute where a product has no owner of its own; head office on all others. */
  owners: Owners;
};

/** A product of a snapshot is as it says; in a delta it has what it had, and what the delta says. */
export type Slice = { from: 'snapshot' | 'delta'; products: ProductState[] };

export type CatalogueParts = {
  db: Db;
  clock: Pick<Clock, 'wallMs'>;
  freeBytes: () => number;
  transact: <Value>(work: () => Value) => Value;
};

type Row = {
  life: string;
  version: number;
  atMs: number;
  appliedMs: number;
  products: number;
  run: number;
  applying: string | null;
  done: number;
  total: number;
  owners: string;
  named: number;
};

function openStatements(db: Db) {
  return {
    read: db.prepare<[], Row>(
      `SELECT life, version, at_ms AS atMs, applied_ms AS appliedMs, products, run, applying, done, total, owners, named
       FROM catalogue`,
    ),
    begin: db.prepare('UPDATE catalogue SET run = run + 1, applying = ?, done = 0, total = ?'),
    advance: db.prepare('UPDATE catalogue SET done = done + ?, products = products + ?'),
    finish: db.prepare(
      `UPDATE catalogue SET life = ?, version = ?, at_ms = ?, applied_ms = ?, owners = ?, applying = NULL, done = 0,
         total = 0`,
    ),
    known: db.prepare<[string], string>('SELECT attributes FROM product_attributes WHERE sku = ?').pluck(),
    stamp: db.prepare('UPDATE product_attributes SET run = ? WHERE sku = ?'),
    write: db.prepare('INSERT OR REPLACE INTO product_attributes (sku, attributes, run) VALUES (?, ?, ?)'),
    name: db.prepare(
      `INSERT INTO product (sku, name, gtin, words) VALUES (?, ?, ?, ?)
       ON CONFLICT (sku) DO UPDATE SET name = excluded.name, gtin = excluded.gtin, words = excluded.words
       WHERE name IS NOT excluded.name OR gtin IS NOT excluded.gtin`,
    ),
    articles: db.prepare<[string], number>('SELECT id FROM search_article WHERE sku = ?').pluck(),
    word: db.prepare('INSERT OR IGNORE INTO search_word (word, article) VALUES (?, ?)'),
    behind: db.prepare<[number, number], { id: number; sku: string }>(
      'SELECT id, sku FROM search_article WHERE id > ? ORDER BY id LIMIT ?',
    ),
    listed: db.prepare<[string], string | null>('SELECT name FROM product WHERE sku = ?').pluck(),
    named: db.prepare('UPDATE catalogue SET named = ?'),
    removeName: db.prepare('DELETE FROM product WHERE sku = ?'),
    remove: db.prepare('DELETE FROM product_attributes WHERE sku = ?'),
    looked: db.prepare<[string, number], { sku: string; run: number }>(
      'SELECT sku, run FROM product_attributes WHERE sku > ? ORDER BY sku LIMIT ?',
    ),
  };
}

export function openCatalogueApply({ db, clock, freeBytes, transact }: CatalogueParts) {
  const sql = openStatements(db);

  function row(): Row {
    const found = sql.read.get();
    if (found === undefined) throw new Error('the catalogue has no row');
    return found;
  }

  /** Receipts are found by what head office calls what they sold; by what it called it before, too. */
  function makeFindable(sku: string, name: string | null): void {
    if (name === null) return;
    for (const id of sql.articles.all(sku)) for (const word of wordsOf(name)) sql.word.run(word, id);
  }

  /** How many products there are more than before. */
  function put({ sku, attributes: said }: ProductState, from: Slice['from'], run: number): number {
    const before = sql.known.get(sku);
    const attributes: Attributes = from === 'delta' ? { ...parsedOr<Attributes>(before, {}), ...said } : said;
    const now = JSON.stringify(attributes);
    if (now === before) sql.stamp.run(run, sku);
    else {
      const [name, gtin] = [productName(attributes), productGtin(attributes)];
      sql.write.run(sku, now, run);
      if (sql.name.run(sku, name, gtin, searchable([sku, gtin, name])).changes > 0) makeFindable(sku, name);
    }
    return before === undefined ? 1 : 0;
  }

  function sweep(after: string, limit: number): string | null {
    const { run } = row();
    const looked = sql.looked.all(after, limit);
    const gone = looked.filter((one) => one.run !== run);
    if (gone.length > 0) {
      transact(() => {
        for (const { sku } of gone) {
          sql.remove.run(sku);
          sql.removeName.run(sku);
        }
        sql.advance.run(0, -gone.length);
      });
    }
    return looked.at(-1)?.sku ?? null;
  }

  /** Never in the transaction of a sale, which a rotten page of the products must not stop. */
  function nameSome(limit: number): boolean {
    const looked = sql.behind.all(row().named, limit);
    const last = looked.at(-1);
    if (last === undefined) return false;
    const names = looked.map(({ id, sku }) => ({ id, name: sql.listed.get(sku) ?? '' }));
    transact(() => {
      for (const { id, name } of names) for (const word of wordsOf(name)) sql.word.run(word, id);
      sql.named.run(last.id);
    });
    return true;
  }

  return {
    catalogueState(): CatalogueState {
      const { life, version, atMs, appliedMs, products, applying, done, total, owners } = row();
      const isHere = life !== '';
      return {
        held: isHere ? { life, version, atMs } : null,
        appliedMs: isHere ? appliedMs : null,
        products,
        applying: applying === null ? null : { sha256: applying, done, total },
        owners: parsedOr<Owners>(owners, {}),
      };
    },
    /** Begins to take a snapshot in, or goes on: how many of its products, in their order, are here already. */
    beginCatalogue: (sha256: string, total: number): number =>
      transact(() => {
        const { applying, done } = row();
        if (applying === sha256) return done;
        sql.begin.run(sha256, total);
        return 0;
      }),
    /** False, and nothing, where the disk has room for sales only. */
    putProducts({ from, products }: Slice): boolean {
      if (freeBytes() < DISK_WARNING_BYTES) return false;
      apart(() =>
        transact(() => {
          const { run } = row();
          const more = products.reduce((sum, product) => sum + put(product, from, run), 0);
          sql.advance.run(from === 'snapshot' ? products.length : 0, more);
        }),
      );
      return true;
    },
    /** Of so many products behind this SKU, takes out what the snapshot did not name: the last one looked at, or null. */
    sweepProducts: (after: string, limit: number): string | null => apart(() => sweep(after, limit)),
    /** Of articles that tills told since, so many are found by what head office calls them. False where none is left. */
    nameArticles: (limit: number): boolean => apart(() => nameSome(limit)),
    /** All of this version is here. */
    endCatalogue: ({ life, version, atMs }: HeldCatalogue, owners: Owners): void =>
      transact(() => void sql.finish.run(life, version, atMs, clock.wallMs(), JSON.stringify(owners))),
  };
}
