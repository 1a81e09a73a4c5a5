// Orders, refunds and inventory levels of Shopify: sold once when paid or fulfilled, each refund a return of its own.
import { describe, expect, test } from 'vitest';
import { shopifyFeed } from '../../capture/feeds/shopify/feed.ts';
import { bytesOf } from './imports.ts';
import { memoryJournal } from './memory-journal.ts';
import { importBody, itemsOf, receiptsIn, settingsFor, shelfChange, told } from './webhook-bodies.ts';

const line = (id: number, quantity: number, changes = {}) => ({
  ...{ id, variant_id: id * 10, product_id: id * 100, sku: `SKU${id}`, name: `Article ${id}`, gift_card: false },
  ...{ quantity, price: '10.00', total_discount: '0.00', discount_allocations: [], ...changes },
});
const order = (changes: Record<string, unknown> = {}) => ({
  ...{ id: 450789469, name: '#1001', order_number: 1001, test: false, currency: 'USD', location_id: null },
  ...{ created_at: '2026-11-20T23:30:00-05:00', processed_at: '2026-11-20T23:30:00-05:00' },
  ...{ financial_status: 'paid', fulfillment_status: null, total_price: '35.00', user_id: null },
  ...{ line_items: [line(1, 2), line(2, 1)], shipping_lines: [{ title: 'Post', price: '5.00' }], refunds: [] },
  ...changes,
});
const refund = (changes: Record<string, unknown> = {}) => ({
  ...{ id: 509562969, order_id: 450789469, created_at: '2026-11-22T10:00:00Z', restock: true, user_id: 7 },
  refund_line_items: [
    {
      id: 1,
      line_item_id: 1,
      quantity: 1,
      subtotal: 9.5,
      restock_type: 'return',
      location_id: 5,
      line_item: line(1, 2),
    },
  ],
  transactions: [{ id: 1, kind: 'refund', status: 'success', gateway: 'cash', amount: '9.50', currency: 'USD' }],
  order_adjustments: [],
  ...changes,
});
const withTopic = async (topic: string, body: unknown): Promise<string[]> => {
  const context = { settings: settingsFor('shopify'), store: 'S001', timeZone: 'UTC' };
  const items = [];
  for await (const item of shopifyFeed({ topic }).read(bytesOf(JSON.stringify(body)), context)) items.push(item);
  return told(items);
};

describe('orders', () => {
  test('a paid order is a sale on the trading day of the shop; shipping is money', async () => {
    const [body] = receiptsIn(await itemsOf('shopify', order(), { timeZone: 'America/New_York' }));
    expect(body).toMatchObject({
      ...{ kind: 'sale', receipt: '450789469', businessDate: '2026-11-20', occurred: '2026-11-20T23:30:00-05:00' },
      lines: [
        { sku: 'SKU1', quantity: '2', unitPrice: '10', amount: '20' },
        { sku: 'SKU2', quantity: '1', amount: '10' },
        { sku: 'shipping', quantity: '1', amount: '5', notGoods: true },
      ],
      total: '35',
    });
  });

  test.each([
    ['paid', null, 1],
    ['partially_refunded', null, 1],
    ['refunded', null, 1],
    ['pending', 'fulfilled', 1],
    ['authorized', null, 0],
    ['pending', 'partial', 0],
    ['partially_paid', null, 0],
    ['voided', 'fulfilled', 0],
  ])('%s and %s: %i sales', async (financial_status, fulfillment_status, sales) => {
    const items = await itemsOf('shopify', order({ financial_status, fulfillment_status }));
    expect(receiptsIn(items)).toHaveLength(sales);
    expect(items.map(({ kind }) => kind)).toEqual([sales === 1 ? 'document' : 'passed']);
  });

  test('test orders and test refunds are passed', async () => {
    expect(told(await itemsOf('shopify', order({ test: true })))).toEqual([
      'passed: Order 450789469 is a test order: nothing was sold.',
    ]);
    const transactions = [{ kind: 'refund', status: 'success', amount: '1.00', currency: 'USD', test: true }];
    expect(told(await itemsOf('shopify', refund({ transactions })))[0]).toMatch(/^passed: .* is a test/);
  });

  test('a status that nobody knows, and no lines at all, are kept for a person', async () => {
    expect(told(await itemsOf('shopify', order({ financial_status: 'gone' })))[0]).toMatch(
      /^aside: financial_status is/,
    );
    expect(told(await itemsOf('shopify', order({ line_items: undefined })))[0]).toMatch(
      /^aside: line_items is missing/,
    );
  });

  test('discounts of the line and of the order, gift cards and tips', async () => {
    const discounted = line(1, 2, { discount_allocations: [{ amount: '1.50' }, { amount: '0.25' }] });
    const lines = [discounted, line(2, 1, { total_discount: '0.99' }), line(3, 1, { gift_card: true })];
    const [body] = receiptsIn(await itemsOf('shopify', order({ line_items: lines, total_tip_received: '2.00' })));
    expect(body?.lines.map(({ sku, amount, notGoods }) => [sku, amount, notGoods])).toEqual([
      ['SKU1', '18.25', undefined],
      ['SKU2', '9.01', undefined],
      ['SKU3', '10', true],
      ['shipping', '5', true],
      ['tip', '2', true],
    ]);
  });

  test('without a SKU: the variant, else the product, else the name', async () => {
    const without = (changes: object) => line(1, 1, { sku: '', ...changes });
    const lines = [without({}), without({ variant_id: null }), without({ variant_id: null, product_id: null })];
    const [body] = receiptsIn(await itemsOf('shopify', order({ line_items: lines, shipping_lines: [] })));
    expect(body?.lines.map(({ sku }) => sku)).toEqual(['10', '100', 'custom:Article 1']);
  });

  test('units that were edited away before the sale were never sold', async () => {
    const lines = [line(1, 3, { current_quantity: 1 }), line(2, 1, { current_quantity: 0 })];
    const [body] = receiptsIn(await itemsOf('shopify', order({ line_items: lines, refunds: [refund()] })));
    // One stays, one came back: two were sold, the third and all of SKU2 never were.
    expect(body?.lines.filter(({ notGoods }) => notGoods !== true)).toMatchObject([{ sku: 'SKU1', quantity: '2' }]);
  });

  test('codes of the settings are no goods', async () => {
    const [body] = receiptsIn(await itemsOf('shopify', order(), { notGoods: ['SKU2'] }));
    expect(shelfChange(body === undefined ? [] : [body])).toEqual({ SKU1: -2_000 });
  });
});

