// How soon a search answers in process, step by step, beside a raw query of the same database.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { printTable } from '../main/commands/options.ts';
import type { ReceiptQuery } from '../protocol/local/rooms/receipts.ts';
import { find } from '../renderer/kit/messages/en/receipts.ts';
import { readTyped } from '../renderer/store/receipts/typed.ts';
import { JOURNAL_FILE } from '../storage/database.ts';
import { openSearch } from '../storage/search.ts';

const PAGE = 200;
const REPEATS = 20;
/** The sample shop's clock. */
const NOW_MS = Date.UTC(2026, 10, 21, 12);

const each = (from: number, count: number, text: (n: number) => string): string[] =>
  Array.from({ length: count }, (_, index) => text(from + index));

/** What people type, by kind. No two in a row are equal. */
export const QUERIES: { what: string; typed: string[] }[] = [
  { what: 'number', typed: each(1_040, REPEATS, String) },
  { what: 'first digit of a number', typed: each(1, 9, String) },
  { what: 'amount', typed: each(10, REPEATS, (n) => `${n}.99`) },
  { what: 'amount that nobody paid', typed: each(10, REPEATS, (n) => `99${n}99.99`) },
  { what: 'about an amount, at a till', typed: each(1, REPEATS, (n) => `about ${n + 20} euros till ${n}`) },
  { what: 'article by its number', typed: each(1, REPEATS, (n) => String(10_000 + n * 10)) },
  { what: 'article by words', typed: ['apple', 'bread', 'milk', 'tea', 'coffee', 'green', 'white', 'butter'] },
  { what: 'article, till and kind', typed: each(1, REPEATS, (n) => `milk till ${n} return`) },
  { what: 'day', typed: each(10, REPEATS, (n) => `2026-11-${n}`) },
  { what: 'nothing fits', typed: each(1, REPEATS, (n) => `zzz${n}`) },
];

/** Seconds of the processor are counted, so that others on the machine do not disturb. */
function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

export type SearchFigure = { what: string; ms: number[] };

export function percentiles(values: number[], shares: number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  return shares.map((share) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0);
}

/** A page of 200 rows, or all there are; and the longest single step, for which a capture may have to wait. */
export function benchSearch(folder: string, entries: number): void {
  const db = new Database(join(folder, JOURNAL_FILE), { readonly: true });
  const search = openSearch(db);
  const raw = rawMs(db);
  const rows = QUERIES.map(({ what, typed }) => {
    const queries = typed.map((text) => readTyped(text, { words: find.typed, nowMs: NOW_MS, dayFirst: true }));
    const ms: number[] = [];
    const steps: number[] = [];
    let found = 0;
    for (const query of queries) {
      ms.push(
        cpuMs(() => {
          found += pageOf(search, query, steps);
        }),
      );
    }
    const [median = 0, high = 0] = percentiles(ms, [0.5, 0.95]);
    const [step95 = 0, longest = 0] = percentiles(steps, [0.95, 1]);
    const cells = [median, high, step95, longest].map((value) => value.toFixed(1));
    return [what, (found / queries.length).toFixed(0), ...cells, (median / raw).toFixed(1)];
  });
  db.close();
  console.log(`\nSearch in process, ${entries.toLocaleString('en')} entries, milliseconds of the processor`);
  printTable([['', 'rows', 'median', '95 of 100', 'step, 95 of 100', 'longest step', 'ratio'], ...rows]);
  console.log(`The ratio is to SQLite alone: the newest ${PAGE} rows of the list, ${raw.toFixed(2)} ms.`);
}

function rawMs(db: Database.Database): number {
  const newest = db.prepare('SELECT id, kind, workstation, number, total FROM entry ORDER BY id DESC LIMIT ?');
  const ms = Array.from({ length: REPEATS }, () => {
    return cpuMs(() => void newest.all(PAGE));
  });
  return percentiles(ms, [0.5])[0] ?? 0;
}

function pageOf(search: ReturnType<typeof openSearch>, query: ReceiptQuery, steps: number[]): number {
  let rows = 0;
  let before: { epoch: number; seq: number } | undefined;
  for (;;) {
    const limit = PAGE - rows;
    let next: typeof before | null = null;
    steps.push(
      cpuMs(() => {
        const found = search({ query, before, limit });
        rows += found.rows.length;
        next = found.next;
      }),
    );
    if (next === null || rows >= PAGE) return rows;
    before = next;
  }
}
