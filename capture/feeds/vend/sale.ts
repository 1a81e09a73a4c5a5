// Register sales of Vend (Lightspeed X-Series): negative lines are goods that came back, by themselves or in exchange.
import {
  type BodyContext,
  type BodyLine,
  checkStore,
  markNotGoods,
  passed,
  safely,
  timesOf,
  transactionItem,
  unknownItem,
  workstationOf,
} from '../bodies/feed.ts';
import {
  decimal,
  description,
  fieldsOf,
  listOf,
  neededWord,
  optionalDecimal,
  skuOf,
  wordOf,
} from '../bodies/fields.ts';
import type { BodyNode, Fields } from '../bodies/node.ts';
import { isNegative, isZero, negated, placesOf, timesOf as product, sumOf } from '../bodies/sums.ts';
import type { FeedItem } from '../feed.ts';

const NOT_SOLD =
  /^(SAVED|OPEN|PARKED|LAYBY|DISPATCHED|PENDING|AWAITINGDISPATCH|AWAITINGPICKUP|PICKEDUP|SERVICEPENDING)$/;
const UNIT_PRICE_PLACES = 4;

/** A sale that was voided after it was paid was sold and taken back: both are told. */
export function vendSale(node: BodyNode, context: BodyContext): FeedItem[] {
  const sale = node.fields;
  const number = neededWord(sale, 'id');
  const invoice = wordOf(sale, 'invoice_number') ?? wordOf(sale, 'receipt_number');
  const place = `sale ${number}${invoice === undefined ? '' : ` (${invoice})`}`;
  const status = (wordOf(sale, 'status') ?? wordOf(sale, 'state') ?? '').toUpperCase().replaceAll('_', '');
  if (NOT_SOLD.test(status)) {
    return [passed(place, `Sale ${number} is ${wordOf(sale, 'status') ?? status}: it counts once it is closed.`)];
  }
  const isVoided = status === 'VOIDED';
  if (isVoided && listOf(sale, paymentsKey(sale)).length === 0) {
    return [passed(place, `Sale ${number} was thrown away before it was paid: nothing was sold.`)];
  }
  if (!isVoided && !status.endsWith('CLOSED') && status !== 'ONACCOUNT') {
    return [unknownItem(place, node, `status is ${status === '' ? 'missing' : status}: only closed sales count.`)];
  }
  checkStore(wordOf(sale, 'outlet_id'), 'outlet_id', context);
  const read = readSale(number, sale, status, context);
  const items = [transactionItem(place, node, read)];
  if (!isVoided) return items;
  return [...items, ...safely(`void of ${place}`, node, () => [voidItem(place, node, read, context)], number)];
}

type Sale = ReturnType<typeof readSale>;

function readSale(receipt: string, sale: Fields, status: string, context: BodyContext) {
  const { currency } = context.settings;
  const key = 'register_sale_products' in sale ? 'register_sale_products' : 'line_items';
  if (!Array.isArray(sale[key])) neededWord({}, key);
  const sold = listOf(sale, key).flatMap((line, index) => soldLine(line, `${key}.${index}`));
  const isReturn = sold.length > 0 && sold.every(({ quantity }) => isNegative(String(quantity)));
  const source = wordOf(sale, 'return_for');
  const original = source === undefined ? undefined : { receipt: source };
  const lines = sold.map((line) => {
    if (!isNegative(String(line.quantity))) return line;
    return { ...line, quantity: isReturn ? negated(String(line.quantity)) : line.quantity, original };
  });
  const net = optionalDecimal(sale['total_price'], 'total_price');
  const tax = optionalDecimal(sale['total_tax'], 'total_tax') ?? '0';
  return {
    kind: isReturn ? ('return' as const) : ('sale' as const),
    workstation: workstationOf(context, wordOf(sale, 'register_id')),
    receipt,
    ...timesOf(sale['sale_date'], 'sale_date', context),
    currency: wordOf(sale, 'currency') ?? currency,
    lines: markNotGoods(lines, context),
    // What is owed on account is paid later: the sale stays the same.
    tenders: status.startsWith('ONACCOUNT') ? undefined : tendersOf(sale),
    total: net === undefined ? undefined : sumOf(net, tax),
    operator: wordOf(sale, 'user_id'),
  };
}

function soldLine(line: Fields, field: string): BodyLine[] {
  const quantity = decimal(line['quantity'], `${field}.quantity`);
  const name = wordOf(line, 'name') ?? wordOf(fieldsOf(line['product']), 'name');
  const price = optionalDecimal(line['unit_price'] ?? line['price'], `${field}.price`);
  const amount = amountOf(line, field, quantity, price);
  const isMoneyOnly = isZero(quantity);
  if (isMoneyOnly && (amount === undefined || isZero(amount))) return [];
  return [
    {
      sku: skuOf({ product_id: fieldsOf(line['product'])['id'], ...line }, ['product_id'], name),
      description: description(name),
      quantity: isMoneyOnly ? '1' : quantity,
      unitPrice: price === undefined || placesOf(price) > UNIT_PRICE_PLACES ? undefined : price,
      amount,
      notGoods: isMoneyOnly ? true : undefined,
    },
  ];
}

/** With its tax: prices without it have more decimals than money, the sum of both has not. */
function amountOf(line: Fields, field: string, quantity: string, price: string | undefined): string | undefined {
  const net =
    optionalDecimal(line['total_price'] ?? line['price_total'], `${field}.price_total`) ??
    (price === undefined ? undefined : product(price, quantity));
  if (net === undefined) return undefined;
  const total = optionalDecimal(line['total_tax'] ?? line['tax_total'], `${field}.tax_total`);
  if (total !== undefined) return sumOf(net, total);
  const each = optionalDecimal(line['unit_tax'] ?? line['tax'], `${field}.tax`) ?? '0';
  return sumOf(net, product(each, quantity));
}

const paymentsKey = (sale: Fields): string =>
  'register_sale_payments' in sale ? 'register_sale_payments' : 'payments';

function tendersOf(sale: Fields) {
  const key = paymentsKey(sale);
  const tenders = listOf(sale, key).map((payment, index) => ({
    type: wordOf(payment, 'name') ?? wordOf(payment, 'payment_type_id') ?? 'payment',
    amount: decimal(payment['amount'], `${key}.${index}.amount`),
  }));
  return tenders.length === 0 ? undefined : tenders;
}

/** Takes back what the sale handed out, when it was voided. */
function voidItem(place: string, node: BodyNode, sale: Sale, context: BodyContext): FeedItem {
  const { workstation, receipt, businessDate, currency, total, operator } = sale;
  const when = wordOf(node.fields, 'deleted_at') === undefined ? 'updated_at' : 'deleted_at';
  const back = <T extends string | number | undefined>(amount: T) =>
    amount === undefined ? undefined : negated(String(amount));
  const body = {
    kind: 'void' as const,
    workstation,
    receipt,
    ...timesOf(node.fields[when], when, context),
    currency,
    lines: sale.lines.map(({ original: _original, ...line }) => ({ ...line, amount: back(line.amount) })),
    total: back(total),
    operator,
    voids: { receipt, workstation, businessDate },
  };
  return transactionItem(`void of ${place}`, node, body);
}
