// Tills on a day of which a report has come, as the confirmed book has them: made from the documents that count.
import type { Needs } from '../core/book.ts';
import { addToTill, isOfTill, noTillDay, type TillDay, tillDayAsked } from '../core/till-day.ts';
import type { Db } from './database.ts';
import type { History } from './history.ts';

export type TillBook = ReturnType<typeof openTillBook>;

export function openTillBook(db: Db, store: string, history: Pick<History, 'factAt'>) {
  const report = db.prepare<[string, string]>(
    "SELECT 1 FROM fact_key WHERE key >= ? AND key < ? AND key LIKE '%|day-closed' LIMIT 1",
  );
  const posted = db.prepare<[string, string], number>('SELECT fact FROM fact_key WHERE key >= ? AND key < ?').pluck();
  const asked = db
    .prepare<[], string>("SELECT id FROM exception WHERE type = 'till-differs' AND decided_by IS NULL")
    .pluck();
  /** Of all natural keys of this till and day. */
  const range = (name: string): [string, string] => [`${store}|${name}|`, `${store}|${name}}`];

  function read(name: string): TillDay {
    const day = noTillDay();
    for (const id of posted.all(...range(name))) {
      const placed = history.factAt(id);
      if (placed !== null && isOfTill(placed.fact.content)) addToTill(day, placed.fact.content, placed.at);
    }
    return { ...day, asked: asked.all().filter((id) => tillDayAsked(id) === name) };
  }

  const isClosed = (name: string): boolean => report.get(...range(name)) !== undefined;

  return {
    isClosed,
    read,
    /** Open questions about tills. */
    asked: (): string[] => asked.all(),
    load({ tills, reports }: Pick<Needs, 'tills' | 'reports'>): Map<string, TillDay> {
      const closed = [...tills].filter((name) => !reports.has(name) && isClosed(name));
      return new Map([...reports, ...closed].map((name) => [name, read(name)]));
    },
  };
}
