// Register sales and consignments of Vend: closed sales count, negative lines come back, a voided sale is taken back.
import { describe, expect, test } from 'vitest';
import { memoryJournal } from './memory-journal.ts';
import { importBody, itemsOf, receiptsIn, shelfChange, told } from './webhook-bodies.ts';

const NZD = { currency: 'NZD', timeZone: 'Pacific/Auckland' };
const line = (product_id: string, quantity: number | string, changes = {}) => ({
  ...{
    id: `line-${product_id}`,
    product_id,
    name: `Product ${product_id}`,
    quantity,
    price: '6.95652',
    tax: '1.04348',
  },
  ...changes,
});
const sale = (changes: Record<string, unknown> = {}) => ({
  ...{ id: 'SALE1', register_id: 'REG1', invoice_number: '263', status: 'CLOSED', user_id: 'U1' },
  ...{
    sale_date: '2026-11-20 15:10:30',
    updated_at: '2026-11-20 15:10:30',
    total_price: '13.91304',
    total_tax: '2.08696',
  },
  register_sale_products: [line('P1', '2')],
  register_sale_payments: [{ id: 'PAY', name: 'Cash', amount: '16.00' }],
  ...changes,
});

describe('sales', () => {
  test('a closed sale: net prices with five decimals and their tax are exact money; the time is the shop’s', async () => {
    expect(receiptsIn(await itemsOf('vend', { register_sales: [sale()] }, NZD))).toMatchObject([
      {
        ...{ kind: 'sale', workstation: 'REG1', receipt: 'SALE1', businessDate: '2026-11-20', operator: 'U1' },
        ...{ occurred: '2026-11-20T15:10:30+13:00', currency: 'NZD', total: '16' },
        lines: [{ sku: 'P1', quantity: '2', unitPrice: undefined, amount: '16' }],
        tenders: [{ type: 'Cash', amount: '16' }],
      },
    ]);
  });

  test.each([
    ['alone', sale()],
    ['wrapped', { register_sale: sale() }],
    ['in a list of the newer API', { data: [sale()] }],
    ['in a list', [sale()]],
  ])('%s it is the same sale', async (_, body) => {
    const [read] = receiptsIn(await itemsOf('vend', body, NZD));
    expect(read).toEqual(receiptsIn(await itemsOf('vend', { register_sales: [sale()] }, NZD))[0]);
  });

  test.each(['SAVED', 'LAYBY', 'ONACCOUNT', 'ONACCOUNT_CLOSED', 'LAYBY_CLOSED', 'AWAITING_PICKUP'])(
    '%s',
    async (status) => {
      const sold = receiptsIn(await itemsOf('vend', sale({ status }), NZD));
      expect(sold).toHaveLength(/CLOSED|ONACCOUNT/.test(status) ? 1 : 0);
    },
  );

  test('without a currency it says where to name it', async () => {
    expect(told(await itemsOf('vend', sale()))).toEqual([
      'aside: currency is missing, and there are amounts: name it in the settings, for example "EUR".',
    ]);
  });

  test('a status that nobody knows is kept for a person', async () => {
    expect(told(await itemsOf('vend', sale({ status: 'LOST' }), NZD))[0]).toMatch(/^aside: status is LOST/);
  });

  test('on account and paid later it is one sale', async () => {
    const journal = memoryJournal();
    const owed = sale({ status: 'ONACCOUNT', register_sale_payments: [] });
    for (const body of [owed, owed, sale({ status: 'ONACCOUNT_CLOSED' })]) await importBody(journal, 'vend', body, NZD);
    expect([journal.facts.length, journal.items.length]).toEqual([1, 0]);
  });
});

