// One Transaction element to what it becomes: the first question is what it is, the second whether it counts.
import type { FeedContext } from '../feed.ts';
import { childNamed, codeOf, isFlagged, type XmlElement } from './element.ts';
import type { Problems } from './figures.ts';
import { currencyOf, headOf, isSameStore, storeNumberOf } from './head.ts';
import { lineItemsOf, readLines } from './line.ts';
import { type Link, linkOf, linksOf, originalOf } from './link.ts';
import type { Memory } from './memory.ts';
import { tendersOf, totalsOf } from './money.ts';
import { aside, asideFor, type Outcome, passed } from './outcome.ts';
import { customerOf, type Read, receiptOf } from './receipt.ts';
import { stockOf } from './stock.ts';
import { voidOf } from './void.ts';
import { CONTROL, type Fate, fateOf, ORDERS, POST_VOIDS, SALES, STOCK, TENDER_CONTROL } from './words.ts';

export function outcomeOf(transaction: XmlElement, context: FeedContext, memory: Memory): Outcome {
  if (isTraining(transaction)) return passed('Rung up in training mode: no goods or money moved.');
  const postVoid = postVoidOf(transaction);
  const sale = childNamed(transaction, ...SALES) ?? (isBare(transaction) ? transaction : undefined);
  if (postVoid !== undefined || sale !== undefined) {
    return otherStores(transaction, context) ?? retail(transaction, sale ?? transaction, postVoid, context, memory);
  }
  const stock = childNamed(transaction, ...STOCK);
  if (stock !== undefined) return otherStores(transaction, context) ?? stockTransaction(transaction, stock, context);
  const order = childNamed(transaction, ...ORDERS);
  if (order !== undefined) return otherStores(transaction, context) ?? orderOf(transaction, order, context, memory);
  const tenders = childNamed(transaction, ...TENDER_CONTROL);
  if (tenders !== undefined) {
    return passed(`The drawer or the safe (${innerName(tenders)}): tenders moved inside the shop, no goods.`);
  }
  const control = childNamed(transaction, ...CONTROL);
  if (control !== undefined) return passed(`A control transaction (${innerName(control)}): no goods or money moved.`);
  return unknown(transaction);
}

/** Training mode is told at the transaction or inside. */
const isTraining = (transaction: XmlElement): boolean =>
  [transaction, ...transaction.children].some((element) => isFlagged(element, 'TrainingModeFlag'));

/** A post-void of its own, or inside a control transaction. */
function postVoidOf(transaction: XmlElement): XmlElement | undefined {
  const control = childNamed(transaction, ...CONTROL, ...SALES);
  return (
    childNamed(transaction, ...POST_VOIDS) ?? (control === undefined ? undefined : childNamed(control, ...POST_VOIDS))
  );
}

/** The oldest form has its lines right in the Transaction. */
const isBare = (transaction: XmlElement): boolean => childNamed(transaction, 'LineItem') !== undefined;

const NOT_SAID = new Set([
  'ReasonCode',
  'TypeCode',
  'DateTime',
  'BeginDateTime',
  'EndDateTime',
  'OperatorID',
  'Totals',
]);
function innerName(element: XmlElement): string {
  const inner = element.children.find(({ name }) => !NOT_SAID.has(name))?.name;
  return (inner ?? codeOf(element, 'TypeCode') ?? element.name).slice(0, 60);
}

function unknown(transaction: XmlElement): Outcome {
  const part = transaction.children.find(({ name }) => name.endsWith('Transaction'))?.name;
  const said =
    part === undefined
      ? 'It says neither what was sold nor what else it is'
      : `It is a <${part.slice(0, 60)}>, which is not read`;
  const reason = `${said}: post it as RetailTransaction, InventoryControlTransaction, TenderControlTransaction or ControlTransaction.`;
  return aside('unknown-kind', reason);
}

function otherStores(transaction: XmlElement, { settings, store }: FeedContext): Outcome | null {
  const named = storeNumberOf(transaction);
  if (settings.storeNumber === undefined || named === undefined || isSameStore(settings.storeNumber, named))
    return null;
  const reason = `It is of store ${named.slice(0, 64)}, and this journal is of store ${store}, which is store ${settings.storeNumber} there: import it there, or change storeNumber in the settings.`;
  return aside('bad-receipt', reason);
}

function stockTransaction(transaction: XmlElement, inner: XmlElement, context: FeedContext): Outcome {
  const fate = fateIn(transaction, inner);
  if (fate !== 'counts' && fate !== 'retrieved')
    return passed(`A stock transaction that was ${fate} at the till: nothing moved.`);
  const problems: Problems = [];
  const head = headOf(transaction, inner, context, problems);
  return head === null ? asideFor(problems) : stockOf(transaction, inner, head, context, problems);
}

