// Generated transactions: each is one item whatever stands in it, the figures are those that went in, memory is bounded.
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { poslog } from '../../capture/feeds/poslog/feed.ts';
import { amountText, quantityText } from '../../capture/feeds/poslog/figures.ts';
import { needSample } from '../needs.ts';
import {
  bytesOf,
  contextOf,
  documentOf,
  factsOf,
  grand,
  itemsOf,
  line,
  link,
  NRF,
  readAll,
  retail,
  tender,
} from './poslog-documents.ts';

const CASES = Number(process.env['TILLWIRE_CASES'] ?? 300);
const RUNS = { numRuns: CASES };
const TIME_MS = 20_000 + CASES * 30;

const escaped = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, '')
    .replace(/[<&"]/g, (character) => `&#${character.charCodeAt(0)};`);
const naughty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }).map(escaped),
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e9',
    '1,5',
    'NaN',
    '9'.repeat(30),
    '__proto__',
    'constructor',
    '|',
    ' a ',
    '2026-11-20',
  ),
);
const flags = fc.constantFrom('', '', '', 'VoidFlag="true"', 'CancelFlag="true"', 'VoidFlag="maybe"');
const names = fc.constantFrom(
  'Sale',
  'Return',
  'Tender',
  'Layaway',
  'PreviousLayaway',
  'Tax',
  'LoyaltyReward',
  'Deposit',
  'Foo',
  'v:Sale',
);
const anyLine = fc
  .record({ name: names, flags, sku: naughty, quantity: naughty, amount: naughty, more: naughty, type: naughty })
  .map((given) => line(given));
const anything = fc.oneof(
  anyLine,
  fc.tuple(naughty, naughty).map(([amount, type]) => tender(amount, { type })),
  fc.tuple(naughty, naughty).map(([number, reason]) => link(number, reason)),
  naughty.map((text) => `<Total TotalType="TransactionGrandAmount">${text}</Total>`),
);
const parts = fc.constantFrom(
  'RetailTransaction',
  'InventoryControlTransaction',
  'ControlTransaction',
  'TenderControlTransaction',
  'CustomerOrderTransaction',
  'PostVoidTransaction',
  'Whatever',
);
const status = fc.constantFrom(
  '',
  'TransactionStatus="Voided"',
  'TransactionStatus="PostVoided"',
  'TransactionStatus="Suspended"',
);
const anyTransaction = fc
  .record({
    inner: fc.array(anything, { maxLength: 8 }),
    number: naughty,
    attributes: flags,
    retail: status,
    head: naughty,
    part: parts,
    cut: naughty,
  })
  .map(({ inner, part, cut, ...given }) =>
    retail({ ...given, inner: inner.join('') })
      .replaceAll('RetailTransaction', part)
      .replace('2026-11-20T10:15:00', cut),
  );

describe('whatever a till writes', () => {
  test(
    'each transaction is a document, set aside or passed, once and in order; nothing is thrown',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(anyTransaction, { maxLength: 6 }),
          fc.integer({ min: 1, max: 5_000 }),
          async (transactions, size) => {
            const { items, stopped } = await readAll(bytesOf(documentOf(...transactions), size));
            expect(stopped).toBe(null);
            expect(items).toHaveLength(transactions.length);
            for (const [index, item] of items.entries()) {
              expect(item.place).toMatch(new RegExp(`^transaction ${index + 1}\\b`));
              if (item.kind !== 'passed') expect(item.raw).toBe(transactions[index]);
              if (item.kind === 'passed') expect(item.what).toMatch(/\.$/);
              if (item.kind === 'aside') expect(item.reason).toMatch(/\w{3}.*[.:]/s);
              // What the checks of the door say of it is a sentence too, never an error that is thrown.
              if (item.kind === 'document')
                await factsOf(item).catch((error: Error) => expect(error.message).toContain('"ok":false'));
            }
          },
        ),
        RUNS,
      );
    },
    TIME_MS,
  );

  test(
    'a document damaged anywhere stops with a sentence, and nothing else is thrown',
    async () => {
      const whole = documentOf(
        ...Array.from({ length: 3 }, (_, index) => retail({ number: index, inner: line() + tender(1) })),
      );
      const change = fc.record({
        at: fc.nat(whole.length),
        remove: fc.nat(12),
        put: fc.string({ unit: 'binary', maxLength: 6 }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
          const damaged = changes.reduce(
            (text, { at, remove, put }) => text.slice(0, at) + put + text.slice(at + remove),
            whole,
          );
          const { items, stopped } = await readAll(bytesOf(damaged, 500));
          expect(items.length).toBeLessThanOrEqual(4);
          if (stopped !== null) expect(stopped).toMatch(/^The (document|file|encoding) .*[.>]$/s);
        }),
        RUNS,
      );
    },
    TIME_MS,
  );
});

