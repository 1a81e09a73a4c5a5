// The worked examples of docs/conflicts.md come out as a person would expect; that the page is theirs is tested beside.
import { expect, test } from 'vitest';
import { priceEdits, returnClaims, transit } from '../build/conflict-chapters.ts';
import { STORIES } from '../build/conflict-examples.ts';
import { positionsOf } from '../build/conflict-story.ts';
import { formatQuantity } from '../core/amounts.ts';
import { onHand, sumOfPlaces } from '../core/shelf.ts';

test.each(STORIES)('$title: $onHand on hand', ({ entries, onHand: expected }) => {
  const places = positionsOf(entries);
  expect(formatQuantity(onHand(places))).toBe(expected);
  expect(sumOfPlaces(places)).toBe(0);
});

test('of three refunds for one sold unit one stands: that of the store which knew of no other', () => {
  expect(returnClaims().map(({ store, kept }) => [store, kept])).toEqual([
    ['S001', 0],
    ['S002', 0],
    ['S003', 1_000],
  ]);
});

test('what was sent and has not arrived is in transit', () => {
  expect(transit()).toEqual({ sender: 10_000, receiver: -9_000 });
});

test('a price is changed by its owner only', () => {
  const [proposed, applied, rejected] = priceEdits();
  expect(proposed).toMatch(/^Proposed to head office/);
  expect(applied).toMatch(/is now 5\.49 EUR/);
  expect(rejected).toMatch(/stays 5\.49 EUR/);
});