describe('refunds', () => {
  test('alone and in its order it is the same return, with the order that it names', async () => {
    const [alone] = receiptsIn(await itemsOf('shopify', refund()));
    expect(alone).toMatchObject({
      ...{ kind: 'return', receipt: '509562969', total: '-9.5', currency: 'USD', operator: '7' },
      lines: [
        { sku: 'SKU1', quantity: '1', amount: '-9.5', disposition: 'resell', original: { receipt: '450789469' } },
      ],
      tenders: [{ type: 'cash', amount: '-9.5' }],
    });
    const inside = receiptsIn(await itemsOf('shopify', { order: order({ refunds: [refund()] }) }));
    expect(inside.map(({ kind }) => kind)).toEqual(['sale', 'return']);
    expect(inside[1]).toEqual(alone);
  });

  test.each([
    ['return', 'resell'],
    ['legacy_restock', 'resell'],
    ['cancel', 'resell'],
    ['no_restock', 'damaged'],
  ])('restocked as %s the goods are %s', async (restock_type, disposition) => {
    const lines = [{ line_item_id: 1, quantity: 1, restock_type, line_item: line(1, 2) }];
    const [body] = receiptsIn(await itemsOf('shopify', refund({ refund_line_items: lines })));
    expect(body?.lines).toMatchObject([{ disposition }]);
  });

  test('where the sum stands as text beside a float, the text counts', async () => {
    const subtotal_set = { shop_money: { amount: '29.85', currency_code: 'USD' } };
    const lines = [{ line_item_id: 1, quantity: 1, subtotal: 29.849999999999998, subtotal_set, line_item: line(1, 2) }];
    const [body] = receiptsIn(await itemsOf('shopify', refund({ refund_line_items: lines })));
    expect(body?.lines).toMatchObject([{ amount: '-29.85' }]);
    const journal = memoryJournal();
    const bare = [{ ...lines[0], subtotal_set: undefined }];
    expect(await importBody(journal, 'shopify', refund({ refund_line_items: bare }))).toMatchObject({ setAside: 1 });
  });

  test('shipping that is paid back is money; a refund of nothing is passed', async () => {
    const adjustment = { kind: 'shipping_refund', amount: '-5.00', tax_amount: '-0.50', reason: 'Shipping refund' };
    const [body] = receiptsIn(
      await itemsOf('shopify', refund({ refund_line_items: [], order_adjustments: [adjustment] })),
    );
    expect(body?.lines).toMatchObject([{ sku: 'shipping', amount: '-5.5', notGoods: true }]);
    const nothing = refund({ refund_line_items: [], transactions: [] });
    expect(told(await itemsOf('shopify', nothing))[0]).toMatch(/^passed: .*neither goods nor money/);
  });

  test('units that were only cancelled come back where their order had been paid, and nowhere else', async () => {
    const lines = [{ line_item_id: 1, quantity: 1, restock_type: 'cancel', line_item: line(1, 2) }];
    const cancelled = refund({ refund_line_items: lines, transactions: [] });
    expect(told(await itemsOf('shopify', cancelled))[0]).toMatch(/^passed: .*Post the order/);
    expect(receiptsIn(await itemsOf('shopify', order({ refunds: [cancelled] })))).toHaveLength(2);
    expect(receiptsIn(await itemsOf('shopify', order({ financial_status: 'voided', refunds: [cancelled] })))).toEqual(
      [],
    );
  });

  test('the store of a refund is where the goods went back to', async () => {
    expect(told(await itemsOf('shopify', refund(), { storeNumber: '6' }))[0]).toMatch(/^aside: location_id is 5/);
    expect(receiptsIn(await itemsOf('shopify', refund(), { storeNumber: '5' }))).toHaveLength(1);
  });
});