const strings = needSample('06-torture/blns/blns.json');
test.runIf(strings !== null)(
  'naughty strings in every field: kept as they are, or told',
  async () => {
    for (const text of JSON.parse(readFileSync(strings ?? '', 'utf8')) as string[]) {
      const put = escaped(text);
      const whole = retail({ inner: line({ more: '<Description>D</Description>' }) + tender(1) });
      const fields = [...whole.matchAll(/>([^<>]+)</g)].map(
        ({ index, 1: value = '' }) => [index + 1, value.length] as const,
      );
      const all = fields.map(([at, length]) => whole.slice(0, at) + put + whole.slice(at + length));
      const { items, stopped } = await readAll(bytesOf(documentOf(...all)));
      expect(stopped, text).toBe(null);
      expect(items).toHaveLength(fields.length);
      for (const item of items) {
        if (item.kind === 'document')
          await factsOf(item).catch(({ message }) => expect(message).toContain('"ok":false'));
      }
    }
  },
  TIME_MS,
);

test('a crowd of voided lines, tenders and references is told or read without growing over itself', async () => {
  const times = (count: number, of: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => of(index)).join('');
  const flags = 'VoidFlag="true"';
  const crowd = [
    retail({ number: 1, inner: times(2_500, (number) => line({ number, flags })) }),
    retail({ number: 2, inner: line() + times(2_500, () => tender(1, { flags })) }),
    retail({ number: 3, inner: times(1_900, (number) => line({ number, amount: 1 })) }),
    retail({
      number: 4,
      inner: times(1_900, (index) => {
        const more = link(3, 'Return', `<LineItemSequenceNumber>${index}</LineItemSequenceNumber>`);
        return line({ name: 'Return', amount: 1, more });
      }),
    }),
  ];
  const items = await itemsOf(documentOf(...crowd));
  expect(items.map(({ kind }) => kind)).toEqual(['aside', 'aside', 'document', 'document']);
  const [returned] = await factsOf(items[3]);
  expect(returned).toMatchObject({ kind: 'return' });
});

const sku = fc.constantFrom('A', 'B', 'C');
const rung = fc.record({
  sku,
  quantity: fc.integer({ min: 1, max: 50_000 }),
  price: fc.integer({ min: 1, max: 9_999 }),
  back: fc.boolean(),
  /** Voided afterwards by a line with the sign turned. */
  voided: fc.boolean(),
});

test(
  'what went into a receipt comes out of it: units of each article, amounts, what was paid',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(rung, { minLength: 1, maxLength: 12 }), async (lines) => {
        const net = new Map<string, number>();
        let paid = 0;
        const inner = lines.map(({ sku: article, quantity, price, back, voided }, index) => {
          const sign = back ? -1 : 1;
          const amount = sign * price;
          if (!voided) {
            net.set(article, (net.get(article) ?? 0) + sign * quantity);
            paid += amount;
          }
          const given = {
            number: index * 2 + 1,
            sku: article,
            quantity: quantityText(sign * quantity),
            amount: amountText(amount * 100),
          };
          const turned = {
            ...given,
            number: index * 2 + 2,
            quantity: quantityText(-sign * quantity),
            amount: amountText(-amount * 100),
          };
          return line(given) + (voided ? line({ ...turned, flags: 'VoidFlag="true"' }) : '');
        });
        const total = amountText(paid * 100);
        const [item] = await itemsOf(documentOf(retail({ inner: inner.join('') + tender(total) + grand(total) })));
        if (lines.every(({ voided }) => voided)) {
          expect(item?.kind).toBe('passed');
          return;
        }
        const [fact] = await factsOf(item);
        if (fact === undefined || !('receipt' in fact)) throw new Error('no receipt');
        const handedOut = fact.kind === 'return' ? -1 : 1;
        const read = new Map<string, number>();
        for (const each of fact.lines) read.set(each.sku, (read.get(each.sku) ?? 0) + handedOut * each.quantity);
        const without = (map: Map<string, number>) =>
          Object.fromEntries([...map].filter(([, units]) => units !== 0).sort());
        expect(without(read)).toEqual(without(net));
        expect(fact.lines.reduce((sum, each) => sum + (each.amount ?? 0), 0)).toBe(paid);
        expect(fact.total).toBe(paid);
      }),
      RUNS,
    );
  },
  TIME_MS,
);

const HEAP_GROWTH_MAX = 16 * 1024 * 1024;
const COUNT = 20_000;

test(`${COUNT} transactions are read in order within ${HEAP_GROWTH_MAX} bytes of memory`, async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  async function* many() {
    yield Buffer.from(`<POSLog xmlns="${NRF}">`);
    for (let number = 0; number < COUNT; number++) {
      yield Buffer.from(
        retail({ number, inner: line({ sku: `SKU-${number}`, amount: '2.00' }) + tender('2.00') + grand('2.00') }),
      );
    }
    yield Buffer.from('</POSLog>');
  }
  collect();
  const before = process.memoryUsage().heapUsed;
  let read = 0;
  let growth = 0;
  for await (const item of poslog.read(many(), contextOf())) {
    if (item.kind !== 'document' || item.place !== `transaction ${read + 1} (till 34, number ${read})`)
      throw new Error(item.place);
    read++;
    if (read % 4_000 !== 0) continue;
    collect();
    growth = Math.max(growth, process.memoryUsage().heapUsed - before);
  }
  expect(read).toBe(COUNT);
  expect(growth).toBeLessThan(HEAP_GROWTH_MAX);
}, 120_000);
