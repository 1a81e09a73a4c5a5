// One till on one trading day: its receipts, its Z reports, and the question that a difference between them is.
import type { Book, Stepped } from './book.ts';
import { minorDigits } from './currency.ts';
import { type DayClosedContent, type Fact, type FactContent, isTransaction, type TransactionContent } from './fact.ts';
import { EXCEPTION_MESSAGE_LENGTH_MAX } from './limits.ts';
import { type At, compareAt } from './order.ts';
import { raise } from './questions.ts';
import { NO_RECEIPTS, noteReceipt, type ReceiptNumbers } from './receipt-numbers.ts';
import { type TillCaptured, type TillDeclaration, tieOut } from './tie-out.ts';

type Sums = { currency: string; sales: number; returns: number; voids: number };
type Report = { at: At; content: DayClosedContent };

export type TillDay = {
  receipts: number;
  numbers: ReceiptNumbers;
  sums: Map<string, Sums>;
  /** False where a receipt told no total: then sums say nothing. */
  isSummable: boolean;
  /** In the order of their places in the journal. */
  reports: Report[];
  /** Questions that were raised about it; those that are not open any more may lack. */
  asked: string[];
};

export type TillReceipt = {
  number: string;
  kind: TransactionContent['kind'];
  total: number | null;
  currency: string | null;
};

export const noTillDay = (): TillDay => ({
  ...{ receipts: 0, numbers: NO_RECEIPTS, sums: new Map(), isSummable: true, reports: [], asked: [] },
});

/** Name of a till on a trading day, and where its natural keys begin. */
export const tillDayName = ({ workstation, businessDate }: { workstation: string; businessDate: string }): string =>
  `${workstation}|${businessDate}`;

/** The till and day that a question is about; null of another question. */
export const tillDayAsked = (id: string): string | null =>
  id.startsWith('till-differs/') ? id.split('/').slice(2).join('/') : null;

export const isOfTill = (content: FactContent): content is TransactionContent | DayClosedContent =>
  content.kind === 'day-closed' || isTransaction(content);

/** Each of them once. A report's returns and voids are positive, totals of receipts are what the customer paid. */
export function addReceipt(day: TillDay, { number, kind, total, currency }: TillReceipt): void {
  day.receipts += 1;
  day.numbers = noteReceipt(day.numbers, number);
  if (total === null || currency === null) {
    day.isSummable = false;
    return;
  }
  const sum = day.sums.get(currency) ?? { currency, sales: 0, returns: 0, voids: 0 };
  day.sums.set(currency, sum);
  if (kind === 'sale') sum.sales += total;
  else if (kind === 'return') sum.returns -= total;
  else sum.voids -= total;
}

export function addReport(day: TillDay, report: Report): void {
  day.reports = [...day.reports, report].sort((a, b) => compareAt(a.at, b.at));
}

/** A document of the till, at its own place. */
export function addToTill(day: TillDay, content: TransactionContent | DayClosedContent, at: At): void {
  if (content.kind === 'day-closed') addReport(day, { at, content });
  else {
    const { receipt: number, kind, total = null, currency = null } = content;
    addReceipt(day, { number, kind, total, currency });
  }
}

export const capturedBy = ({ receipts, numbers, sums }: TillDay): TillCaptured => ({
  ...{ receipts, numbers, sums: [...sums.values()] },
});

/** Null until the till said how its day went. It may print one report for each currency: the last one of each stands. */
export function declaredBy({ reports, isSummable }: TillDay): TillDeclaration | null {
  const last = reports.at(-1)?.content;
  if (last === undefined) return null;
  const { workstation, businessDate, receipts, firstReceipt, lastReceipt } = last;
  const byCurrency = new Map(
    reports.flatMap(({ content }) => (content.currency === undefined ? [] : [[content.currency, content] as const])),
  );
  const sums = isSummable
    ? [...byCurrency].map(([currency, { sales, returns, voids }]) => ({ currency, sales, returns, voids }))
    : [];
  return { workstation, businessDate, receipts, firstReceipt, lastReceipt, sums };
}

/** What the till says and what is here, in sentences; none before its report. */
export function differencesOf(day: TillDay): string[] {
  const declared = declaredBy(day);
  return declared === null
    ? []
    : tieOut(declared, capturedBy(day), minorDigits).differences.map(({ sentence }) => sentence);
}

/** Null where the till is not followed: no report of that day has come yet, and none is among these entries. */
function followed(book: Book, name: string): TillDay | null {
  const day = book.tills.get(name) ?? (book.followsTills ? noTillDay() : null);
  if (day !== null) book.tills.set(name, day);
  return day;
}

/**
 * A receipt or a report takes effect, once for each key. From the report on, a difference is a question: asked by the
 * report, or by the receipt that ended the agreement; answered by the receipt that makes them agree, or by a new report.
 */
export function stepTill(book: Book, stepped: Stepped, { content, recorded }: Fact, at: At): void {
  if (!isOfTill(content)) return;
  const name = tillDayName(content);
  const day = followed(book, name);
  if (day === null) return;
  const isReport = content.kind === 'day-closed';
  const open = day.asked.filter((id) => (book.exceptions.get(id) ?? null) === null);
  const agreed = isReport || (day.reports.length > 0 && open.length === 0 && differencesOf(day).length === 0);
  addToTill(day, content, at);
  if (!agreed && open.length === 0) return;
  const differences = differencesOf(day);
  if (isReport || differences.length === 0) {
    for (const id of open) stepped.settled.push({ id, sku: null, decided: { by: stepped.name, option: 'compared' } });
  }
  if (agreed && differences.length > 0) {
    const evidence = day.reports.slice(-1).map((report) => `${report.at.epoch}:${report.at.seq}`);
    day.asked.push(raise(stepped, 'till-differs', name, null, recorded.ms, messageOf(content, differences), evidence));
  }
}

/** The most important first, as many as there is room for. */
function messageOf({ businessDate }: { businessDate: string }, differences: string[]): string {
  let told = `${businessDate}:`;
  for (const [index, sentence] of differences.entries()) {
    const more = ` And ${differences.length - index} more.`;
    if (`${told} ${sentence}${more}`.length > EXCEPTION_MESSAGE_LENGTH_MAX) return told + more;
    told = `${told} ${sentence}`;
  }
  return told;
}
