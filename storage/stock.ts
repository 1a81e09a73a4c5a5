// What the shelves hold, as a list that is searched and sorted, and which article a person means.
import type Database from 'better-sqlite3';
import { readNaturalKey } from '../core/fact.ts';
import { ARTICLES_FOUND_MAX, SEARCH_WORDS_MAX, STOCK_PAGE_ROWS_MAX } from '../core/limits/goods.ts';
import { SO_FAR_EAGER_ENTRIES } from '../core/limits.ts';
import { emptyShelf, onHand, type Shelf } from '../core/shelf.ts';
import type {
  Article,
  ArticlesFound,
  Figures,
  ShelfCard,
  StockPage,
  StockQuery,
  StockRow,
} from '../protocol/local/rooms/stock.ts';
import { searchable } from './articles.ts';
import type { BookPieces } from './book.ts';
import { openNames } from './catalogue/names.ts';
import type { Db } from './database.ts';
import type { BookStory } from './story.ts';

type Asked = { over: string; limit: number; offset: number } & Record<string, string | number>;
type Statement = Database.Statement<[Asked], Line>;
type Line = Article & { onHand: number; reserved: number; known: number; soFar: number; unlisted: number };
type Pieces = Pick<BookPieces, 'soFar' | 'reads'>;
export type StockParts = Pieces & {
  explainSku: (sku: string) => BookStory | null;
  /** Ordered from other stores and not received yet, by SKU. */
  coming: () => ReadonlyMap<string, number>;
};

const HELD = '(known OR on_hand <> 0 OR reserved <> 0)';
/**
 * What was only ever no goods (a fee, a voucher) has an empty shelf and no name. `@over`: shelves with unconfirmed
 * entries as JSON; they stand in place of the confirmed ones.
 */
const SO_FAR = `so_far (sku, on_hand, reserved, known) AS MATERIALIZED (
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(@over)
  )`;
const FROM = `FROM line LEFT JOIN article USING (sku) LEFT JOIN product USING (sku)
  WHERE (article.sku IS NOT NULL OR ${HELD})`;

/** All words, `@word0` and on, stand in it. */
const holds = (what: string, words: number): string =>
  Array.from({ length: words }, (_, index) => `instr(${what}, @word${index}) > 0`).join(' AND ');

/** The shelves, or those that hold so many words: names are looked through first, for they lie close together. */
function linesWith(words: number): string {
  const over = 'SELECT sku, on_hand, reserved, known, 1 AS so_far FROM so_far';
  const confirmed = 'SELECT sku, on_hand, reserved, known, 0 AS so_far FROM';
  if (words === 0) {
    return `WITH ${SO_FAR}, line AS (
      ${confirmed} shelf WHERE sku NOT IN (SELECT sku FROM so_far) UNION ALL ${over})`;
  }
  const bySku = holds('lower(sku)', words);
  return `WITH ${SO_FAR}, wanted (sku) AS MATERIALIZED (
      SELECT sku FROM article WHERE ${holds('words', words)}
      UNION SELECT sku FROM shelf CROSS JOIN product USING (sku) WHERE ${holds('product.words', words)}
      UNION SELECT sku FROM so_far CROSS JOIN product USING (sku) WHERE ${holds('product.words', words)}
      UNION SELECT sku FROM so_far WHERE ${bySku}
      UNION SELECT sku FROM shelf WHERE ${bySku}
    ), line AS (
      ${confirmed} wanted CROSS JOIN shelf USING (sku) WHERE sku NOT IN (SELECT sku FROM so_far)
      UNION ALL ${over} WHERE sku IN (SELECT sku FROM wanted)
    )`;
}
/** As head office calls it, else a till. */
const NAME = 'coalesce(product.name, article.name)';
const COLUMNS = `sku, ${NAME} AS name, coalesce(product.gtin, article.gtin) AS gtin, on_hand AS onHand, reserved, known,
  so_far AS soFar, product.sku IS NULL AND (SELECT life <> '' FROM catalogue WHERE id = 1) AS unlisted`;
const ORDERS: Record<StockQuery['order'], string> = {
  sku: 'sku',
  name: `${NAME} IS NULL, lower(${NAME}), sku`,
  // What was never counted has no figure that could be the least or the most.
  least: 'known = 0, on_hand, sku',
  most: 'known = 0, on_hand DESC, sku',
};

