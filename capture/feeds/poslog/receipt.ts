// A RetailTransaction to a sale, a return or a mixed receipt; what moved neither goods nor money is passed.
import type { ReceiptRef } from '../../../core/fact.ts';
import type { TransactionInput } from '../../../protocol/local/transaction.ts';
import { childNamed, childText, textOf, type XmlElement } from './element.ts';
import { amountText, quantityText } from './figures.ts';
import type { Head } from './head.ts';
import type { Line } from './line.ts';
import type { Memory, Remembered } from './memory.ts';
import { type Paid, sumOf, type Totals } from './money.ts';
import type { Outcome } from './outcome.ts';
import { aside, passed } from './outcome.ts';
import { type Rest, withoutVoided } from './voided-lines.ts';

/** A receipt as it was read, before it is decided what it is. */
export type Read = {
  head: Head;
  inner: XmlElement;
  lines: Line[];
  tenders: Paid[] | undefined;
  totals: Totals;
  currency: string | undefined;
  customer: string | undefined;
  /** The transaction says of itself that it is a return. */
  isReturnByType: boolean;
};

export const voidable = (line: Line) => ({ ...line, key: line.item.sku, size: line.quantity });
type Kept = Rest<ReturnType<typeof voidable>>;

export function receiptOf(read: Read, memory: Memory): Outcome {
  const { lines, tenders, totals } = read;
  const paid = tenders === undefined ? undefined : sumOf(tenders);
  const known = (sum: number): boolean =>
    totals.known.has(sum) ||
    totals.known.has(sum + totals.tax) ||
    (paid !== undefined && (sum === paid || sum + totals.tax === paid));
  const resolved = withoutVoided(lines.map(voidable), known);
  if (!resolved.ok) {
    const [line, other] = [resolved.line.number, resolved.other.number];
    const reason = `LineItem ${line} is voided, and it cannot be told whether LineItem ${other} of the same item goes with it: send the total of the receipt (TransactionGrandAmount), or an ItemLink to the line that is voided.`;
    return aside('bad-receipt', reason);
  }
  const money = paid ?? totals.grand ?? 0;
  if (resolved.kept.length > 0) return soldOrBack(read, resolved.kept, paid, memory);
  if (lines.length > 0) return allVoided(read, money, memory);
  if (money === 0) return passed('A receipt without a line of goods or money: nothing was sold.');
  const reason = `${amountText(money)} was paid, and no LineItem says for what: send it as Sale, Return, Deposit, Fee or PaymentOnAccount.`;
  return aside('bad-receipt', reason);
}

/** Goods of a return may be written like those of a sale; then the type of the transaction says it. */
function soldOrBack(read: Read, kept: Kept[], paid: number | undefined, memory: Memory): Outcome {
  const asSold = kept.every(({ size }) => size > 0);
  if (!asSold || (paid ?? 0) > 0) return documentOf(read, kept, memory);
  if (read.isReturnByType) return documentOf(read, kept.map(turnedBack), memory);
  if (paid === undefined || paid === 0 || sumOfLines(kept) <= 0) return documentOf(read, kept, memory);
  const reason = `Goods were sold, and yet ${amountText(-paid)} was paid back: write what comes back as Return or with a quantity below zero.`;
  return aside('bad-receipt', reason);
}

const turnedBack = ({ index, line, size, amount }: Kept): Kept => ({
  index,
  line,
  size: -Math.abs(size),
  amount: amount === undefined ? undefined : -Math.abs(amount),
});

/** Every line is voided: nothing happened, unless the money says that goods came back. */
function allVoided(read: Read, money: number, memory: Memory): Outcome {
  // The total may still be the one from before; without a tender nothing was paid.
  if (money === 0 || (read.tenders === undefined && money > 0)) {
    return passed('A receipt of which every line was voided: nothing was sold.');
  }
  const kept = read.lines.map((line, index) =>
    turnedBack({ index, line: voidable(line), size: line.quantity, amount: line.amount }),
  );
  const sum = Math.abs(kept.reduce((all, { amount }) => all + (amount ?? Number.NaN), 0));
  const back = Math.abs(money);
  if (money < 0 && (sum === back || sum + Math.abs(read.totals.tax) === back)) return documentOf(read, kept, memory);
  const reason = `Every line is voided, and yet ${amountText(money)} was paid: the lines and the tenders do not agree.`;
  return aside('bad-receipt', reason);
}

