// Orders and refunds of WooCommerce: paid orders are sold, refunds with lines are returns.
import { describe, expect, test } from 'vitest';
import { woocommerceFeed } from '../../capture/feeds/woocommerce/feed.ts';
import { bytesOf } from './imports.ts';
import { memoryJournal } from './memory-journal.ts';
import { importBody, itemsOf, receiptsIn, settingsFor, told } from './webhook-bodies.ts';

const GBP = { currency: 'GBP' };
const line = (id: number, quantity: number, changes = {}) => ({
  ...{ id, name: `Thing ${id}`, product_id: id * 10, variation_id: 0, quantity, sku: `W${id}` },
  ...{ subtotal: '20.00', total: '18.33', total_tax: '3.67', price: 9.166666666666666, ...changes },
});
const order = (changes: Record<string, unknown> = {}) => ({
  ...{ id: 727, number: '727', status: 'processing', currency: 'GBP', total: '28.00', payment_method: 'cod' },
  ...{ date_created: '2026-06-20T10:00:00', date_created_gmt: '2026-06-20T09:00:00', date_paid_gmt: null },
  line_items: [line(1, 2)],
  shipping_lines: [{ id: 5, method_title: 'Flat rate', total: '5.00', total_tax: '1.00' }],
  fee_lines: [],
  refunds: [],
  ...changes,
});
const refund = (changes: Record<string, unknown> = {}) => ({
  ...{ id: 730, parent_id: 727, amount: '11.00', reason: 'broken', date_created_gmt: '2026-06-22T09:00:00' },
  line_items: [line(1, -1, { total: '-9.17', total_tax: '-1.83' })],
  ...changes,
});

describe('orders', () => {
  test('paid for: lines after discounts with their tax, money beside, the moment in GMT', async () => {
    expect(receiptsIn(await itemsOf('woocommerce', order()))).toMatchObject([
      {
        ...{ kind: 'sale', workstation: 'woocommerce', receipt: '727', occurred: '2026-06-20T09:00:00Z', total: '28' },
        lines: [
          // 9.166666666666666 is no price: the sum of the line is.
          { sku: 'W1', quantity: '2', unitPrice: undefined, amount: '22' },
          { sku: 'shipping', amount: '6', notGoods: true },
        ],
        tenders: [{ type: 'cod', amount: '28' }],
      },
    ]);
  });

  test.each([
    ['processing', 'document'],
    ['completed', 'document'],
    ['refunded', 'document'],
    ['wc-completed', 'document'],
    ['pending', 'passed'],
    ['on-hold', 'passed'],
    ['cancelled', 'passed'],
    ['failed', 'passed'],
    ['my-own', 'aside'],
  ])('%s is %s', async (status, kind) => {
    expect((await itemsOf('woocommerce', order({ status })))[0]?.kind).toBe(kind);
  });

  test('without GMT the time is the shop’s; without a SKU it is the variation, else the product', async () => {
    const lines = [line(1, 1, { sku: '', variation_id: 77 }), line(2, 1, { sku: '' })];
    const [body] = receiptsIn(await itemsOf('woocommerce', order({ date_created_gmt: undefined, line_items: lines })));
    expect(body?.occurred).toBe('2026-06-20T10:00:00+01:00');
    expect(body?.lines.slice(0, 2).map(({ sku }) => sku)).toEqual(['77', '20']);
  });
});

describe('refunds', () => {
  test('with lines it is a return of its order', async () => {
    expect(receiptsIn(await itemsOf('woocommerce', refund(), GBP))).toMatchObject([
      {
        ...{ kind: 'return', receipt: '730', total: '-11', currency: 'GBP' },
        lines: [{ sku: 'W1', quantity: '1', amount: '-11', original: { receipt: '727' } }],
      },
    ]);
  });

  test('in an order it is only named, and says so', async () => {
    const items = await itemsOf('woocommerce', order({ refunds: [{ id: 730, reason: '', total: '-11.00' }] }));
    expect(items.map(({ kind }) => kind)).toEqual(['document', 'passed']);
    expect(told(items)[1]).toMatch(/Refund 730 of order 727 is only named here/);
  });

  test('money without goods keeps the sum and moves nothing', async () => {
    const lines = [line(1, 0, { total: '-5.00', total_tax: '0.00' })];
    const [body] = receiptsIn(await itemsOf('woocommerce', refund({ line_items: lines, amount: '5.00' }), GBP));
    expect(body?.lines).toMatchObject([{ sku: 'W1', quantity: '1', amount: '-5', notGoods: true }]);
  });

  test('every state of the order and the refund thrice: one sale, one return', async () => {
    const journal = memoryJournal();
    const states = ['pending', 'processing', 'completed', 'completed', 'refunded'];
    for (const [nth, status] of states.entries()) {
      // It was paid for on another day than it was made.
      const date_paid_gmt = nth < 2 ? null : '2026-06-21T00:00:00';
      await importBody(journal, 'woocommerce', order({ status, date_paid_gmt }));
    }
    for (let nth = 0; nth < 3; nth++) await importBody(journal, 'woocommerce', refund(), GBP);
    expect(journal.facts.map(({ captured: { content } }) => content.kind)).toEqual(['sale', 'return']);
    expect(journal.items).toEqual([]);
  });
});

test.each([
  ['order.deleted', { id: 727 }, /stays sold/],
  ['product.updated', { id: 1, stock_quantity: 3, line_items: [] }, /no goods move/],
  [undefined, { webhook_id: 3 }, /greeting/],
])('the topic %s', async (topic, body, sentence) => {
  const context = { settings: settingsFor('woocommerce'), store: 'S001', timeZone: 'UTC' };
  const items = [];
  for await (const item of woocommerceFeed({ topic }).read(bytesOf(JSON.stringify(body)), context)) items.push(item);
  expect(told(items)[0]).toMatch(sentence);
});
