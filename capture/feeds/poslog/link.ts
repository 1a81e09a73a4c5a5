// References from one transaction to another: a return to its sale, a void to what it takes back.
import type { ReceiptRef } from '../../../core/fact.ts';
import { LINES_MAX } from '../../../core/limits.ts';
import { StoreId } from '../../../protocol/fact.ts';
import type { FeedContext } from '../feed.ts';
import { businessDay, instantOf } from '../times.ts';
import { attributeOf, childrenNamed, childText, type XmlElement } from './element.ts';
import { dayOf, isSameStore, numberOf, storeNumberOf } from './head.ts';

export type Link = { reason: string; ref: ReceiptRef };

/** The transaction's own store, and what the store is called here. */
export type LinkContext = { storeNumber: string | undefined; context: FeedContext };

/** TransactionLinks right below an element. */
export const linksOf = (element: XmlElement, own: LinkContext): Link[] =>
  childrenNamed(element, 'TransactionLink').flatMap((link) => linkOf(link, own) ?? []);

/** Null where it names no transaction; "0" is how some write that there is none. */
export function linkOf(link: XmlElement, own: LinkContext): Link | null {
  const receipt = numberOf(link);
  if (receipt === undefined || /^0+$/.test(receipt)) return null;
  const number = Number(childText(link, 'LineItemSequenceNumber', 'LineItemNumber'));
  const line = Number.isInteger(number) && number > 0 && number <= LINES_MAX ? number : undefined;
  const reason = attributeOf(link, 'ReasonCode') ?? childText(link, 'ReasonCode', 'LinkTypeCode') ?? '';
  const workstation = childText(link, 'WorkstationID');
  return { reason, ref: { store: otherStore(link, own), workstation, businessDate: dayIn(link, own), receipt, line } };
}

/** What another store is called, undefined for the own one: by its number, for nobody here knows its name. */
function otherStore(link: XmlElement, { storeNumber, context }: LinkContext): string | undefined {
  const named = storeNumberOf(link);
  if (named === undefined) return undefined;
  const own = [storeNumber, context.settings.storeNumber, context.store].filter((each) => each !== undefined);
  if (own.some((each) => isSameStore(each, named))) return undefined;
  return StoreId.safeParse(named).success ? named : undefined;
}

/** Of a link without a trading day it is that of its time. */
function dayIn(link: XmlElement, { context }: LinkContext): string | undefined {
  const day = dayOf(childText(link, 'BusinessDayDate'));
  if (day !== undefined) return day;
  const time = instantOf(childText(link, 'BeginDateTime', 'EndDateTime'), context.timeZone);
  return time.ok ? businessDay(time.instant, context.timeZone, context.settings.dayStartsAt) : undefined;
}

/** What some write beside the lines instead of a link: OriginalSequenceNumber and its like. */
export function originalOf(inner: XmlElement): ReceiptRef | null {
  const receipt = childText(inner, 'OriginalSequenceNumber');
  if (receipt === undefined || /^0+$/.test(receipt)) return null;
  const workstation = childText(inner, 'OriginalWorkstationID', 'OriginalWorkstationId', 'OriginalWorstationId');
  return { workstation, businessDate: dayOf(childText(inner, 'OriginalTransactionDate')), receipt };
}