describe('what came back', () => {
  test('only negative lines are a return of the sale that is named', async () => {
    const back = sale({
      id: 'SALE2',
      return_for: 'SALE1',
      register_sale_products: [line('P1', -1)],
      total_price: '-6.95652',
      total_tax: '-1.04348',
    });
    expect(receiptsIn(await itemsOf('vend', back, NZD))).toMatchObject([
      { kind: 'return', total: '-8', lines: [{ quantity: '1', amount: '-8', original: { receipt: 'SALE1' } }] },
    ]);
  });

  test('both signs are an exchange', async () => {
    const swap = sale({ return_for: 'SALE0', register_sale_products: [line('P1', -1), line('P2', 1)] });
    const receipts = receiptsIn(await itemsOf('vend', swap, NZD));
    expect(receipts).toMatchObject([{ kind: 'sale', lines: [{ original: { receipt: 'SALE0' } }, { sku: 'P2' }] }]);
    expect(shelfChange(receipts)).toEqual({ P1: 1_000, P2: -1_000 });
  });

  test('voided after it was paid: sold once, taken back once; thrown away unpaid: nothing', async () => {
    const journal = memoryJournal();
    const voided = sale({ status: 'VOIDED', updated_at: '2026-11-21 09:00:00' });
    for (const body of [sale(), voided, voided, voided]) await importBody(journal, 'vend', body, NZD);
    const contents = journal.facts.map(({ captured: { content } }) => content);
    expect(contents).toMatchObject([
      { kind: 'sale', total: 1_600 },
      { kind: 'void', total: -1_600, voids: { receipt: 'SALE1', workstation: 'REG1', businessDate: '2026-11-20' } },
    ]);
    expect(journal.items).toEqual([]);
    const parked = sale({ status: 'VOIDED', register_sale_payments: [] });
    expect(told(await itemsOf('vend', parked, NZD))[0]).toMatch(/^passed: .*thrown away/);
  });
});

describe('consignments', () => {
  const consignment = (changes: Record<string, unknown>) => ({
    ...{
      id: 'CON1',
      outlet_id: 'O1',
      source_outlet_id: null,
      supplier_id: 'SUP',
      consignment_date: '2026-11-19T08:00:00+00:00',
    },
    ...{ received_at: '2026-11-20T10:00:00+00:00', updated_at: '2026-11-20T11:00:00+00:00' },
    products: [
      { product_id: 'P1', count: '5', received: '4' },
      { product_id: 'P2', count: '1.5', received: '1.5' },
    ],
    ...changes,
  });
  const bodyOf = async (changes: Record<string, unknown>, settings = {}) => {
    const [item] = await itemsOf('vend', { consignment: consignment(changes) }, { ...NZD, ...settings });
    return item?.kind === 'document' ? item.documents[0].body : item;
  };

  test('a delivery, goods sent back, a count', async () => {
    expect(await bodyOf({ type: 'SUPPLIER', status: 'RECEIVED' })).toMatchObject({
      ...{ kind: 'goods-received', document: 'CON1', counterparty: 'SUP', occurred: '2026-11-20T10:00:00+00:00' },
      lines: [
        { sku: 'P1', quantity: '4' },
        { sku: 'P2', quantity: '1.5' },
      ],
    });
    expect(await bodyOf({ type: 'RETURN', status: 'SENT' })).toMatchObject({
      ...{ kind: 'adjustment', reason: 'returned to the supplier' },
      lines: [{ quantity: '-5' }, { quantity: '-1.5' }],
    });
    expect(await bodyOf({ type: 'STOCKTAKE', status: 'STOCKTAKE_COMPLETE' })).toMatchObject({
      ...{ stocktake: 'CON1', begun: '2026-11-19T08:00:00+00:00' },
      lines: [
        { sku: 'P1', counted: '4' },
        { sku: 'P2', counted: '1.5' },
      ],
    });
  });

  test('a transfer is told by the outlet that the settings name', async () => {
    const transfer = { type: 'OUTLET', source_outlet_id: 'O9' };
    const kind = async (status: string, storeNumber?: string) => {
      const body = await bodyOf({ ...transfer, status }, { storeNumber });
      return body === undefined || !('kind' in body) ? null : body.kind;
    };
    expect(await kind('SENT', 'O9')).toBe('transfer-sent');
    expect(await kind('SENT', 'O1')).toBe('passed');
    expect(await kind('RECEIVED', 'O1')).toBe('transfer-received');
    expect(await kind('RECEIVED', 'O9')).toBe('passed');
    expect(await kind('RECEIVED', 'O5')).toBe('aside');
    expect(await kind('RECEIVED')).toBe('aside');
  });

  test('what is still open, has no lines, or is a running figure moves nothing', async () => {
    expect(await bodyOf({ type: 'SUPPLIER', status: 'OPEN' })).toMatchObject({ kind: 'passed' });
    expect(await bodyOf({ type: 'SUPPLIER', status: 'RECEIVED', products: undefined })).toMatchObject({
      kind: 'passed',
    });
    const figure = { id: 'I', product_id: 'P1', outlet_id: 'O1', count: 3, reorder_point: '0', restock_level: '0' };
    expect(told(await itemsOf('vend', figure))[0]).toMatch(/^passed: .*no count/);
    expect(told(await itemsOf('vend', { products: [{ id: 'P1' }] }))[0]).toMatch(/^passed: /);
  });
});
