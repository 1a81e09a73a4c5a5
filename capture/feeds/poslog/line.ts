// One LineItem of a receipt: goods that leave or come back, or money without goods; exact and signed.
import type { Disposition, ReceiptRef } from '../../../core/fact.ts';
import { LINES_MAX } from '../../../core/limits.ts';
import { attributeOf, childNamed, childrenNamed, childText, codeOf, isFlagged, type XmlElement } from './element.ts';
import { amountOf, isAbout, type Problems, quantityOf, timesExactly } from './figures.ts';
import { type Item, itemOf } from './item.ts';
import { type LinkContext, linksOf } from './link.ts';
import {
  BESIDE,
  COLLECTED,
  dispositionOf,
  isMeasure,
  isNoGoods,
  MONEY,
  PAID,
  PUT_BY,
  RETURNED,
  SOLD,
} from './words.ts';

export type Line = {
  /** LineItem/SequenceNumber, else its place. */
  number: string;
  voided: boolean;
  /** Number of the line that this one voids, where it says so. */
  takes: string | undefined;
  item: Item;
  /** Thousandths: positive left the shop, negative came back. */
  quantity: number;
  /** Ten-thousandths: positive is paid by the customer, negative to the customer. */
  amount: number | undefined;
  unitPrice: number | undefined;
  notGoods: boolean;
  disposition: Disposition | undefined;
  original: ReceiptRef | undefined;
  /** Written as Return: its sign is decided with all returns of the receipt. */
  isReturn: boolean;
};

export type LineContext = LinkContext & { problems: Problems; notGoods: ReadonlySet<string> };

const ONE = 1_000;

/** Lines of goods and of money; tenders, taxes, rewards and the like are none. */
export function readLines(lineItems: XmlElement[], context: LineContext): Line[] {
  const lines = lineItems.flatMap((lineItem, index) => readLine(lineItem, index + 1, context) ?? []);
  if (lines.length > LINES_MAX) {
    context.problems.push(`It has more than ${LINES_MAX} lines: post it in parts, each under its own number.`);
    return [];
  }
  const returned = lines.filter(({ isReturn }) => isReturn);
  // Whoever writes both signs means them: a negative return is one that was taken back.
  const bothSigns = returned.some(({ quantity }) => quantity > 0) && returned.some(({ quantity }) => quantity < 0);
  for (const line of returned) {
    line.quantity = bothSigns ? -line.quantity : -Math.abs(line.quantity);
    if (line.amount !== undefined) line.amount = Math.sign(line.quantity) * Math.abs(line.amount);
  }
  return lines;
}

/** Lines of the receipt; a receipt without RetailTransaction has them right in the Transaction. */
export const lineItemsOf = (inner: XmlElement): XmlElement[] => childrenNamed(inner, 'LineItem');

function readLine(lineItem: XmlElement, place: number, context: LineContext): Line | null {
  const number = childText(lineItem, 'SequenceNumber', 'LineNumber') ?? String(place);
  const where = `LineItem ${number}`;
  if (isFlagged(lineItem, 'CancelFlag', 'DeleteFlag')) return null;
  const holds = (names: ReadonlySet<string>) => lineItem.children.find((each) => names.has(each.name) && !each.foreign);
  const goods = holds(SOLD) ?? holds(RETURNED) ?? holds(COLLECTED) ?? holds(PUT_BY);
  const base = {
    number,
    voided: isFlagged(lineItem, 'VoidFlag', 'VoidedFlag') || isFlagged(goods, 'VoidFlag'),
    takes: childText(lineItem, 'VoidedLineItemSequenceNumber', 'VoidsLineItem') ?? voidLink(lineItem),
  };
  if (goods !== undefined) return goodsLine(goods, lineItem, where, base, context);
  const money = holds(MONEY);
  if (money !== undefined) return moneyLine(money, where, base, context);
  if (holds(PAID) !== undefined || holds(BESIDE) !== undefined) return null;
  const unknown = lineItem.children.find(
    (each) => itemOf(each) !== null && childNamed(each, 'Quantity') !== undefined && !BESIDE.has(each.name),
  );
  if (unknown !== undefined) {
    context.problems.push(
      `${where} is a <${unknown.name.slice(0, 40)}> with an item and a quantity, and it is not known whether goods moved: post it as Sale or Return.`,
    );
  }
  return null;
}

/** A voiding line may name its line by an ItemLink. */
const voidLink = (lineItem: XmlElement): string | undefined =>
  isFlagged(lineItem, 'VoidFlag') ? childText(lineItem, 'ItemLink', 'LineItemLink') : undefined;

type Base = Pick<Line, 'number' | 'voided' | 'takes'>;

