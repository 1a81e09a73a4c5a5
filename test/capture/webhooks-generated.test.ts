// Generated bodies: whatever stands in them, no reader throws, nothing is lost, and the door never answers with a 500.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJson, withLongFractionsAsText } from '../../capture/feeds/bodies/node.ts';
import { VENDORS, type Vendor } from '../../protocol/local/webhooks.ts';
import { memoryJournal } from './memory-journal.ts';
import { importBody, itemsOf } from './webhook-bodies.ts';
import { openWebhookDoor, SOLD, settingsOf } from './webhook-door.ts';

const CASES = Number(process.env['TILLWIRE_CASES'] ?? 120);
const TIMEOUT_MS = 20_000 + CASES * 60;

const naughty = fc.constantFrom<unknown>(
  ...[null, true, '', ' ', '0', '-1', 0, -1, 1e21, 0.1, 1e-9, 12345678901234.5, '1,5', 'NaN', '9'.repeat(60), [], {}],
  ...['__proto__', 'constructor', '|', '\u0000', '\ud800', '\u202e', '2026-03-29T01:30:00', '2026-11-20 10:00:00'],
  ...[
    '2026-13-45T99:99:99Z',
    '2026-11-20T10:00:00.123456789+05:30',
    'COMPLETED',
    'paid',
    'CLOSED',
    'VOIDED',
    'refunded',
  ],
  ...['4111111111111111', 'A'.repeat(300), [null], [[]], [{}], [{ quantity: '1' }], { amount: 100, currency: 'EUR' }],
  ...[{ amount: '100', currency: 'XX' }, { amount: null }, { object: { order: {} } }],
);
const value: fc.Arbitrary<unknown> = fc.oneof({ weight: 4, arbitrary: naughty }, fc.jsonValue({ maxDepth: 3 }));
const FIELDS = [
  ...[
    'id',
    'state',
    'status',
    'location_id',
    'line_items',
    'returns',
    'quantity',
    'total_money',
    'closed_at',
    'created_at',
  ],
  ...[
    'financial_status',
    'fulfillment_status',
    'refunds',
    'refund_line_items',
    'restock_type',
    'transactions',
    'currency',
  ],
  ...['inventory_item_id', 'available', 'updated_at', 'price', 'sku', 'variant_id', 'current_quantity', 'total_price'],
  ...[
    'register_sale_products',
    'register_sale_payments',
    'sale_date',
    'return_for',
    'data',
    'payload',
    'type',
    'products',
  ],
  ...['source_outlet_id', 'outlet_id', 'consignment_date', 'date_created_gmt', 'total', 'total_tax', 'amount', 'order'],
  ...[
    'from_state',
    'to_state',
    'occurred_at',
    'catalog_object_id',
    'changes',
    'adjustment',
    'physical_count',
    'transfer',
  ],
  ...['from_location_id', 'to_location_id', 'orders', 'register_sales', 'discount_allocations', 'return_line_items'],
];
const extra = fc.dictionary(fc.constantFrom(...FIELDS), value, { maxKeys: 6 });

/** A sold article of the vendor, damaged in some places, at any depth. */
const damaged = (vendor: Vendor): fc.Arbitrary<unknown> =>
  fc.array(fc.tuple(fc.nat(), fc.constantFrom(...FIELDS), value), { minLength: 1, maxLength: 4 }).map((damages) => {
    const body = structuredClone(SOLD[vendor]) as Record<string, unknown>;
    for (const [nth, field, put] of damages) {
      const places = objectsIn(body);
      const place = places[nth % places.length] ?? body;
      const keys = Object.keys(place);
      place[nth % 3 === 0 ? field : (keys[nth % keys.length] ?? field)] = structuredClone(put);
    }
    return body;
  });

function objectsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? inner : [value as Record<string, unknown>, ...inner];
}

