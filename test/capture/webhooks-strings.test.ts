// Naughty strings in every field of a body: a document or set aside, kept as they were, and never a fault.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { VENDORS } from '../../protocol/local/webhooks.ts';
import { needSample } from '../needs.ts';
import { memoryJournal } from './memory-journal.ts';
import { importBody, itemsOf, receiptsIn } from './webhook-bodies.ts';
import { SOLD } from './webhook-door.ts';

const file = needSample('06-torture/blns/blns.json');

/** Each way to put a string in the place of one value of a body. */
function* placesOf(body: unknown, put: string): Generator<unknown> {
  if (typeof body !== 'object' || body === null) return yield put;
  for (const [key, value] of Object.entries(body)) {
    for (const inner of placesOf(value, put)) {
      yield Array.isArray(body) ? body.with(Number(key), inner) : { ...body, [key]: inner };
    }
  }
}

describe.runIf(file !== null)('naughty strings', () => {
  const strings = file === null ? [] : (JSON.parse(readFileSync(file, 'utf8')) as string[]);

  test.each(VENDORS)('%s: every string in every field', async (vendor) => {
    expect(strings.length).toBeGreaterThan(400);
    for (const [nth, string] of strings.entries()) {
      const bodies = [...placesOf(SOLD[vendor], string)];
      // All fields over all strings, a few of them for each.
      for (const body of bodies.filter((_, index) => index % 4 === nth % 4)) {
        const journal = memoryJournal();
        const { items, captured, setAside, passed } = await importBody(journal, vendor, body, { currency: 'GBP' });
        expect([items, captured + setAside + passed]).toEqual([items, items]);
        expect(items).toBeGreaterThan(0);
      }
    }
  });

  test('a name is kept as it is but for control characters, and cut where it is too long', async () => {
    for (const string of strings) {
      const sold = { ...(SOLD.shopify as object), line_items: [{ id: 1, sku: 'A', quantity: 2, name: string }] };
      const [body] = receiptsIn(await itemsOf('shopify', sold));
      const plain = string
        .trim()
        .replace(/\p{Cc}+/gu, ' ')
        .trim()
        .slice(0, 200);
      expect(body?.lines[0]?.description?.slice(0, 199)).toBe(plain === '' ? undefined : plain.slice(0, 199));
    }
  });
});