describe('the same order again', () => {
  test('created, paid, updated, refunded, in any form: one sale and one return', async () => {
    const journal = memoryJournal();
    const later = order({ updated_at: '2026-11-23T00:00:00Z', fulfillment_status: 'fulfilled', refunds: [refund()] });
    const bodies = [
      order({ financial_status: 'pending' }),
      order(),
      order(),
      later,
      refund(),
      refund(),
      { orders: [later] },
    ];
    for (const body of bodies) await importBody(journal, 'shopify', body);
    expect(journal.facts.map(({ captured: { content } }) => content.kind)).toEqual(['sale', 'return']);
    expect(journal.items).toEqual([]);
  });

  test('edited after it was paid it is a conflict; its refunds count all the same', async () => {
    const journal = memoryJournal();
    await importBody(journal, 'shopify', order());
    const edited = order({ line_items: [line(1, 5)], refunds: [refund()] });
    expect(await importBody(journal, 'shopify', edited)).toMatchObject({ captured: 1, returns: 1, setAside: 1 });
    expect(journal.items).toMatchObject([{ code: 'key-conflict' }]);
  });
});

describe('inventory levels and the rest', () => {
  const level = {
    inventory_item_id: 808950810,
    location_id: 905684977,
    available: 6,
    updated_at: '2026-11-20T10:00:00Z',
  };

  test('a level that was set is a count of one article', async () => {
    const [item] = await itemsOf('shopify', { inventory_level: level });
    expect(item).toMatchObject({
      documents: [
        { way: 'stocktakes', body: { businessDate: '2026-11-20', lines: [{ sku: '808950810', counted: '6' }] } },
      ],
    });
    const [named] = await itemsOf('shopify', { ...level, sku: 'PINK' });
    expect(named).toMatchObject({ documents: [{ body: { lines: [{ sku: 'PINK' }] } }] });
  });

  test('set again it is another count, sent again it is the same', async () => {
    const journal = memoryJournal();
    for (const body of [level, level, { ...level, available: 4, updated_at: '2026-11-20T10:05:00Z' }]) {
      await importBody(journal, 'shopify', body);
    }
    expect(journal.facts).toHaveLength(2);
  });

  test('untracked is passed, less than nothing is kept for a person', async () => {
    expect(told(await itemsOf('shopify', { ...level, available: null }))[0]).toMatch(/^passed: .*does not track/);
    expect(told(await itemsOf('shopify', { ...level, available: -1 }))[0]).toMatch(/^aside: available is -1/);
  });

  test.each([
    ['draft_orders/update', order()],
    ['checkouts/create', order()],
    ['fulfillments/create', { id: 1, line_items: [] }],
    ['products/update', { id: 1, variants: [] }],
    ['orders/delete', { id: 450789469 }],
    ['inventory_levels/connect', level],
    ['refunds_soon/create', { id: 1 }],
  ])('the topic %s goes before what the body looks like', async (topic, body) => {
    const [what] = await withTopic(topic, body);
    expect(what).toMatch(topic === 'refunds_soon/create' ? /^aside: Nothing is known/ : /^passed: /);
  });

  test('orders by their topic', async () => {
    expect(await withTopic('orders/paid', order())).toEqual(['document']);
    expect(await withTopic('refunds/create', refund())).toEqual(['document']);
    expect(await withTopic('inventory_levels/update', level)).toEqual(['document']);
  });
});