function goodsLine(
  element: XmlElement,
  lineItem: XmlElement,
  where: string,
  base: Base,
  context: LineContext,
): Line | null {
  const { problems } = context;
  const item = itemOf(element);
  if (item === null) {
    problems.push(`${where} names no item: send its ItemID or POSItemID.`);
    return null;
  }
  if (COLLECTED.has(element.name) && !/complet|pick|deliver|collect/i.test(attributeOf(element, 'Action') ?? '')) {
    return unlessEmpty({ ...base, ...withoutGoods(item, paidOf(element, where, problems)) });
  }
  if (PUT_BY.has(element.name)) {
    return unlessEmpty({ ...base, ...withoutGoods(item, paidOf(element, where, problems)) });
  }
  const isReturn = RETURNED.has(element.name);
  const unitPrice = amountOf(
    problems,
    `${where}: ActualSalesUnitPrice`,
    childText(element, 'ActualSalesUnitPrice', 'ActualUnitPrice') ?? regularPrice(element),
  );
  const extended = amountOf(problems, `${where}: ExtendedAmount`, childText(element, 'ExtendedAmount'));
  const quantity = quantityIn(element, where, unitPrice, extended, problems);
  if (quantity === undefined) return null;
  const net = extended === undefined ? undefined : netOf(element, where, quantity, extended, problems);
  const computed = unitPrice === undefined ? undefined : (timesExactly(Math.abs(quantity), unitPrice) ?? undefined);
  const amount = net ?? computed;
  if (quantity === 0) return unlessEmpty({ ...base, ...withoutGoods(item, extended === undefined ? undefined : net) });
  const links = [...linksOf(element, context), ...linksOf(lineItem, context)];
  return {
    ...base,
    takes: base.takes ?? (base.voided ? childText(element, 'ItemLink') : undefined),
    item,
    quantity,
    amount: amount === undefined || quantity > 0 ? amount : -Math.abs(amount),
    unitPrice: unitPrice === undefined ? undefined : Math.abs(unitPrice),
    notGoods: context.notGoods.has(item.sku) || isNoGoods(codeOf(element, 'ItemType')),
    disposition: dispositionOf(disposalOf(element)),
    original: links.find(({ reason }) => /return|refund|exchange/i.test(reason))?.ref ?? links[0]?.ref,
    isReturn,
  };
}

/** A line of zero units that nothing is paid for says nothing. */
const unlessEmpty = (line: Line): Line | null => (line.amount === undefined || line.amount === 0 ? null : line);

const withoutGoods = (item: Item, amount: number | undefined) => ({
  item,
  quantity: (amount ?? 0) < 0 ? -ONE : ONE,
  amount,
  unitPrice: undefined,
  notGoods: true,
  disposition: undefined,
  original: undefined,
  isReturn: false,
});

function moneyLine(element: XmlElement, where: string, base: Base, context: LineContext): Line | null {
  const amount = paidOf(element, where, context.problems);
  const item = itemOf(element) ?? { sku: element.name };
  return unlessEmpty({ ...base, ...withoutGoods(item, amount) });
}

function paidOf(element: XmlElement, where: string, problems: Problems): number | undefined {
  const text = childText(element, 'Deposit', 'Amount', 'PaymentAmount', 'ExtendedAmount');
  return amountOf(problems, `${where}: Amount`, text);
}

const regularPrice = (element: XmlElement): string | undefined =>
  childText(element, 'RegularSalesUnitPrice', 'RegularSaleUnitPrice', 'UnitPrice');

const disposalOf = (element: XmlElement): string | undefined => {
  const disposal = childNamed(element, 'Disposal', 'Disposition');
  return disposal === undefined ? undefined : (attributeOf(disposal, 'Method') ?? disposal.text.trim());
};

/** The number itself; of goods by measure some write "1" there and the measure beside it, which the price shows. */
function quantityIn(
  element: XmlElement,
  where: string,
  unitPrice: number | undefined,
  extended: number | undefined,
  problems: Problems,
): number | undefined {
  const [said] = childrenNamed(element, 'Quantity').filter((each) => each.text.trim() !== '');
  const units = attributeOf(said ?? childNamed(element, 'Quantity'), 'Units');
  const text = said?.text.trim() ?? units;
  if (text === undefined) {
    if (unitPrice !== undefined && extended !== undefined && extended !== 0 && Math.abs(extended) === unitPrice)
      return ONE;
    problems.push(`${where}: Quantity is missing: send the units, or the weight.`);
    return undefined;
  }
  const quantity = quantityOf(problems, `${where}: Quantity`, text);
  if (quantity === undefined || units === undefined || !isMeasure(attributeOf(said, 'UnitOfMeasureCode')))
    return quantity;
  if (unitPrice === undefined || extended === undefined) return quantity;
  if (isAbout(Math.abs(extended), Math.abs(quantity), unitPrice)) return quantity;
  const measured = quantityOf([], where, units);
  if (measured === undefined || measured === 0) return quantity;
  const fits = isAbout(Math.abs(extended), Math.abs(measured), unitPrice);
  return fits ? Math.sign(quantity || 1) * Math.abs(measured) : quantity;
}

/** What is paid for the line: a discount that stands beside an amount at the regular price is not taken off yet. */
function netOf(element: XmlElement, where: string, quantity: number, extended: number, problems: Problems): number {
  const whole = amountOf(problems, `${where}: ExtendedDiscountAmount`, childText(element, 'ExtendedDiscountAmount'));
  const each = amountOf(problems, `${where}: DiscountAmount`, childText(element, 'DiscountAmount'));
  const regular = amountOf(problems, `${where}: RegularSalesUnitPrice`, regularPrice(element));
  const actual = amountOf(problems, `${where}: ActualSalesUnitPrice`, childText(element, 'ActualSalesUnitPrice'));
  const units = Math.abs(quantity);
  const discount = Math.abs((whole === 0 ? undefined : whole) ?? discountOfLine(each, units) ?? 0);
  if (discount === 0 || regular === undefined || units === 0) return extended;
  const atRegular = isAbout(Math.abs(extended), units, regular);
  const atActual = actual !== undefined && actual !== regular && isAbout(Math.abs(extended), units, actual);
  return atRegular && !atActual && discount <= Math.abs(extended)
    ? Math.sign(extended) * (Math.abs(extended) - discount)
    : extended;
}

/** DiscountAmount is that of one unit, ExtendedDiscountAmount that of the line. */
const discountOfLine = (each: number | undefined, units: number): number | undefined =>
  each === undefined ? undefined : (timesExactly(units, each) ?? undefined);
