// An InventoryControlTransaction to movements and counts: goods received, transfers, adjustments, stocktakes.
import type { MovementKind } from '../../../core/fact.ts';
import type { StocktakeInput } from '../../../protocol/local/documents.ts';
import type { MovementInput } from '../../../protocol/local/transaction.ts';
import type { FeedContext, FeedDocument } from '../feed.ts';
import { attributeOf, childNamed, childText, isFlagged, textOf, type XmlElement } from './element.ts';
import { type Problems, quantityOf, quantityText } from './figures.ts';
import { begunOf, type Head, isSameStore } from './head.ts';
import { type Item, itemOf } from './item.ts';
import { aside, asideFor, type Outcome, passed } from './outcome.ts';
import { dispositionOf } from './words.ts';

type Direction = 'as-written' | 'out' | 'in';
type Meaning = { kind: MovementKind; direction: Direction } | { kind: 'stocktake' };

const TYPE_NAMES = ['DocumentTypeCode', 'DocumentType', 'TransactionTypeCode', 'TypeCode', 'InventoryAdjustmentType'];
const QUANTITIES = ['Quantity', 'UnitCount', 'Units', 'Count'];
const COUNTED = ['ActualCount', 'CountedQuantity', 'QuantityCounted', 'PhysicalCount', ...QUANTITIES];
const RECEIVED = ['QuantityReceived', 'ReceivedQuantity', 'ActualQuantity', ...QUANTITIES];
const SENT = ['QuantityShipped', 'ShippedQuantity', ...QUANTITIES];
const ADJUSTED = ['AdjustmentQuantity', 'QuantityAdjusted', ...QUANTITIES];
const EXPECTED = ['QuantityOrdered', 'OrderedQuantity', 'QuantityExpected', 'ExpectedQuantity', 'QuantityShipped'];
const ANY_QUANTITY = [...new Set([...COUNTED, ...RECEIVED, ...SENT, ...ADJUSTED])];

export function stockOf(
  transaction: XmlElement,
  inner: XmlElement,
  head: Head,
  context: FeedContext,
  problems: Problems,
): Outcome {
  const groups = new Map<string, { meaning: Meaning; part: XmlElement; lines: XmlElement[] }>();
  const general = meaningOf(typesOf(inner), inner, head, context);
  for (const part of inner.children) {
    const lines = linesIn(part);
    if (lines.length === 0) continue;
    const meaning = meaningOf([part.name, ...typesOf(part)], part, head, context) ?? general;
    if (meaning === null) {
      const said = [...typesOf(inner), part.name].join(', ').slice(0, 120);
      const reason = `It is not known what "${said}" does to the stock: name it a receipt, a transfer in or out, an adjustment, a loss or a count.`;
      return aside('unknown-kind', reason);
    }
    const group = groups.get(meaning.kind) ?? { meaning, part, lines: [] };
    group.lines.push(...lines.filter((line) => !isFlagged(line, 'VoidFlag', 'CancelFlag', 'DeleteFlag')));
    groups.set(meaning.kind, group);
  }
  const documents: FeedDocument[] = [...groups.values()].flatMap(({ meaning, part, lines }) =>
    meaning.kind === 'stocktake'
      ? stocktakeOf(inner, part, lines, head, begunOf(transaction, head, context), problems)
      : movementOf(meaning, inner, part, lines, head, problems),
  );
  if (problems.length > 0) return asideFor(problems);
  const [first, ...others] = documents;
  return first === undefined
    ? passed('A stock transaction without a line that moves or counts goods.')
    : { kind: 'documents', documents: [first, ...others] };
}

const typesOf = (element: XmlElement): string[] =>
  TYPE_NAMES.flatMap((name) => attributeOf(element, name) ?? childText(element, name) ?? []);

/** The innermost elements that name an item and a quantity. */
function linesIn(element: XmlElement): XmlElement[] {
  const isLine = childNamed(element, ...ANY_QUANTITY) !== undefined && itemOf(element) !== null;
  return isLine ? [element] : element.children.flatMap(linesIn);
}

/** By the words with which a part and its codes are called. */
function meaningOf(said: string[], part: XmlElement, head: Head, context: FeedContext): Meaning | null {
  const words = said.join(' ').toLowerCase();
  const is = (pattern: RegExp): boolean => pattern.test(words);
  if (is(/stocktak|physical|cycle|(?<!dis|ac)count/)) return { kind: 'stocktake' };
  if (is(/(vendor|supplier).?return|return.{0,4}(vendor|supplier|manufact)|rtv/))
    return { kind: 'adjustment', direction: 'out' };
  if (is(/transfer|interstore|ship/)) return transferOf(words, part, head, context);
  if (is(/loss|shrink|damag|wast|write.?off|scrap|theft|stolen|spoil|donat|destroy|consum/)) {
    return { kind: 'adjustment', direction: 'out' };
  }
  if (is(/gain|found|overage/)) return { kind: 'adjustment', direction: 'in' };
  if (is(/receiv|recept|receipt|deliver|goods.?in|purchase/)) return { kind: 'goods-received', direction: 'in' };
  return is(/adjust|correct/) ? { kind: 'adjustment', direction: 'as-written' } : null;
}

