// Who wrote a transaction and when: store, till, number, trading day, time, operator, currency.
import type { FeedContext } from '../feed.ts';
import { businessDay, instantOf } from '../times.ts';
import { attributeOf, childNamed, childrenNamed, childText, textOf, type XmlElement } from './element.ts';
import type { Problems } from './figures.ts';

export type Head = {
  /** The store's number in the till's system; undefined where the document names none. */
  storeNumber: string | undefined;
  workstation: string;
  number: string;
  businessDate: string;
  occurred: string;
  operator: string | undefined;
};

/** The till's own number of the transaction: what links of other transactions name. */
export const numberOf = (transaction: XmlElement): string | undefined =>
  childText(transaction, 'SequenceNumber', 'ReceiptNumber', 'TransactionID');

export const workstationOf = (transaction: XmlElement, context: FeedContext): string =>
  childText(transaction, 'WorkstationID') ?? context.settings.workstation ?? context.settings.feed;

/** RetailStoreID of version 2 to 5, BusinessUnit of version 6; also of a link. */
export function storeNumberOf(element: XmlElement): string | undefined {
  const plain = childText(element, 'RetailStoreID');
  if (plain !== undefined) return plain;
  const units = childrenNamed(element, 'BusinessUnit').flatMap((unit) => childNamed(unit, 'UnitID') ?? []);
  const store = units.find((unit) => /store/i.test(attributeOf(unit, 'TypeCode') ?? '')) ?? units[0];
  if (store !== undefined) return textOf(store);
  const unit = childNamed(element, 'BusinessUnit');
  return unit === undefined ? undefined : childText(unit, 'BusinessUnitNumber');
}

/** "0610" and "610" are one store. */
export function isSameStore(a: string, b: string): boolean {
  const plain = (number: string): string => (/^\d+$/.test(number) ? number.replace(/^0+(?=\d)/, '') : number);
  return plain(a) === plain(b);
}

/** YYYY-MM-DD of an xs:date, which may carry an offset or a time. */
export const dayOf = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : (/^(\d{4}-\d{2}-\d{2})(?:$|[TZ+\- ])/.exec(text)?.[1] ?? text);

/** The documents' own time is that of the end: then the receipt was closed. */
export function headOf(
  transaction: XmlElement,
  inner: XmlElement,
  context: FeedContext,
  problems: Problems,
): Head | null {
  const { timeZone, settings } = context;
  const number = numberOf(transaction) ?? numberOf(inner);
  if (number === undefined) problems.push('SequenceNumber is missing: number the transaction.');
  const ended = endOf(transaction, inner);
  const time = instantOf(ended?.text, timeZone);
  if (ended === undefined) problems.push('EndDateTime is missing: say when the transaction ended.');
  else if (!time.ok) problems.push(`${ended.name} ${time.problem}: ${time.fix}.`);
  if (number === undefined || !time.ok) return null;
  const day = dayOf(childText(transaction, 'BusinessDayDate') ?? childText(inner, 'BusinessDayDate'));
  return {
    storeNumber: storeNumberOf(transaction),
    workstation: workstationOf(transaction, context),
    number,
    businessDate: day ?? businessDay(time.instant, timeZone, settings.dayStartsAt),
    occurred: time.instant,
    operator: childText(transaction, 'OperatorID'),
  };
}

/** When it began; the same as its end where it does not say. */
export function begunOf(transaction: XmlElement, { occurred }: Head, { timeZone }: FeedContext): string {
  const begun = instantOf(childText(transaction, 'BeginDateTime'), timeZone);
  return begun.ok && Date.parse(begun.instant) <= Date.parse(occurred) ? begun.instant : occurred;
}

function endOf(transaction: XmlElement, inner: XmlElement): { name: string; text: string } | undefined {
  for (const name of ['EndDateTime', 'ReceiptDateTime', 'POSLogDateTime', 'BeginDateTime']) {
    const found = [transaction, inner].flatMap((element) => childrenNamed(element, name));
    const best = found.find((each) => attributeOf(each, 'TypeCode') === 'Transaction') ?? found[0];
    const text = textOf(best);
    if (text !== undefined) return { name, text };
  }
  return undefined;
}

/** CurrencyCode, else the currency that stands with a total or the first line's amount, else the settings'. */
export function currencyOf(transaction: XmlElement, inner: XmlElement, context: FeedContext): string | undefined {
  const plain = childText(transaction, 'CurrencyCode') ?? childText(inner, 'CurrencyCode');
  if (plain !== undefined) return plain.toUpperCase();
  const totals = childrenNamed(inner, 'Total');
  const amounts = childrenNamed(inner, 'LineItem').flatMap((line) => line.children.flatMap((each) => each.children));
  for (const element of [...totals, ...amounts]) {
    const said = attributeOf(element, 'CurrencyCode') ?? attributeOf(element, 'Currency');
    if (said !== undefined) return said.toUpperCase();
  }
  return context.settings.currency;
}