function documentOf(read: Read, kept: Kept[], memory: Memory): Outcome {
  const { head, totals, tenders } = read;
  const goods = kept.filter(({ line }) => !line.notGoods);
  const paid = tenders === undefined ? undefined : sumOf(tenders);
  const isReturn =
    goods.length > 0 ? goods.every(({ size }) => size < 0) : (paid ?? totals.grand ?? sumOfLines(kept)) < 0;
  const kind = isReturn ? 'return' : 'sale';
  const total = totalOf(kind, totals.grand, paid);
  const sales = rememberedSales(head, memory);
  const body: TransactionInput = {
    kind,
    ...identityOf(read),
    lines: kept.map((rest) => inputLine(rest, isReturn ? -1 : 1, sales)),
    tenders: inputTenders(tenders),
    total: total === undefined ? undefined : amountText(total),
  };
  memory.keep({
    workstation: head.workstation,
    number: head.number,
    businessDate: head.businessDate,
    lines: kept.map(({ line, size, amount }) => ({ ...plainLine(line), quantity: size, amount })),
    total,
  });
  return { kind: 'documents', documents: [{ way: 'transactions', body }] };
}

const sumOfLines = (kept: Kept[]): number => kept.reduce((sum, { amount }) => sum + (amount ?? 0), 0);

const plainLine = ({ key: _key, size: _size, ...line }: ReturnType<typeof voidable>): Line => line;

/** With the sign of the money: some write the total of a return without one. */
function totalOf(kind: 'sale' | 'return', grand: number | undefined, paid: number | undefined): number | undefined {
  if (grand === undefined) return paid;
  if (paid !== undefined && Math.abs(grand) === Math.abs(paid)) return paid;
  return kind === 'return' ? -Math.abs(grand) : grand;
}

export const identityOf = ({ head, currency, customer }: Read) => ({
  workstation: head.workstation,
  receipt: head.number,
  businessDate: head.businessDate,
  occurred: head.occurred,
  currency,
  customer,
  operator: head.operator,
});

export const inputTenders = (tenders: Paid[] | undefined): TransactionInput['tenders'] =>
  tenders?.map(({ type, amount }) => ({ type, amount: amountText(amount) }));

type LineInput = TransactionInput['lines'][number];

/** `sign` is -1 where the document's kind itself says that goods come back. */
function inputLine({ line, size, amount }: Kept, sign: 1 | -1, sales: Sales): LineInput {
  const back = size < 0 && !line.notGoods;
  return {
    ...line.item,
    quantity: quantityText(size * sign),
    unitPrice: line.unitPrice === undefined ? undefined : amountText(line.unitPrice),
    amount: amount === undefined ? undefined : amountText(amount),
    notGoods: line.notGoods ? true : undefined,
    disposition: back ? line.disposition : undefined,
    original: back ? originalLine(line.original, sales) : undefined,
  };
}

type Sales = (ref: ReceiptRef) => Remembered | null;

/** Sales that lines refer to, each looked up once for a receipt. */
function rememberedSales(head: Head, memory: Memory): Sales {
  const found = new Map<string, Remembered | null>();
  return (ref) => {
    const key = JSON.stringify([ref.store, ref.workstation, ref.businessDate, ref.receipt]);
    const sale = found.get(key) ?? memory.find(ref, head.workstation);
    found.set(key, sale);
    return sale;
  };
}

/** Its place among the captured lines, where the sale stands in the same document; else the till's line number. */
function originalLine(original: ReceiptRef | undefined, sales: Sales): ReceiptRef | undefined {
  if (original?.line === undefined) return original;
  const sale = sales(original);
  if (sale === null) return original;
  const index = sale.lines.findIndex(({ number }) => number === String(original.line));
  return { ...original, line: index < 0 ? undefined : index + 1 };
}

/** The till's reference of the customer; loyalty and other cards are not looked at. */
export function customerOf(transaction: XmlElement, inner: XmlElement): string | undefined {
  for (const element of [inner, transaction]) {
    const customer = childNamed(element, 'Customer');
    const id =
      (customer === undefined ? undefined : childText(customer, 'CustomerID')) ??
      textOf(childNamed(element, 'CustomerID'));
    if (id !== undefined) return id;
  }
  return undefined;
}
