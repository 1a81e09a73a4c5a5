// What was paid: tenders with their change, and the receipt's totals. Account and card numbers are never looked at.
import { LINES_MAX } from '../../../core/limits.ts';
import {
  attributeOf,
  childNamed,
  childrenNamed,
  childText,
  codeOf,
  isFlagged,
  textOf,
  type XmlElement,
} from './element.ts';
import { amountOf, type Problems } from './figures.ts';
import { withoutVoided } from './voided-lines.ts';
import { isPaidBack, PAID } from './words.ts';

/** Ten-thousandths; positive is paid by the customer. */
export type Paid = { type: string; amount: number };

export type Totals = {
  /** What the customer pays for the whole receipt. */
  grand: number | undefined;
  tax: number;
  /** Every figure that some total says. */
  known: ReadonlySet<number>;
};

export function totalsOf(inner: XmlElement): Totals {
  const totals = childrenNamed(inner, 'Total').flatMap((total) => {
    const amount = amountOf([], '', textOf(total) ?? childText(total, 'Amount'));
    // Some write the sign of a total as a flag.
    const signed = amount !== undefined && isFlagged(total, 'CancelFlag') ? -Math.abs(amount) : amount;
    return signed === undefined ? [] : [{ type: attributeOf(total, 'TotalType'), amount: signed }];
  });
  const of = (name: string | undefined) => totals.find(({ type }) => type === name)?.amount;
  const grand = of('TransactionGrandAmount') ?? of(undefined) ?? of('TransactionAmountTotal');
  const known = new Set(totals.map(({ amount }) => amount));
  // Most receipts have some total of zero: only if nothing is to be paid it says something.
  if (grand !== 0) known.delete(0);
  return { grand, tax: of('TransactionTaxAmount') ?? 0, known };
}

type Tendered = {
  number: string;
  voided: boolean;
  takes: undefined;
  key: string;
  size: number;
  amount: number;
  change: Paid[];
  cashback: number;
};

/** Tenders as they count: what was voided is out, change is money back. Undefined where there are none. */
export function tendersOf(lineItems: XmlElement[], totals: Totals, problems: Problems): Paid[] | undefined {
  const all = lineItems.flatMap((lineItem, index) => tendered(lineItem, index + 1, problems));
  if (all.length === 0) return undefined;
  if (all.length > LINES_MAX) {
    problems.push(`It has more than ${LINES_MAX} tenders: post it in parts, each under its own number.`);
    return undefined;
  }
  const known = (sum: number): boolean => sum === totals.grand;
  const resolved = withoutVoided(all, known);
  const counted = resolved.ok
    ? resolved.kept
    : all.flatMap((line, index) => (line.voided ? [] : [{ index, line, ...line }]));
  const amounts = counted.map(({ line, size }) => ({ type: line.key, amount: size }));
  const change = counted.flatMap(({ line }) => line.change);
  const cashback = counted.flatMap(({ line }) =>
    line.cashback === 0 ? [] : [{ type: 'Cash', amount: -line.cashback }],
  );
  const readings = [[...amounts, ...change], amounts, [...amounts, ...change, ...cashback], [...amounts, ...cashback]];
  const fitting = readings.find((reading) => known(sumOf(reading))) ?? readings[0] ?? [];
  return fitting.filter(({ amount }) => amount !== 0);
}

export const sumOf = (paid: Paid[]): number => paid.reduce((sum, { amount }) => sum + amount, 0);

function tendered(lineItem: XmlElement, place: number, problems: Problems): Tendered[] {
  const element = lineItem.children.find((each) => PAID.has(each.name) && !each.foreign);
  if (element === undefined) return [];
  const number = childText(lineItem, 'SequenceNumber') ?? String(place);
  const where = `LineItem ${number}: Tender`;
  const key = typeOf(element);
  const amount = amountOf(problems, `${where} Amount`, childText(element, 'Amount', 'TenderAmount'));
  if (amount === undefined || isFlagged(lineItem, 'CancelFlag', 'DeleteFlag')) return [];
  const back = element.name === 'TenderChange' || isPaidBack(codeOf(element, 'TypeCode'));
  const size = back ? -Math.abs(amount) : amount;
  const voided = isFlagged(lineItem, 'VoidFlag', 'VoidedFlag') || isFlagged(element, 'VoidFlag');
  const cashback = amountOf(problems, `${where} Cashback`, childText(element, 'Cashback')) ?? 0;
  const change = childrenNamed(element, 'TenderChange').flatMap((each) => {
    const given = amountOf(problems, `${where} TenderChange`, childText(each, 'Amount') ?? textOf(each));
    return given === undefined || given === 0 ? [] : [{ type: typeOf(each, 'Cash'), amount: -Math.abs(given) }];
  });
  return [{ number, voided, takes: undefined, key, size, amount: size, change, cashback: Math.abs(cashback) }];
}

/** "Cash", "CreditDebit"; else the till's own number of that way of paying. */
const typeOf = (element: XmlElement, otherwise = 'unknown'): string =>
  attributeOf(element, 'TenderType') ??
  childText(element, 'TenderType', 'TenderTypeCode', 'TenderID') ??
  (childNamed(element, 'Cash') === undefined ? otherwise : 'Cash');
