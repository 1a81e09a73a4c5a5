// Orders, counts, adjustments and transfers of Square: only what is completed counts, and it counts once.
import { describe, expect, test } from 'vitest';
import { memoryJournal } from './memory-journal.ts';
import { importBody, itemsOf, receiptsIn, shelfChange, told } from './webhook-bodies.ts';

const usd = (amount: number) => ({ amount, currency: 'USD' });
const line = (id: string, quantity: string, total: number, changes = {}) => ({
  ...{ uid: `uid-${id}`, catalog_object_id: id, name: `Item ${id}`, quantity },
  ...{ base_price_money: usd(100), total_money: usd(total), ...changes },
});
const order = (changes: Record<string, unknown> = {}) => ({
  id: 'ORDER1',
  location_id: 'L1',
  state: 'COMPLETED',
  created_at: '2026-11-20T10:00:00.123456789Z',
  closed_at: '2026-11-20T10:05:00.123456789Z',
  line_items: [line('A', '2', 200), line('B', '0.350', 135)],
  tenders: [{ type: 'CASH', amount_money: usd(335) }],
  total_money: usd(335),
  ...changes,
});

describe('orders', () => {
  test('a completed order is a sale: lines, exact money, the moment of completion', async () => {
    const [body] = receiptsIn(await itemsOf('square', { order: order() }));
    expect(body).toMatchObject({
      kind: 'sale',
      workstation: 'square',
      receipt: 'ORDER1',
      businessDate: '2026-11-20',
      occurred: '2026-11-20T10:05:00.123Z',
      currency: 'USD',
      lines: [
        { sku: 'A', quantity: '2', unitPrice: '1', amount: '2' },
        { sku: 'B', quantity: '0.35', amount: '1.35' },
      ],
      tenders: [{ type: 'CASH', amount: '3.35' }],
      total: '3.35',
    });
  });

  test.each([
    ['in a list', { orders: [order()] }],
    ['in an event', { type: 'order.updated', event_id: 'E', data: { object: { order: order() } } }],
    ['alone', order()],
    ['in a list that is the body', [order()]],
  ])('the same order %s is the same sale', async (_, body) => {
    expect(receiptsIn(await itemsOf('square', body))).toEqual(receiptsIn(await itemsOf('square', { order: order() })));
  });

  test.each(['OPEN', 'DRAFT', 'CANCELED'])('an order that is %s is passed', async (state) => {
    expect(told(await itemsOf('square', { order: order({ state }) }))).toEqual([
      `passed: Order ORDER1 is ${state}: only a completed order counts.`,
    ]);
  });

  test('an event that only names an order says that the relay must post the whole', async () => {
    const named = { order_id: 'ORDER1', location_id: 'L1', state: 'COMPLETED', version: 4 };
    const [what] = told(await itemsOf('square', { type: 'order.updated', data: { object: { order_updated: named } } }));
    expect(what).toMatch(/only named here: let the relay fetch it from Square and post the whole order/);
  });

  test('a state that nobody knows is kept for a person', async () => {
    expect(told(await itemsOf('square', order({ state: 'SHIPPED' })))).toEqual([
      'aside: state is SHIPPED: only COMPLETED orders count.',
    ]);
  });

  test('service charges, tips, gift cards and custom amounts are money, no goods', async () => {
    const lines = [
      line('G', '1', 2_500, { item_type: 'GIFT_CARD' }),
      line('', '1', 100, { item_type: 'CUSTOM_AMOUNT', catalog_object_id: null }),
    ];
    const charges = [{ name: 'Delivery', total_money: usd(300) }];
    const [body] = receiptsIn(
      await itemsOf('square', order({ line_items: lines, service_charges: charges, total_tip_money: usd(50) })),
    );
    expect(body?.lines.map(({ sku, notGoods, amount }) => [sku, notGoods, amount])).toEqual([
      ['G', true, '25'],
      ['custom:Item', true, '1'],
      ['service-charge', true, '3'],
      ['tip', true, '0.5'],
    ]);
  });

  test('what came back alone is a return of the order that it names; beside sold lines it is an exchange', async () => {
    const back = [{ source_order_id: 'ORDER0', return_line_items: [line('A', '1', 100)] }];
    const refund = order({ line_items: undefined, returns: back, net_amounts: { total_money: usd(-100) } });
    const [alone] = receiptsIn(await itemsOf('square', refund));
    expect(alone).toMatchObject({
      kind: 'return',
      total: '-1',
      lines: [{ sku: 'A', quantity: '1', amount: '-1', original: { receipt: 'ORDER0' } }],
    });
    const swap = order({ line_items: [line('B', '1', 300)], returns: back, net_amounts: { total_money: usd(200) } });
    const receipts = receiptsIn(await itemsOf('square', swap));
    expect(receipts).toMatchObject([{ kind: 'sale', total: '2' }]);
    expect(shelfChange(receipts)).toEqual({ A: 1_000, B: -1_000 });
  });

  test('lines without an article of the catalogue are captured under their name', async () => {
    const named = (name: string) => line('', '1', 100, { catalog_object_id: undefined, name });
    const [body] = receiptsIn(
      await itemsOf('square', order({ line_items: ['Tea', 'x'.repeat(90), ' a|b '].map(named) })),
    );
    const skus = body?.lines.map(({ sku }) => sku) ?? [];
    expect(skus[0]).toBe('custom:Tea');
    expect(skus[1]).toMatch(/^custom:x{10,}~[0-9a-f]{8}$/);
    expect(skus[1]?.length).toBeLessThanOrEqual(64);
    expect(skus[2]).toMatch(/^custom:a b~[0-9a-f]{8}$/);
  });

  test('a card number that was typed as a name does not become a code', async () => {
    const journal = memoryJournal();
    const typed = line('', '1', 100, { catalog_object_id: undefined, name: 'paid 4111 1111 1111 1111' });
    expect(await importBody(journal, 'square', order({ line_items: [typed] }))).toMatchObject({
      captured: 1,
      masked: 1,
    });
    expect(JSON.stringify(journal.facts)).not.toMatch(/4111 1111|41111111/);
  });

  test.each([
    [{ quantity: null }, 'line_items.0.quantity is empty'],
    [{ quantity: 'two' }, 'line_items.0.quantity is no number'],
    [{ total_money: { amount: 1.5, currency: 'USD' } }, 'line_items.0.total_money.amount is no whole number'],
    [{ total_money: { amount: 100, currency: 'EUR' } }, 'line_items.0.total_money.currency is EUR beside USD'],
  ])('%j is set aside by the name of the field', async (changes, reason) => {
    const items = await itemsOf(
      'square',
      order({ net_amounts: { total_money: usd(1) }, line_items: [line('A', '1', 100, changes)] }),
    );
    expect(told(items)[0]).toContain(`aside: ${reason}`);
    expect(items[0]).toMatchObject({ kind: 'aside', receipt: 'ORDER1' });
  });

  test('another store is set aside; a list of several stores waits for the settings', async () => {
    expect(told(await itemsOf('square', order(), { storeNumber: 'L2' }))[0]).toMatch(
      /^aside: location_id is L1, and this journal is of store L2/,
    );
    const two = { orders: [order(), order({ id: 'ORDER2', location_id: 'L2' })] };
    expect(told(await itemsOf('square', two))[0]).toMatch(/^aside: location_id names several stores \(L1, L2\)/);
    const settled = await itemsOf('square', two, { storeNumber: 'L2' });
    expect(settled.map(({ kind }) => kind)).toEqual(['aside', 'document']);
  });
});

