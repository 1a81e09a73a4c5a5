// Double entry: what each kind moves, and that units are conserved whatever happens (L4).
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FactContent, TransactionLine } from '../../core/fact.ts';
import { emptyPosition, type Position, postFact, sumOfPlaces } from '../../core/position.ts';
import { postingsOf } from '../../core/posting.ts';
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

test('per SKU the sum over all places is zero after every fact, in any order the same', () => {
  fc.assert(
    fc.property(fc.array(anyFact, { maxLength: 12 }), (facts) => {
      const forward = new Map<string, Position>();
      for (const fact of facts) {
        postFact(forward, fact);
        for (const position of forward.values()) expect(sumOfPlaces(position)).toBe(0);
      }
      const backward = new Map<string, Position>();
      for (const fact of facts.toReversed()) postFact(backward, fact);
      expect(new Map([...backward].sort())).toEqual(new Map([...forward].sort()));
    }),
  );
});

test('selling more than the books hold is flagged, but only where the shelf was ever counted or filled', () => {
  const positions = new Map<string, Position>();
  expect(postFact(positions, transaction('sale', [line(1_000)])).result.outcome).toBe('posted');
  expect(positions.get('A')).toMatchObject({ shelf: -1_000, known: false });
  postFact(positions, movement('goods-received', [{ sku: 'A', quantity: 2_000 }]));
  expect(postFact(positions, transaction('sale', [line(1_000)])).result.outcome).toBe('posted');
  expect(postFact(positions, transaction('sale', [line(1_000)])).result).toEqual({
    outcome: 'flagged',
    reason: 'oversold',
  });
  expect(emptyPosition().known).toBe(false);
});
