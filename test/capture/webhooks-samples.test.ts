// Every payload that was given: a document, set aside or passed; figures of documents are worked out here once more.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Vendor } from '../../protocol/local/webhooks.ts';
import { needSample } from '../needs.ts';
import { memoryJournal } from './memory-journal.ts';
import { importBody, itemsOf, receiptsIn } from './webhook-bodies.ts';

const folder = needSample('04-pos-payloads') ?? '';
const FOLDERS: [folder: string, vendor: Vendor][] = [
  ['square-openapi', 'square'],
  ['shopify-python-api', 'shopify'],
  ['go-shopify', 'shopify'],
  ['vend-crossroads', 'vend'],
];
/** Whatever JSON holds: reading on from what is absent is absent. */
type Json = { [key: string]: Json | undefined };
const listed = (value: Json | undefined): Json[] => Object.values(value ?? {}) as Json[];
const payload = (file: string): Json => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Json;
/** Cents of "12.50", 12.5 or 1250 minor units, by floating point: exact enough for a few figures, and another way. */
const cents = (text: unknown): number => Math.round(Number(text) * 100);

describe.runIf(folder !== '')('payloads of other people', () => {
  const files = FOLDERS.flatMap(([name, vendor]) =>
    globSync(`${name}/**/*.json`, { cwd: folder }).map((file): [string, Vendor] => [
      file.replaceAll('\\', '/'),
      vendor,
    ]),
  ).sort();
  const broken = 'go-shopify/orderlineitems/properties_invalid0.json';

  test('they are there', () => expect(files.length).toBeGreaterThan(70));

  test.each(files)('%s becomes something, all of it, and nothing the second time', async (file, vendor) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const journal = memoryJournal();
    const settings = { currency: 'NZD' };
    if (file === broken) {
      await expect(importBody(journal, vendor, text, settings)).rejects.toThrow(/no JSON: it ends in the middle/);
      return;
    }
    const result = await importBody(journal, vendor, text, settings);
    const { items, captured, duplicates, setAside, passed } = result;
    expect(items).toBeGreaterThan(0);
    expect(captured + setAside + passed + duplicates).toBe(items);
    const before = [journal.facts.length, journal.items.length];
    const again = await importBody(journal, vendor, text, settings);
    expect([again.captured, again.setAsideNew]).toEqual([0, 0]);
    expect([journal.facts.length, journal.items.length]).toEqual(before);
    // Byte by byte it is the same.
    expect(await itemsOf(vendor, text, settings, 7)).toEqual(await itemsOf(vendor, text, settings));
  });

  test('what they become', async () => {
    const kinds: { document: string[]; aside: string[] } = { document: [], aside: [] };
    for (const [file, vendor] of files) {
      if (file === broken) continue;
      const items = await itemsOf(vendor, readFileSync(join(folder, file), 'utf8'), { currency: 'NZD' });
      for (const { kind } of items) if (kind !== 'passed') kinds[kind].push(file);
    }
    expect(kinds).toEqual({
      document: [
        'shopify-python-api/inventory_level.json',
        'shopify-python-api/refund.json',
        'square-openapi/PayOrderResponse.json',
        'square-openapi/RetrieveInventoryPhysicalCountResponse.json',
        'vend-crossroads/register_sales.json',
      ],
      aside: [
        // Levels of two locations, properties alone, an order without lines.
        'go-shopify/inventory_levels.json',
        'go-shopify/orderlineitems/properties_invalid2.json',
        'shopify-python-api/orders.json',
      ],
    });
  });

  test('the paid order of Square', async () => {
    const { order = {} } = payload('square-openapi/PayOrderResponse.json');
    const journal = memoryJournal();
    await importBody(journal, 'square', { order });
    const content = journal.facts[0]?.captured.content;
    if (content?.kind !== 'sale') throw new Error('no sale');
    expect(content.total).toBe(order['total_money']?.['amount']);
    expect(content.lines.map(({ quantity, amount }) => [quantity, amount])).toEqual(
      listed(order['line_items']).map((line) => [Number(line['quantity']) * 1_000, line['total_money']?.['amount']]),
    );
    const paid = listed(order['tenders']).map((tender) => Number(tender['amount_money']?.['amount']));
    expect(content.tenders?.map(({ amount }) => amount)).toEqual(paid);
    expect(Date.parse(content.occurred)).toBe(Date.parse(String(order['closed_at'])));
  });

  test('the sale of Vend: what its lines and their taxes add up to is what was paid', async () => {
    const [sale] = listed(payload('vend-crossroads/register_sales.json')['register_sales']);
    const journal = memoryJournal();
    await importBody(journal, 'vend', { sale }, { currency: 'NZD', timeZone: 'Pacific/Auckland' });
    const content = journal.facts[0]?.captured.content;
    if (content?.kind !== 'sale' || sale === undefined) throw new Error('no sale');
    const lines = listed(sale['register_sale_products']);
    expect(content.lines.map(({ sku, quantity, amount }) => [sku, quantity, amount])).toEqual(
      lines.map((line) => [
        line['product_id'],
        Number(line['quantity']) * 1_000,
        cents(line['price_total']) + cents(line['tax_total']),
      ]),
    );
    expect(content.total).toBe(cents(sale['totals']?.['total_payment']));
    expect(content.lines.reduce((sum, { amount = 0 }) => sum + amount, 0)).toBe(content.total);
    // New Zealand was 12 hours ahead in early September 2010.
    expect(Date.parse(content.occurred)).toBe(Date.UTC(2010, 8, 3, 3, 10, 30));
  });

  test('the refund of Shopify names its order; its levels, at one location, are counts', async () => {
    const { refund = {} } = payload('shopify-python-api/refund.json');
    const [body] = receiptsIn(await itemsOf('shopify', { refund }));
    const lines = listed(refund['refund_line_items']);
    expect(body?.lines.map(({ sku, quantity, original }) => [sku, Number(quantity), original?.receipt])).toEqual(
      lines.map((line) => [line['line_item']?.['sku'], line['quantity'], String(refund['order_id'])]),
    );
    expect(cents(body?.total)).toBe(-cents(listed(refund['transactions'])[0]?.['amount']));
    const levels = listed(payload('go-shopify/inventory_levels.json')['inventory_levels']);
    for (const location of new Set(levels.map((level) => level['location_id']))) {
      const journal = memoryJournal();
      await importBody(journal, 'shopify', { inventory_levels: levels }, { storeNumber: String(location) });
      const counted = journal.facts.map(({ captured: { content } }) =>
        content.kind === 'stocktake' ? content.lines.map(({ sku, counted }) => [sku, counted]) : [],
      );
      const here = levels.filter((level) => level['location_id'] === location);
      expect(counted).toEqual(
        here.map((level) => [[String(level['inventory_item_id']), Number(level['available']) * 1_000]]),
      );
      expect(journal.items).toHaveLength(levels.length - here.length);
    }
  });

  test('the count of Square is 15 of the article that it names', async () => {
    const { count = {} } = payload('square-openapi/RetrieveInventoryPhysicalCountResponse.json');
    const journal = memoryJournal();
    await importBody(journal, 'square', { count });
    expect(journal.facts[0]?.captured.content).toMatchObject({
      kind: 'stocktake',
      lines: [{ sku: count['catalog_object_id'], counted: 15_000 }],
    });
  });
});