/** An order hands out goods only when it is delivered. */
function orderOf(transaction: XmlElement, order: XmlElement, context: FeedContext, memory: Memory): Outcome {
  const status = statusOf(transaction, order) ?? '';
  if (/deliver|complet|picked|collect|finish/i.test(status))
    return retail(transaction, order, undefined, context, memory);
  const fate = fateIn(transaction, order);
  if (fate !== 'counts') return passed(`A customer order that was ${fate}: nothing moved.`);
  const reason = `It is a customer order in the state "${status.slice(0, 40)}", and it is not known whether its goods left the shop: post the sale as RetailTransaction, or the order as Delivered when they do.`;
  return aside('unknown-kind', reason);
}

const statusOf = (transaction: XmlElement, inner: XmlElement): string | undefined =>
  codeOf(inner, 'TransactionStatus') ?? codeOf(transaction, 'TransactionStatus');

/** "SaleTransaction", "ReturnTransaction": since version 6, and with some before. */
const typeOf = (transaction: XmlElement, inner: XmlElement): string =>
  `${codeOf(transaction, 'TypeCode') ?? ''} ${codeOf(inner, 'TypeCode') ?? ''}`;

/** Flags go before the status, and both before the type. */
function fateIn(transaction: XmlElement, inner: XmlElement): Fate {
  const flagged = (...names: string[]): boolean => isFlagged(transaction, ...names) || isFlagged(inner, ...names);
  if (flagged('CancelFlag', 'CancelledFlag')) return 'cancelled';
  if (flagged('SuspendFlag', 'SuspendedFlag')) return 'suspended';
  const fate = fateOf(statusOf(transaction, inner));
  if (fate !== 'counts') return fate;
  if (flagged('VoidFlag', 'VoidedFlag')) return 'voided';
  return /void/i.test(typeOf(transaction, inner)) ? 'post-voided' : 'counts';
}

function retail(
  transaction: XmlElement,
  inner: XmlElement,
  postVoid: XmlElement | undefined,
  context: FeedContext,
  memory: Memory,
): Outcome {
  const fate = postVoid === undefined ? fateIn(transaction, inner) : 'post-voided';
  if (fate === 'cancelled') return passed('Cancelled at the till before it was finished: no goods or money moved.');
  if (fate === 'suspended')
    return passed('Suspended at the till: what it becomes is in the transaction that goes on with it.');
  if (fate === 'unfinished') return passed('Not finished at the till: no goods or money moved.');
  const problems: Problems = [];
  const head = headOf(transaction, inner, context, problems);
  if (head === null) return asideFor(problems);
  const own = { storeNumber: head.storeNumber, context };
  const links = [inner, transaction, ...(postVoid === undefined ? [] : [postVoid])].flatMap((each) =>
    linksOf(each, own),
  );
  const lineItems = [inner, ...(postVoid === undefined ? [] : [postVoid])].flatMap(lineItemsOf);
  if (fate === 'retrieved' && !lineItems.some((line) => childNamed(line, 'Tender') !== undefined)) {
    return passed(
      'A suspended receipt that was called up again: what it becomes is in the transaction that goes on with it.',
    );
  }
  const voided = voidLinkOf(fate, inner, links, postVoid === undefined ? null : linkOf(postVoid, own));
  if (voided === null && fate === 'voided')
    return passed('Voided at the till before it was finished: no goods or money moved.');
  if (voided === null && fate === 'post-voided') {
    const reason =
      'It was voided after it was finished and does not name the receipt that it takes back: add a TransactionLink with WorkstationID, SequenceNumber and BusinessDayDate.';
    return aside('bad-receipt', reason);
  }
  const totals = totalsOf(inner);
  const read: Read = {
    head,
    inner,
    lines: readLines(lineItems, { ...own, problems, notGoods: new Set(context.settings.notGoods) }),
    tenders: tendersOf(lineItems, totals, problems),
    totals,
    currency: currencyOf(transaction, inner, context),
    customer: customerOf(transaction, inner),
    isReturnByType: /return|refund/i.test(typeOf(transaction, inner)),
  };
  if (problems.length > 0) return asideFor(problems);
  if (voided !== null) return voidOf(read, voided, memory);
  const whole = links.find(({ reason }) => /return|refund/i.test(reason))?.ref ?? originalOf(inner) ?? undefined;
  for (const line of read.lines) line.original ??= line.quantity < 0 && whole !== undefined ? whole : undefined;
  return receiptOf(read, memory);
}

/** The receipt that is taken back: by a link that says so; in a voided one any link, or the original's number. */
function voidLinkOf(fate: Fate, inner: XmlElement, links: Link[], own: Link | null): Link | null {
  const said = links.find(({ reason }) => /void/i.test(reason));
  if (said !== undefined) return said;
  if (fate !== 'voided' && fate !== 'post-voided') return null;
  const original = originalOf(inner);
  return links[0] ?? own ?? (original === null ? null : { reason: '', ref: original });
}
