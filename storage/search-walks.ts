// Ways through the journal from its newest entry to its oldest, each within a bounded effort: by rows, articles, numbers.
import { SEARCH_NUMBERS_MAX, SEARCH_STEP_ROWS_MAX } from '../core/limits/search.ts';
import { prefixRange } from '../core/search-keys.ts';
import type { Db } from './database.ts';

/** An entry that was found; or, where `isHit` is false, how far it was looked: all hits from there on are told. */
export type Head = { id: number; isHit: boolean };
/** Ids downwards. Null behind the last one. */
export type Walk = { head(): Head | null; advance(): void };
/** Entries that count, newest first: ids behind `low` and before `high`. */
export type Stretch = { low: number; high: number };
/** What is asked of a row of the narrow table. */
export type RowFilter = { sql: string; values: (string | number)[] };

const PREFIX = '((+number >= ? AND +number < ?) OR (+tail >= ? AND +tail < ?))';
/** Read of each article at once, however many there are. */
const POSTINGS_MIN = 16;
type Posting = [entry: number, passes: number];

/** Plus signs keep SQLite from choosing the index of numbers, which is not in the order that is asked for. */
export const withPrefix = ({ sql, values }: RowFilter, prefix: string | null): RowFilter => {
  if (prefix === null) return { sql, values };
  const range = prefixRange(prefix);
  return { sql: `${sql} AND ${PREFIX}`, values: [...values, ...range, ...range] };
};

const isWithin = (stretches: Stretch[], id: number): boolean =>
  stretches.some(({ low, high }) => id > low && id < high);

export function openWalks(db: Db) {
  const statements = new Map<string, ReturnType<Db['prepare']>>();
  const pairs = new Map<string, ReturnType<Db['prepare']>>();
  /** Few different ones, by which filters are used. */
  const prepared = (sql: string) => {
    const known = statements.get(sql) ?? db.prepare(sql).pluck();
    statements.set(sql, known);
    return known;
  };
  const ids = (sql: string, ...values: (string | number)[]): number[] => prepared(sql).all(...values) as number[];
  /** Entries of an article, newest first, each with 1 where it passes the filter. */
  const postings = (filter: RowFilter, article: number, { low, high }: Stretch, limit: number): Posting[] => {
    const passes = filter.sql === '' ? '1' : `EXISTS (SELECT 1 FROM search_entry WHERE id = entry ${filter.sql})`;
    const sql = `SELECT entry, ${passes} FROM search_line
      WHERE article = ? AND entry > ? AND entry < ? ORDER BY entry DESC LIMIT ?`;
    const statement = pairs.get(sql) ?? db.prepare(sql).raw();
    pairs.set(sql, statement);
    return statement.all(...filter.values, article, low, high, limit) as Posting[];
  };

  /** One row after the other; `effort` of them. */
  function byRows(stretches: Stretch[], filter: RowFilter, effort: number): Walk {
    const sql = `SELECT id FROM search_entry WHERE id > ? AND id < ? ${filter.sql} ORDER BY id DESC LIMIT ${SEARCH_STEP_ROWS_MAX}`;
    const left = stretches.slice();
    let found: number[] = [];
    let at = 0;
    let rest = effort;
    let stopped: number | null = null;
    function fill(): void {
      while (at >= found.length && stopped === null) {
        const stretch = left[0];
        if (stretch === undefined) return;
        const low = Math.max(stretch.low, stretch.high - 1 - rest);
        found = ids(sql, low, stretch.high, ...filter.values);
        at = 0;
        rest -= stretch.high - 1 - low;
        if (found.length === SEARCH_STEP_ROWS_MAX) left[0] = { low: stretch.low, high: found.at(-1) ?? low };
        else if (low > stretch.low) stopped = low + 1;
        else left.shift();
      }
    }
    return {
      head() {
        fill();
        const id = found[at];
        if (id !== undefined) return { id, isHit: true };
        return stopped === null ? null : { id: stopped, isHit: false };
      },
      advance() {
        at += 1;
      },
    };
  }

  /** Entries that one of these articles is in; `effort` of them are looked at. */
  function byArticles(articles: number[], stretches: Stretch[], filter: RowFilter, effort: number): Walk {
    const low = stretches.at(-1)?.low ?? 0;
    let high = stretches[0]?.high ?? 0;
    let rest = effort;
    let head: Head | null | undefined;
    const share = Math.max(POSTINGS_MIN, Math.floor(effort / articles.length));
    const read = (article: number): Posting[] => postings(filter, article, { low, high }, share);
    const buffers = articles.map((article) => ({ article, found: read(article), at: 0 }));
    function newest(): Posting | null {
      let best: Posting | null = null;
      for (const buffer of buffers) {
        // Several articles of one document name it once.
        while ((buffer.found[buffer.at]?.[0] ?? -1) >= high) buffer.at += 1;
        if (buffer.at >= buffer.found.length && buffer.found.length === share) {
          buffer.found = read(buffer.article);
          buffer.at = 0;
        }
        const posting = buffer.found[buffer.at];
        if (posting !== undefined && (best === null || posting[0] > best[0])) best = posting;
      }
      return best;
    }
    function look(): Head | null {
      for (let posting = newest(); posting !== null; posting = newest()) {
        const [id, passes] = posting;
        high = id;
        rest -= 1;
        const isHit = passes === 1 && isWithin(stretches, id);
        if (isHit || rest <= 0) return { id, isHit };
      }
      return null;
    }
    return {
      head() {
        if (head === undefined) head = look();
        return head;
      },
      advance() {
        head = rest <= 0 ? { id: high, isHit: false } : undefined;
      },
    };
  }

  /** Those of these ids that count and pass the filter; they are few. */
  function ofList(found: number[], stretches: Stretch[], filter: RowFilter): Walk {
    const inside = found.filter((id) => isWithin(stretches, id));
    const sql = `SELECT id FROM search_entry WHERE id IN (SELECT value FROM json_each(?)) ${filter.sql}`;
    const passed = filter.sql === '' ? inside : ids(sql, JSON.stringify(inside), ...filter.values);
    const hits = passed.sort((a, b) => b - a);
    let at = 0;
    return {
      head() {
        const id = hits[at];
        return id === undefined ? null : { id, isHit: true };
      },
      advance() {
        at += 1;
      },
    };
  }

  /** Ids whose number begins so; null where they are too many to be gathered. */
  function numbered(prefix: string): number[] | null {
    const range = prefixRange(prefix);
    const limit = SEARCH_NUMBERS_MAX + 1;
    const found = new Set<number>();
    for (const column of ['number', 'tail']) {
      const sql = `SELECT id FROM search_entry WHERE ${column} >= ? AND ${column} < ? LIMIT ${limit}`;
      const some = ids(sql, ...range);
      if (some.length === limit) return null;
      for (const id of some) found.add(id);
    }
    return [...found].sort((a, b) => b - a);
  }

  return {
    byRows,
    byArticles,
    /** By the index where few begin so, else one row after the other: then the next hit is never far. */
    byNumber(prefix: string, stretches: Stretch[], filter: RowFilter, rows: number): Walk {
      const found = numbered(prefix);
      if (found === null) return byRows(stretches, withPrefix(filter, prefix), rows);
      return ofList(found, stretches, filter);
    },
  };
}