describe('the same order again', () => {
  test('thrice, in later versions, after a refund: one sale and one return', async () => {
    const journal = memoryJournal();
    const later = order({ version: 9, updated_at: '2026-11-22T00:00:00Z', refunds: [{ id: 'R' }] });
    const back = order({
      ...{ id: 'ORDER2', line_items: undefined, closed_at: '2026-11-21T09:00:00Z' },
      returns: [{ source_order_id: 'ORDER1', return_line_items: [line('A', '1', 100)] }],
    });
    for (const body of [order({ state: 'OPEN' }), order(), order(), later, back, back])
      await importBody(journal, 'square', body);
    expect(journal.facts.map(({ captured: { content } }) => content.kind)).toEqual(['sale', 'return']);
    expect(journal.items).toEqual([]);
  });

  test('changed after it was completed it is a conflict for a person, never a second sale', async () => {
    const journal = memoryJournal();
    await importBody(journal, 'square', order());
    const result = await importBody(journal, 'square', order({ line_items: [line('A', '3', 300)] }));
    expect(result).toMatchObject({ captured: 0, setAside: 1 });
    expect(journal.facts).toHaveLength(1);
    expect(journal.items).toMatchObject([{ code: 'key-conflict', receipt: 'ORDER1' }]);
  });
});