/** Said by the words, else by which of the two stores is the own one. */
function transferOf(words: string, part: XmlElement, head: Head, { settings }: FeedContext): Meaning | null {
  const sent: Meaning = { kind: 'transfer-sent', direction: 'in' };
  const received: Meaning = { kind: 'transfer-received', direction: 'in' };
  if (/receiv|recept|receipt|inbound|transfer.?in(?!v)|ship\w*.?in(?!v)/.test(words)) return received;
  if (/out|send|sent|ship|dispatch|issue/.test(words)) return sent;
  const own = head.storeNumber ?? settings.storeNumber;
  const [source, destination] = [sourceOf(part), destinationOf(part)];
  if (own === undefined || source === undefined || destination === undefined) return null;
  const [isSource, isDestination] = [isSameStore(own, source), isSameStore(own, destination)];
  if (isSource === isDestination) return null;
  return isSource ? sent : received;
}

const sourceOf = (part: XmlElement) => childText(part, 'SourceRetailStoreID', 'SourceRetailStore', 'FromRetailStoreID');
const destinationOf = (part: XmlElement) =>
  childText(part, 'DestinationRetailStoreID', 'DestinationRetailStore', 'ToRetailStoreID');

function movementOf(
  { kind, direction }: Extract<Meaning, { direction: Direction }>,
  inner: XmlElement,
  part: XmlElement,
  elements: XmlElement[],
  head: Head,
  problems: Problems,
): FeedDocument[] {
  const arrives = kind === 'goods-received' || kind === 'transfer-received';
  const names = arrives ? RECEIVED : kind === 'transfer-sent' ? SENT : ADJUSTED;
  const lines = elements.flatMap((element, index) => {
    const where = `line ${index + 1}`;
    const item = knownItem(element, where, problems);
    const written = quantityIn(element, names, where, problems);
    if (item === null || written === undefined || written === 0) return [];
    const expected = arrives ? quantityOf(problems, `${where}: expected`, childText(element, ...EXPECTED)) : undefined;
    const damaged = arrives && dispositionOf(childText(element, 'Disposition', 'Condition')) === 'damaged';
    return {
      ...item,
      quantity: quantityText(signed(written, direction, element)),
      disposition: damaged ? ('damaged' as const) : undefined,
      expected: expected === undefined || expected < 0 ? undefined : quantityText(expected),
    };
  });
  if (lines.length === 0) return [];
  const of = (...all: string[]): string | undefined => childText(part, ...all) ?? childText(inner, ...all);
  const isTransfer = kind === 'transfer-sent' || kind === 'transfer-received';
  const otherStore = kind === 'transfer-sent' ? destinationOf : sourceOf;
  const body: MovementInput = {
    kind,
    ...documentOf(head),
    lines,
    reason: reasonOf(part) ?? reasonOf(inner),
    counterparty: of('Supplier', 'SupplierID', 'VendorID') ?? otherStore(part) ?? otherStore(inner),
    transfer: isTransfer
      ? of('TransferID', 'TransferNumber', 'TransferOrderID', 'DocumentID', 'SerialFormID')
      : undefined,
    order: kind === 'goods-received' ? of('PurchaseOrderID', 'PurchaseOrderNumber', 'OrderID') : undefined,
  };
  return [{ way: 'movements', body }];
}

function stocktakeOf(
  inner: XmlElement,
  part: XmlElement,
  elements: XmlElement[],
  head: Head,
  begun: string,
  problems: Problems,
): FeedDocument[] {
  const counted = new Map<string, { item: Item; sum: number }>();
  for (const [index, element] of elements.entries()) {
    const where = `line ${index + 1}`;
    const item = knownItem(element, where, problems);
    const quantity = quantityIn(element, COUNTED, where, problems);
    if (item === null || quantity === undefined) continue;
    const before = counted.get(item.sku);
    counted.set(item.sku, { item: before?.item ?? item, sum: (before?.sum ?? 0) + quantity });
  }
  if (counted.size === 0) return [];
  const names = ['StocktakeID', 'PhysicalCountID', 'InventoryCountID', 'CountID', 'DocumentID', 'SerialFormID'];
  const body: StocktakeInput = {
    ...documentOf(head),
    stocktake: childText(part, ...names) ?? childText(inner, ...names) ?? head.number,
    begun,
    // The document says no other time of that clock.
    sentAt: head.occurred,
    lines: [...counted.values()].map(({ item, sum }) => ({ ...item, counted: quantityText(sum) })),
    reason: reasonOf(part) ?? reasonOf(inner),
  };
  return [{ way: 'stocktakes', body }];
}

const documentOf = ({ workstation, number, businessDate, occurred }: Head) => ({
  workstation,
  document: number,
  businessDate,
  occurred,
});

function knownItem(element: XmlElement, where: string, problems: Problems): Item | null {
  const item = itemOf(element);
  if (item === null) problems.push(`${where} names no item: send its ItemID.`);
  return item;
}

function quantityIn(element: XmlElement, names: string[], where: string, problems: Problems): number | undefined {
  const text = childText(element, ...names);
  if (text === undefined) problems.push(`${where}: ${names[0]} is missing: send the units.`);
  return quantityOf(problems, `${where}: ${names[0]}`, text);
}

function signed(written: number, direction: Direction, line: XmlElement): number {
  if (direction === 'out') return -Math.abs(written);
  const action = attributeOf(line, 'Action') ?? childText(line, 'Action', 'AdjustmentType') ?? '';
  if (direction === 'as-written' && /decreas|subtract|minus|remov/i.test(action)) return -Math.abs(written);
  return written;
}

const reasonOf = (element: XmlElement): string | undefined =>
  textOf(childNamed(element, 'Reason', 'ReasonCode'))?.slice(0, 200);
