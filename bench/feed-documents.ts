// Documents of every feed for the bench: the same sales, each in its own tongue, two lines a document.

export type Sample = { feed: string; documents: number; text: string; format: 'xml' | 'json' | 'lines' | 'csv' };

const DAY = '2026-11-21';
const times = (count: number, of: (nth: number) => string, between = '\n'): string =>
  Array.from({ length: count }, (_, nth) => of(nth + 1)).join(between);
const lines = (count: number, of: (nth: number) => unknown): string => times(count, (nth) => JSON.stringify(of(nth)));
const at = (nth: number): string => new Date(Date.UTC(2026, 10, 21, 8) + nth * 1_000).toISOString().slice(0, 19);
const skus = (nth: number): [string, string] => [`SKU-${nth % 97}`, `SKU-${nth % 89}`];

const poslogTransaction = (nth: number): string => {
  const items = skus(nth).map(
    (sku, line) =>
      `<LineItem><SequenceNumber>${line + 1}</SequenceNumber><Sale ItemType="Stock"><ItemID>${sku}</ItemID><Description>Article ${line}</Description><UnitPrice Quantity="1">1.05</UnitPrice><Quantity UnitOfMeasureCode="EA">2</Quantity><ExtendedAmount>2.10</ExtendedAmount></Sale></LineItem>`,
  );
  return `<Transaction><RetailStoreID>9</RetailStoreID><WorkstationID>${nth % 4}</WorkstationID><SequenceNumber>${nth}</SequenceNumber><BusinessDayDate>${DAY}</BusinessDayDate><BeginDateTime>${at(nth)}</BeginDateTime><EndDateTime>${at(nth)}</EndDateTime><OperatorID>7</OperatorID><CurrencyCode>EUR</CurrencyCode><RetailTransaction>${items.join('')}<LineItem><Tender TenderType="Cash"><Amount>4.20</Amount></Tender></LineItem><Total TotalType="TransactionNetAmount">4.20</Total></RetailTransaction></Transaction>`;
};

const epcisEvent = (nth: number) => ({
  type: 'ObjectEvent',
  eventTime: `${at(nth)}Z`,
  eventTimeZoneOffset: '+00:00',
  action: 'OBSERVE',
  bizStep: 'receiving',
  readPoint: { id: 'urn:epc:id:sgln:0614141.07346.1234' },
  quantityList: [
    { epcClass: `urn:epc:class:lgtin:0614141.077346.${nth}`, quantity: 10 },
    { epcClass: `urn:epc:class:lgtin:0614141.077347.${nth}`, quantity: 5 },
  ],
});

const canonical = (nth: number) => ({
  ...{ kind: 'sale', workstation: `${nth % 4}`, receipt: `${nth}`, businessDate: DAY, occurred: `${at(nth)}Z` },
  lines: skus(nth).map((sku) => ({ sku, quantity: 2, unitPrice: '1.05', amount: '2.10' })),
  ...{ currency: 'EUR', total: '4.20' },
});

const euros = (amount: number) => ({ amount, currency: 'EUR' });
const squareOrder = (nth: number) => ({
  ...{ id: `ORDER${nth}`, location_id: 'L1', state: 'COMPLETED', created_at: `${at(nth)}Z`, closed_at: `${at(nth)}Z` },
  line_items: skus(nth).map((sku, line) => ({
    ...{ uid: `${line}`, name: `Article ${line}`, catalog_object_id: sku, quantity: '2' },
    ...{ base_price_money: euros(105), gross_sales_money: euros(210), total_money: euros(210) },
  })),
  tenders: [{ type: 'CASH', amount_money: euros(420) }],
  total_money: euros(420),
});

const shopifyOrder = (nth: number) => ({
  ...{ id: nth, name: `#${nth}`, order_number: nth, test: false, currency: 'EUR', location_id: null, user_id: null },
  ...{
    created_at: `${at(nth)}+00:00`,
    processed_at: `${at(nth)}+00:00`,
    financial_status: 'paid',
    total_price: '4.20',
  },
  line_items: skus(nth).map((sku, line) => ({ id: nth * 2 + line, sku, title: 'Article', quantity: 2, price: '1.05' })),
  ...{ shipping_lines: [], refunds: [] },
});

const vendSale = (nth: number) => ({
  ...{ id: `SALE${nth}`, register_id: 'REG1', invoice_number: `${nth}`, status: 'CLOSED', user_id: 'U1' },
  ...{ sale_date: at(nth).replace('T', ' '), updated_at: at(nth).replace('T', ' ') },
  ...{ total_price: '4.20', total_tax: '0.00' },
  register_sale_products: skus(nth).map((sku, line) => ({
    ...{ id: `LINE${nth}-${line}`, product_id: sku, quantity: 2, price: '1.05', tax: '0' },
  })),
  register_sale_payments: [{ id: 'PAY', name: 'Cash', amount: '4.20' }],
});

const wooOrder = (nth: number) => ({
  ...{ id: nth, number: `${nth}`, status: 'completed', currency: 'EUR', total: '4.20', payment_method: 'cod' },
  ...{ date_created: at(nth), date_created_gmt: at(nth), date_paid: at(nth), date_paid_gmt: at(nth) },
  line_items: skus(nth).map((sku, line) => ({
    ...{ id: nth * 2 + line, sku, name: 'Article', product_id: line, quantity: 2, total: '2.10', total_tax: '0.00' },
  })),
  ...{ shipping_lines: [], fee_lines: [], refunds: [] },
});

const csvRows = (nth: number): string => times(2, (line) => `${nth},${skus(nth)[line - 1]},2,1.05,${at(nth)}`);

export const CSV_MAPPING = {
  ...{ name: 'bench', till: { constant: '1' }, timeZone: 'UTC', receiptScope: 'ever', currency: 'EUR' },
  columns: { receipt: 'receipt', sku: 'sku', quantity: 'quantity', unitPrice: 'price', time: 'time' },
};

/** One sample at a time: only the one that is measured lies in memory. */
export function* feedSamples(documents: number): Generator<Sample> {
  const sample = (feed: string, format: Sample['format'], text: string): Sample => ({ feed, documents, text, format });
  const events = Array.from({ length: documents }, (_, nth) => epcisEvent(nth));
  const poslog = 'xmlns="http://www.nrf-arts.org/IXRetail/namespace/"';
  yield sample('poslog', 'xml', `<POSLog ${poslog}>\n${times(documents, poslogTransaction)}\n</POSLog>`);
  yield sample(
    'epcis',
    'json',
    JSON.stringify({ type: 'EPCISDocument', schemaVersion: '2.0', epcisBody: { eventList: events } }),
  );
  yield sample('jsonl', 'lines', lines(documents, canonical));
  yield sample('square', 'lines', lines(documents, squareOrder));
  yield sample('shopify', 'lines', lines(documents, shopifyOrder));
  yield sample('vend', 'lines', lines(documents, vendSale));
  yield sample('woocommerce', 'lines', lines(documents, wooOrder));
  yield sample('csv', 'csv', `receipt,sku,quantity,price,time\n${times(documents, csvRows)}\n`);
}