const bodyOf = (vendor: Vendor): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 5, arbitrary: damaged(vendor) },
    { weight: 2, arbitrary: extra },
    fc.array(fc.oneof(damaged(vendor), extra), { minLength: 1, maxLength: 3 }),
    extra.map((inner) => ({ type: 'order.updated', data: { object: { order: inner } } })),
    extra.map((inner) => ({ orders: [inner], register_sales: [inner], changes: [inner] })),
  );

describe.each(VENDORS)('%s', (vendor) => {
  test(
    'no body makes the reader throw; each item is a document, set aside or passed, and reads alone the same',
    async () => {
      const settings = fc.constantFrom(
        {},
        { currency: 'EUR' },
        { storeNumber: 'L1' },
        { timeZone: 'America/New_York' },
      );
      await fc.assert(
        fc.asyncProperty(bodyOf(vendor), settings, async (body, changes) => {
          const text = JSON.stringify(body);
          const items = await itemsOf(vendor, text, changes);
          const parts = Array.isArray(body) ? body.length : 1;
          expect(items.length).toBeGreaterThanOrEqual(parts);
          for (const item of items) {
            if (item.kind !== 'document') continue;
            const alone = await itemsOf(vendor, item.raw, changes);
            const documents = alone.flatMap((one) => (one.kind === 'document' ? one.documents : []));
            expect(documents).toContainEqual(item.documents[0]);
          }
          const journal = memoryJournal();
          const first = await importBody(journal, vendor, text, changes);
          expect(first.captured + first.duplicates + first.setAside + first.passed).toBe(items.length);
          const facts = journal.facts.length;
          const again = await importBody(journal, vendor, text, changes);
          expect([again.captured, again.setAsideNew, journal.facts.length]).toEqual([0, 0, facts]);
        }),
        { numRuns: CASES },
      );
    },
    TIMEOUT_MS,
  );
});

test(
  'no signed body, valid or not, gets a 500 from the door',
  async () => {
    const limits = { documents: async () => 0, wrongToken: async () => 0, begin: () => () => {} };
    const door = await openWebhookDoor({ limits });
    for (const vendor of VENDORS) door.settings(vendor, settingsOf(vendor));
    const texts = (vendor: Vendor) =>
      fc.oneof(
        bodyOf(vendor).map((body) => JSON.stringify(body)),
        fc.json(),
        fc.string({ unit: 'binary', maxLength: 50 }),
        fc.tuple(bodyOf(vendor), fc.nat()).map(([body, at]) => JSON.stringify(body).slice(0, at)),
      );
    const posts = fc.constantFrom(...VENDORS).chain((vendor) => texts(vendor).map((text) => ({ vendor, text })));
    await fc.assert(
      fc.asyncProperty(posts, async ({ vendor, text }) => {
        const { status, answer } = await door.send(vendor, text.toWellFormed());
        expect([200, 400]).toContain(status);
        if (status === 200) expect(Object.keys(answer)).toContain('captured');
      }),
      { numRuns: CASES },
    );
    await door.close();
  },
  TIMEOUT_MS,
);

test('fractions with too many digits stay exact, and nothing else changes', () => {
  expect(readJson('{"price":21.989999999999998,"note":"1.2345678901234567","n":[1.5,0.12345678901234567]}')).toEqual({
    ok: true,
    value: { price: '21.989999999999998', note: '1.2345678901234567', n: [1.5, '0.12345678901234567'] },
  });
  // It does not make JSON of what is none, and large whole numbers stay refused.
  expect(readJson('{1.23456789012345678:1}').ok).toBe(false);
  expect(readJson('{"id":12345678901234567890}').ok).toBe(false);
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      expect(
        JSON.stringify(JSON.parse(withLongFractionsAsText(text))).replace(/"(-?\d+\.\d+(e[+-]?\d+)?)"/g, '$1'),
      ).toBe(text.replace(/"(-?\d+\.\d+(e[+-]?\d+)?)"/g, '$1'));
    }),
    { numRuns: CASES },
  );
});
