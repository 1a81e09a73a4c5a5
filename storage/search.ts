// Looks for documents, newest first, in steps so short that a till which captures in between does not notice.
import {
  SEARCH_CANDIDATES_MAX,
  SEARCH_SCANNED_ROWS_MAX,
  SEARCH_STEP_ROWS_MAX,
  SEARCH_TILLS_MAX,
} from '../core/limits/search.ts';
import { dayNumber, isTillNamed, numberKeys, numberPrefix } from '../core/search-keys.ts';
import type { FoundReceipts, Place, ReceiptQuery, ReceiptSearch, RecentRow } from '../protocol/local/rooms/receipts.ts';
import type { Db } from './database.ts';
import { atOf, entryId } from './entry-id.ts';
import { type EpochRow, listEpochs } from './epochs.ts';
import { openArticleSearch } from './search-articles.ts';
import { openWalks, type RowFilter, type Stretch, type Walk, withPrefix } from './search-walks.ts';
import { openRows } from './views.ts';

type Till = { id: number; workstation: string };

/** What one step looks at: rows one after the other, and single entries that an index named. */
export type SearchEffort = { rows: number; entries: number };
const EFFORT: SearchEffort = { rows: SEARCH_SCANNED_ROWS_MAX, entries: SEARCH_CANDIDATES_MAX };

/** Reads only. */
export function openSearch(db: Db, effort: SearchEffort = EFFORT) {
  const walks = openWalks(db);
  const articlesOf = openArticleSearch(db);
  const rows = openRows(db);
  const tills = db.prepare<[], Till>(`SELECT id, workstation FROM search_till ORDER BY id LIMIT ${SEARCH_TILLS_MAX}`);

  /** Terms that name a till, and what is left of them; `named` is null where no till is asked for. */
  function readTills({ terms, till }: ReceiptQuery): { named: Till[] | null; left: string[] } {
    const known = tills.all();
    const isWholeName = (term: string): boolean =>
      /\p{L}/u.test(term) && known.some((one) => numberKeys(one.workstation).whole === numberKeys(term).whole);
    const asked = [...terms.filter(isWholeName), ...(till === undefined ? [] : [till])];
    const named = known.filter(({ workstation }) => asked.every((name) => isTillNamed(workstation, name)));
    return { named: asked.length === 0 ? null : named, left: terms.filter((term) => !isWholeName(term)) };
  }

  function walksFor(left: string[], stretches: Stretch[], filter: RowFilter): { all: Walk[]; isBroad: boolean } {
    if (left.length === 0) return { all: [walks.byRows(stretches, filter, effort.rows)], isBroad: false };
    const shares = left.length === 1 ? 2 : left.length + 2;
    const entries = Math.ceil(effort.entries / shares);
    const byNumber = (typed: string): Walk => walks.byNumber(numberPrefix(typed), stretches, filter, effort.rows);
    const byArticles = (articles: number[] | null, prefix: string | null): Walk[] =>
      articles === null || articles.length === 0
        ? []
        : [walks.byArticles(articles, stretches, withPrefix(filter, prefix), entries)];
    const whole = articlesOf(left);
    const mixed =
      left.length === 1 ? [] : left.map((term, index) => ({ term, rest: articlesOf(left.toSpliced(index, 1)) }));
    return {
      all: [
        byNumber(left.join('')),
        ...byArticles(whole, null),
        ...mixed.flatMap(({ term, rest }) => byArticles(rest, numberPrefix(term))),
      ],
      isBroad: whole === null || (whole.length === 0 && mixed.some(({ rest }) => rest === null)),
    };
  }

  /** One step. It answers fewer rows than asked for, with `next`, where its effort is spent. */
  return (asked: ReceiptSearch): FoundReceipts => {
    const { query, limit } = asked;
    const epochs = listEpochs(db);
    const { named, left } = readTills(query);
    const { all, isBroad } = walksFor(left, stretchesOf(epochs, asked), filterOf(query, named));
    const { ids, next } = merged(all, Math.min(limit, SEARCH_STEP_ROWS_MAX));
    const open = epochs.at(-1);
    return {
      rows: ids.flatMap((id): RecentRow[] => rows.at(id)),
      next: next === null ? null : placeOf(next),
      tip: { epoch: open?.epoch.ordinal ?? 0, seq: open?.seq ?? 0 },
      isBroad,
      tills: named === null ? null : named.map(({ workstation }) => workstation),
    };
  };
}

const placeOf = (id: number): Place => atOf(id);

/** What counts of each epoch, newest first, as far as it is asked for. */
function stretchesOf(epochs: EpochRow[], { query, before, after }: ReceiptSearch): Stretch[] {
  const open = epochs.at(-1);
  const settled = open === undefined ? 0 : entryId(open.epoch.ordinal, open.settled);
  const low = Math.max(
    after === undefined ? 0 : entryId(after.epoch, after.seq),
    query.state === 'waiting' ? settled : 0,
  );
  const high = Math.min(
    before === undefined ? Number.MAX_SAFE_INTEGER : entryId(before.epoch, before.seq),
    query.state === 'confirmed' ? settled + 1 : Number.MAX_SAFE_INTEGER,
  );
  return epochs
    .map(({ epoch: { ordinal }, seq, closed }) => ({
      low: Math.max(low, entryId(ordinal, 0)),
      high: Math.min(high, entryId(ordinal, closed ?? seq) + 1),
    }))
    .filter((stretch) => stretch.high > stretch.low + 1)
    .reverse();
}

function filterOf({ amount, days, times, kinds }: ReceiptQuery, tills: Till[] | null): RowFilter {
  const parts: [sql: string, ...values: (string | number)[]][] = [];
  if (tills !== null) {
    parts.push(['till IN (SELECT value FROM json_each(?))', JSON.stringify(tills.map(({ id }) => id))]);
  }
  if (kinds !== undefined) parts.push(['kind IN (SELECT value FROM json_each(?))', JSON.stringify(kinds)]);
  if (amount !== undefined) parts.push(['amount BETWEEN ? AND ?', amount.from, amount.to]);
  if (days !== undefined) parts.push(['day BETWEEN ? AND ?', dayNumber(days.from), dayNumber(days.to)]);
  if (times !== undefined) parts.push(['occurred_ms >= ? AND occurred_ms < ?', times.fromMs, times.toMs]);
  return { sql: parts.map(([sql]) => `AND ${sql}`).join(' '), values: parts.flatMap(([, ...values]) => values) };
}

/** The newest of all heads, until there are enough or one of them has not looked further. */
function merged(walks: Walk[], limit: number): { ids: number[]; next: number | null } {
  const ids: number[] = [];
  for (;;) {
    const heads = walks.flatMap((walk) => walk.head() ?? []);
    const first = heads.reduce<(typeof heads)[number] | null>(
      (best, head) => (best === null || head.id > best.id || (head.id === best.id && head.isHit) ? head : best),
      null,
    );
    if (first === null) return { ids, next: null };
    if (!first.isHit) return { ids, next: first.id };
    ids.push(first.id);
    for (const walk of walks) {
      const head = walk.head();
      if (head?.id === first.id && head.isHit) walk.advance();
    }
    if (ids.length === limit) return { ids, next: first.id };
  }
}
