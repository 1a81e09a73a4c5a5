// Double entry: what each kind moves, and that units are conserved whatever happens (L4).
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Book, emptyBook, type Stepped } from '../../core/book.ts';
import type { Fact, FactContent, TransactionLine } from '../../core/fact.ts';
import type { At } from '../../core/order.ts';
import { postingsOf } from '../../core/posting.ts';
import { type Places, sumOfPlaces } from '../../core/shelf.ts';
import { step } from '../../core/step.ts';
import { movement, transaction } from '../facts.ts';

const line = (quantity: number, more: Partial<TransactionLine> = {}): TransactionLine => ({
  sku: 'A',
  quantity,
  ...more,
});
const ways = (content: FactContent) => postingsOf(content).map(({ from, to, quantity }) => `${from} ${quantity} ${to}`);

test.each<[string, FactContent, string[]]>([
  ['sale', transaction('sale', [line(2_000)]), ['shelf 2000 customer']],
  ['exchange inside a sale', transaction('sale', [line(-1_000)]), ['customer 1000 shelf']],
  [
    'broken goods taken back inside a sale',
    transaction('sale', [line(-1_000, { disposition: 'damaged' })]),
    ['customer 1000 damaged'],
  ],
  ['return', transaction('return', [line(1_000)]), ['customer 1000 shelf']],
  ['return, damaged', transaction('return', [line(1_000, { disposition: 'damaged' })]), ['customer 1000 damaged']],
  [
    'return to the vendor waits off the shelf',
    transaction('return', [line(1_000, { disposition: 'to-vendor' })]),
    ['customer 1000 damaged'],
  ],
  [
    'goods handed out inside a return come from the shelf',
    transaction('return', [line(-1_000, { disposition: 'damaged' })]),
    ['shelf 1000 customer'],
  ],
  ['void', transaction('void', [line(3_000)]), ['customer 3000 shelf']],
  [
    'postage is money, not stock',
    transaction('sale', [line(1_000, { notGoods: true }), line(5)]),
    ['shelf 5 customer'],
  ],
  ['goods received', movement('goods-received', [{ sku: 'A', quantity: 10 }]), ['supplier 10 shelf']],
  ['adjustment down', movement('adjustment', [{ sku: 'A', quantity: -10 }]), ['shelf 10 adjustment']],
  ['adjustment up', movement('adjustment', [{ sku: 'A', quantity: 10 }]), ['adjustment 10 shelf']],
  ['transfer sent', movement('transfer-sent', [{ sku: 'A', quantity: 10 }]), ['shelf 10 in-transit']],
  ['transfer received', movement('transfer-received', [{ sku: 'A', quantity: 10 }]), ['in-transit 10 shelf']],
])('%s', (_, content, expected) => expect(ways(content)).toEqual(expected));

test('postings name the line they come from', () => {
  const content = transaction('sale', [line(1, { notGoods: true }), line(2), line(3)]);
  expect(postingsOf(content).map((posting) => posting.line)).toEqual([2, 3]);
});

const quantity = fc.integer({ min: -5_000, max: 5_000 }).filter((value) => value !== 0);
const anyFact: fc.Arbitrary<FactContent> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('sale' as const, 'return' as const, 'void' as const),
      fc.array(fc.record({ sku: fc.constantFrom('A', 'B'), quantity, notGoods: fc.boolean() }), { maxLength: 4 }),
    )
    .map(([kind, lines]) => transaction(kind, lines)),
  fc
    .tuple(
      fc.constantFrom(
        'goods-received' as const,
        'adjustment' as const,
        'transfer-sent' as const,
        'transfer-received' as const,
      ),
      fc.array(fc.record({ sku: fc.constantFrom('A', 'B'), quantity }), { minLength: 1, maxLength: 4 }),
    )
    .map(([kind, lines]) => movement(kind, lines)),
);

test('per SKU the sum over all places is zero after every fact, in any order the same (L4, L5)', () => {
  fc.assert(
    fc.property(fc.array(anyFact, { maxLength: 12 }), (contents) => {
      const facts = contents.map(factOf);
      const forward = fold(facts);
      const backward = fold(facts.toReversed());
      expect(new Map([...backward].sort())).toEqual(new Map([...forward].sort()));
    }),
  );
});

test('selling more than the books hold is flagged, but only where the shelf was ever counted or filled (D28)', () => {
  const book = emptyBook('S1');
  const outcomeOf = (content: FactContent, index: number): string | undefined =>
    take(book, factOf(content, index)).lines[0]?.outcome;
  expect(outcomeOf(transaction('sale', [line(1_000)]), 1)).toBe('posted');
  expect(book.shelves.get('A')).toMatchObject({ places: { shelf: -1_000 }, known: false });
  expect(outcomeOf(movement('goods-received', [{ sku: 'A', quantity: 2_000 }]), 2)).toBe('posted');
  expect(outcomeOf(transaction('sale', [line(1_000)]), 3)).toBe('posted');
  expect(outcomeOf(transaction('sale', [line(1_000)]), 4)).toBe('flagged');
});

type Placed = { at: At; fact: Fact };

/** Each under a key of its own. */
const factOf = (content: FactContent, index: number): Placed => ({
  at: { epoch: 1, seq: index + 1 },
  fact: {
    v: 1,
    store: 'S1',
    key: `S1|T1|2026-11-21|${index}|${content.kind}`,
    content,
    feed: 'test',
    recorded: { ms: 1_000, n: 0 },
    lo: 0,
    hi: 1_000,
    frame: 1,
    frameStart: 0,
    seen: 0,
    revision: 0,
  },
});

const take = (book: Book, { at, fact }: Placed): Stepped =>
  step(book, { kind: 'fact', at, read: { fact, hash: fact.key } });

/** Places of each SKU. */
function fold(facts: Placed[]): Map<string, Places> {
  const book = emptyBook('S1');
  for (const one of facts) {
    take(book, one);
    for (const { places } of book.shelves.values()) expect(sumOfPlaces(places)).toBe(0);
  }
  return new Map([...book.shelves].map(([sku, { places }]) => [sku, places]));
}
