// What each till did on a trading day as the journal has it: receipt numbers, sums and the Z report, for a comparison.
import { type Fact, readNaturalKey } from '../core/fact.ts';
import { text } from '../core/hash.ts';
import { TILL_DAYS_BEHIND_MAX, TILLS_OF_DAY_MAX } from '../core/limits/records.ts';
import type { TillCaptured, TillDeclaration } from '../core/tie-out.ts';
import {
  addReceipt,
  addReport,
  capturedBy,
  declaredBy,
  noTillDay,
  type TillDay,
  type TillReceipt,
} from '../core/till-day.ts';
import type { Db } from './database.ts';
import { atOf } from './entry-id.ts';

/** `declared` is null until the till said how its day went. */
export type TillOfDay = {
  workstation: string;
  businessDate: string;
  declared: TillDeclaration | null;
  captured: TillCaptured;
};

type Row = { id: number; key: string; total: number | null; currency: string | null };
/**
 * Costs nothing at capture: a day is read once from the index of keys, and after that only what came in since is added.
 */
export function openTillDays(db: Db, store: string) {
  const columns = 'id, key, total, currency';
  const ofTill = db.prepare<[string, string], Row>(`SELECT ${columns} FROM entry WHERE key >= ? AND key < ?`);
  const since = db.prepare<[number, number], Row>(
    `SELECT ${columns} FROM entry WHERE id > ? AND key IS NOT NULL ORDER BY id LIMIT ?`,
  );
  const workstations = db
    .prepare<[string, string, number], string>(
      `SELECT workstation FROM till_day WHERE business_date = ?
       UNION SELECT workstation FROM entry WHERE kind = 'day-closed' AND business_date = ? ORDER BY workstation LIMIT ?`,
    )
    .pluck();
  const newest = db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM entry').pluck();
  const bytesAt = db.prepare<[number], Uint8Array>('SELECT bytes FROM entry WHERE id = ?').pluck();
  let days = new Map<string, Map<string, TillDay>>();
  let through = 0;

  function add(tills: Map<string, TillDay>, { id, key, total, currency }: Row): void {
    const { workstation, number, kind } = readNaturalKey(key);
    if (!isTillKind(kind)) return;
    const till = tills.get(workstation) ?? noTillDay();
    tills.set(workstation, till);
    if (kind !== 'day-closed') addReceipt(till, { number, kind, total, currency });
    else {
      const bytes = bytesAt.get(id);
      const content = bytes === undefined ? null : (JSON.parse(text(bytes)) as Fact).content;
      if (content?.kind === 'day-closed') addReport(till, { at: atOf(id), content });
    }
  }

  function readDay(businessDate: string): Map<string, TillDay> {
    const tills = new Map<string, TillDay>();
    for (const workstation of workstations.all(businessDate, businessDate, TILLS_OF_DAY_MAX)) {
      const prefix = `${store}|${workstation}|${businessDate}|`;
      const rows = ofTill.all(prefix, `${prefix.slice(0, -1)}}`);
      for (const row of rows.sort((a, b) => a.id - b.id)) add(tills, row);
    }
    return tills;
  }

  function catchUp(): void {
    const fresh = days.size === 0 ? [] : since.all(through, TILL_DAYS_BEHIND_MAX);
    // Many at once are an import: what was read is read anew, rather than everything that came in.
    if (fresh.length === TILL_DAYS_BEHIND_MAX) days = new Map();
    for (const row of fresh) {
      const tills = days.get(readNaturalKey(row.key).businessDate);
      if (tills !== undefined) add(tills, row);
    }
    through = newest.get() ?? 0;
  }

  return {
    /** Tills by name, of each of these trading days; others are forgotten. */
    read(businessDates: readonly string[]): TillOfDay[] {
      catchUp();
      const wanted = businessDates.map((date) => [date, days.get(date) ?? readDay(date)] as const);
      days = new Map(wanted);
      return wanted.flatMap(([businessDate, tills]) =>
        [...tills]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([workstation, till]) => ({
            ...{ workstation, businessDate },
            ...{ declared: declaredBy(till), captured: capturedBy(till) },
          })),
      );
    },
  };
}

type TillKind = TillReceipt['kind'] | 'day-closed';
const TILL_KINDS: readonly string[] = ['sale', 'return', 'void', 'day-closed'] satisfies TillKind[];
const isTillKind = (kind: string): kind is TillKind => TILL_KINDS.includes(kind);
