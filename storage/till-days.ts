// What each till did on a trading day as the journal has it: receipt numbers, sums and the Z report, for a comparison.
import { type DayClosedContent, type Fact, type FactKind, readNaturalKey } from '../core/fact.ts';
import { text } from '../core/hash.ts';
import { TILL_DAYS_BEHIND_MAX, TILLS_OF_DAY_MAX } from '../core/limits/records.ts';
import { NO_RECEIPTS, noteReceipt } from '../core/receipt-numbers.ts';
import type { TillCaptured, TillDeclaration } from '../core/tie-out.ts';
import type { Db } from './database.ts';

/** `declared` is null until the till said how its day went. */
export type TillDay = {
  workstation: string;
  businessDate: string;
  declared: TillDeclaration | null;
  captured: TillCaptured;
};

type Row = { id: number; key: string; total: number | null; currency: string | null };
type Sums = { currency: string; sales: number; returns: number; voids: number };
type Till = {
  receipts: number;
  numbers: TillCaptured['numbers'];
  sums: Map<string, Sums>;
  /** False where a receipt told no total: then sums say nothing. */
  isSummable: boolean;
  closed: DayClosedContent[];
};

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
  let days = new Map<string, Map<string, Till>>();
  let through = 0;

  function add(tills: Map<string, Till>, { id, key, total, currency }: Row): void {
    const { workstation, number, kind } = readNaturalKey(key);
    if (!isTillKind(kind)) return;
    const till = tills.get(workstation) ?? noTill();
    tills.set(workstation, till);
    if (kind === 'day-closed') {
      const bytes = bytesAt.get(id);
      const content = bytes === undefined ? null : (JSON.parse(text(bytes)) as Fact).content;
      if (content?.kind === 'day-closed') till.closed.push(content);
      return;
    }
    till.receipts += 1;
    till.numbers = noteReceipt(till.numbers, number);
    if (total === null || currency === null) till.isSummable = false;
    else addSum(till.sums, kind, total, currency);
  }

  function readDay(businessDate: string): Map<string, Till> {
    const tills = new Map<string, Till>();
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
    read(businessDates: readonly string[]): TillDay[] {
      catchUp();
      const wanted = businessDates.map((date) => [date, days.get(date) ?? readDay(date)] as const);
      days = new Map(wanted);
      return wanted.flatMap(([businessDate, tills]) =>
        [...tills]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([workstation, till]) => dayOf(workstation, businessDate, till)),
      );
    },
  };
}

type TillKind = Extract<FactKind, 'sale' | 'return' | 'void' | 'day-closed'>;
const TILL_KINDS: readonly string[] = ['sale', 'return', 'void', 'day-closed'] satisfies TillKind[];
const isTillKind = (kind: string): kind is TillKind => TILL_KINDS.includes(kind);

const noTill = (): Till => ({ receipts: 0, numbers: NO_RECEIPTS, sums: new Map(), isSummable: true, closed: [] });

/** A report's returns and voids are positive, totals of receipts are what the customer paid. */
function addSum(sums: Map<string, Sums>, kind: Exclude<TillKind, 'day-closed'>, total: number, currency: string): void {
  const sum = sums.get(currency) ?? { currency, sales: 0, returns: 0, voids: 0 };
  sums.set(currency, sum);
  if (kind === 'sale') sum.sales += total;
  else if (kind === 'return') sum.returns -= total;
  else sum.voids -= total;
}

function dayOf(workstation: string, businessDate: string, till: Till): TillDay {
  const { receipts, numbers, sums, closed, isSummable } = till;
  const captured = { receipts, numbers, sums: [...sums.values()] };
  const last = closed.at(-1);
  if (last === undefined) return { workstation, businessDate, declared: null, captured };
  // A till may print one report for each currency; the last one of each stands.
  const declared = new Map(closed.flatMap((one) => (one.currency === undefined ? [] : [[one.currency, one] as const])));
  const declaredSums = isSummable
    ? [...declared].map(([currency, { sales, returns, voids }]) => ({ currency, sales, returns, voids }))
    : [];
  const { receipts: told, firstReceipt, lastReceipt } = last;
  const says = { workstation, businessDate, receipts: told, firstReceipt, lastReceipt, sums: declaredSums };
  return { workstation, businessDate, declared: says, captured };
}