describe('stock', () => {
  const change = (changes = {}) => ({
    ...{ id: 'ADJ1', location_id: 'L1', catalog_object_id: 'A', quantity: '3', occurred_at: '2026-11-20T10:00:00Z' },
    ...{ from_state: 'IN_STOCK', to_state: 'WASTE', ...changes },
  });
  const moved = async (changes: object, settings = {}) => {
    const [item] = await itemsOf(
      'square',
      { changes: [{ type: 'ADJUSTMENT', adjustment: change(changes) }] },
      settings,
    );
    return item?.kind === 'document' ? item.documents[0].body : told(item === undefined ? [] : [item])[0];
  };

  test.each([
    [{}, 'adjustment', '-3', 'IN_STOCK to WASTE'],
    [{ from_state: 'WASTE', to_state: 'IN_STOCK' }, 'adjustment', '3', 'WASTE to IN_STOCK'],
    [{ from_state: 'IN_STOCK', to_state: 'SOLD' }, 'adjustment', '-3', 'IN_STOCK to SOLD'],
    [{ from_state: 'NONE', to_state: 'IN_STOCK', purchase_order_id: 'PO7' }, 'goods-received', '3', undefined],
  ])('%j is %s of %s', async (changes, kind, quantity, reason) => {
    expect(await moved(changes)).toMatchObject({ kind, document: 'ADJ1', lines: [{ sku: 'A', quantity }] });
    expect(await moved(changes)).toHaveProperty('reason', reason);
  });

  test('what an order tells is not told twice, and what is not on the shelf does not move', async () => {
    expect(await moved({ to_state: 'SOLD', transaction_id: 'T1' })).toMatch(/comes from T1: the order tells the same/);
    expect(await moved({ from_state: 'WASTE', to_state: 'NONE' })).toMatch(/nothing on the shelf changes/);
  });

  test('a transfer is sent by one store and received by the other', async () => {
    const transfer = { ...change(), from_location_id: 'L1', to_location_id: 'L2', state: 'IN_STOCK' };
    const read = async (storeNumber?: string) => (await itemsOf('square', { transfer }, { storeNumber }))[0];
    expect(await read('L1')).toMatchObject({
      documents: [{ way: 'movements', body: { kind: 'transfer-sent', counterparty: 'L2', transfer: 'ADJ1' } }],
    });
    expect(await read('L2')).toMatchObject({
      documents: [{ body: { kind: 'transfer-received', counterparty: 'L1' } }],
    });
    expect((await read('L3'))?.kind).toBe('aside');
    expect((await read())?.kind).toBe('aside');
  });

  test('a count by people is a stocktake, a running figure is none', async () => {
    const count = { ...change(), from_state: undefined, to_state: undefined, state: 'IN_STOCK', quantity: '0' };
    expect((await itemsOf('square', { count }))[0]).toMatchObject({
      documents: [{ way: 'stocktakes', body: { stocktake: 'ADJ1', lines: [{ sku: 'A', counted: '0' }] } }],
    });
    const counts = [
      { catalog_object_id: 'A', location_id: 'L1', quantity: '9', state: 'IN_STOCK', calculated_at: 'x' },
    ];
    const event = { type: 'inventory.count.updated', event_id: 'E', data: { object: { inventory_counts: counts } } };
    for (const body of [{ counts }, event])
      expect(told(await itemsOf('square', body))[0]).toMatch(/^passed: .*works out/);
  });
});