export function openStock(db: Db, { soFar, reads, explainSku, coming }: StockParts) {
  const names = openNames(db);
  const articleOf = (sku: string): Article => names.articleOf(sku) ?? { sku, name: null, gtin: null };
  const statements = new Map<string, Statement>();
  const prepared = (sql: string): Statement => {
    const statement = statements.get(sql) ?? db.prepare<[Asked], Line>(sql);
    statements.set(sql, statement);
    return statement;
  };
  const linesOf = (order: StockQuery['order'], asked: Asked, words: string[]): Line[] =>
    prepared(
      `${linesWith(words.length)} SELECT ${COLUMNS} ${FROM} ORDER BY ${ORDERS[order]} LIMIT @limit OFFSET @offset`,
    ).all(askedFor(asked, words));
  let lastCount = { of: '', total: 0 };
  /** Pages of one search are counted once. */
  function counted(asked: Asked, words: string[]): number {
    const of = JSON.stringify([words, asked.over]);
    if (of !== lastCount.of) {
      const row = prepared(`${linesWith(words.length)} SELECT count(*) AS onHand ${FROM}`).get(askedFor(asked, words));
      lastCount = { of, total: row?.onHand ?? 0 };
    }
    return lastCount.total;
  }

  /** The first of them by SKU; shelves that nobody named come behind. */
  function offered(words: string[]): Article[] {
    const asked = askedFor({ over: '', limit: ARTICLES_FOUND_MAX, offset: 0 }, words);
    const named = ['product', 'article'].flatMap((table) =>
      prepared(`SELECT sku FROM ${table} WHERE ${holds('words', words.length)} ORDER BY sku LIMIT @limit`).all(asked),
    );
    const bare = prepared(
      `SELECT sku, NULL AS name, NULL AS gtin FROM shelf WHERE ${holds('lower(sku)', words.length)} AND ${HELD}
         AND NOT EXISTS (SELECT 1 FROM article WHERE article.sku = shelf.sku)
         AND NOT EXISTS (SELECT 1 FROM product WHERE product.sku = shelf.sku) ORDER BY sku LIMIT @limit`,
    );
    const inOrder = [...new Set(named.map(({ sku }) => sku))].sort((a, b) => (a < b ? -1 : 1));
    return [...inOrder.map(articleOf), ...bare.all(asked)].slice(0, ARTICLES_FOUND_MAX);
  }

  /** Nothing of a long backlog is folded here, for a till may wait: shelves that are stale are told by their page. */
  function overlay(): string {
    soFar.whole();
    const touched = soFar.touched();
    if (soFar.size() < SO_FAR_EAGER_ENTRIES) soFar.freshen(touched);
    const rows = [...new Set(touched)].map((sku) => {
      const shelf = soFar.shelf(sku) ?? confirmedShelf(sku) ?? emptyShelf();
      return [sku, onHand(shelf.places), shelf.places.reserved, shelf.known ? 1 : 0];
    });
    return JSON.stringify(rows);
  }

  function confirmedShelf(sku: string): Shelf | null {
    const row = reads.shelf(sku);
    return row === undefined ? null : (JSON.parse(row.json) as Shelf);
  }

  function rowsOf(found: Line[]): StockRow[] {
    soFar.freshen(found.filter((line) => line.soFar === 1).map(({ sku }) => sku));
    const awaited = coming();
    return found.map(({ sku, name, gtin, unlisted, ...line }) => {
      const isSoFar = line.soFar === 1;
      const shelf = (isSoFar ? soFar.shelf(sku) : undefined) ?? confirmedShelf(sku) ?? emptyShelf();
      const figures = { ...figuresOf(shelf), soFar: isSoFar, coming: awaited.get(sku) ?? 0 };
      return { sku, name, gtin, ...figures, unlisted: unlisted === 1 };
    });
  }

  function exactly(text: string): Article | null {
    const named = names.articleOf(text) ?? names.withCode(text);
    if (named !== null) return named;
    soFar.whole();
    soFar.freshen(soFar.touched().includes(text) ? [text] : []);
    const shelf = soFar.shelf(text) ?? confirmedShelf(text);
    const isHeld = shelf !== null && (shelf.known || onHand(shelf.places) !== 0 || shelf.places.reserved !== 0);
    return isHeld ? articleOf(text) : null;
  }

  return {
    /** Shelves of which SKU, GTIN or name hold every word. Figures so far, where something of them is not confirmed. */
    stockPage({ text, order, offset, limit }: StockQuery): StockPage {
      const asked = { over: overlay(), limit: Math.min(limit, STOCK_PAGE_ROWS_MAX), offset };
      const words = wordsOf(text);
      return { total: counted(asked, words), rows: rowsOf(linesOf(order, asked, words)) };
    },
    findArticles(text: string): ArticlesFound {
      const wanted = text.trim();
      if (wanted === '') return { exact: null, rows: [] };
      const exact = exactly(wanted);
      return exact === null ? { exact, rows: offered(wordsOf(wanted)) } : { exact, rows: [exact] };
    },
    /** Names of those that have one, by SKU. */
    articleNames: (skus: string[]): Map<string, string> =>
      new Map(
        skus.flatMap((sku): [string, string][] => {
          const name = names.nameOf(sku);
          return name === null ? [] : [[sku, name]];
        }),
      ),
    /** Null where nothing is known of this SKU. */
    shelfCard(sku: string): ShelfCard | null {
      const story = explainSku(sku);
      if (story === null) return null;
      const confirmed = confirmedShelf(sku);
      const isSoFar = new Set(soFar.touched()).has(sku);
      if (isSoFar) soFar.freshen([sku]);
      const shelf = (isSoFar ? soFar.shelf(sku) : undefined) ?? confirmed ?? emptyShelf();
      const figures = { ...figuresOf(shelf), soFar: isSoFar, coming: coming().get(sku) ?? 0 };
      return {
        row: { ...articleOf(sku), ...figures, unlisted: names.isUnlisted(sku) },
        confirmed: confirmed === null ? null : figuresOf(confirmed),
        lastCount: lastCountOf(shelf),
        story,
      };
    },
  };
}

const figuresOf = ({ places, known }: Shelf): Figures => ({
  onHand: onHand(places),
  reserved: places.reserved,
  known,
  damaged: places.damaged,
});

function lastCountOf({ newest }: Shelf): ShelfCard['lastCount'] {
  if (newest === null) return null;
  return { atMs: newest.moment.hi, counted: newest.counted, document: readNaturalKey(newest.key).number };
}

const wordsOf = (text: string): string[] =>
  searchable([text])
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, SEARCH_WORDS_MAX);

const askedFor = (asked: Asked, words: string[]): Asked => ({
  ...asked,
  ...Object.fromEntries(words.map((word, index) => [`word${index}`, word])),
});
