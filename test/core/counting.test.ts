// Sums of a count sheet, the moment of a sum, and which figures a person is asked about once more.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Counting, type SealContext, sealFact } from '../../core/captured.ts';
import { isSurprising, type SheetLine, tally } from '../../core/counting.ts';
import type { StocktakeContent } from '../../core/fact.ts';
import { SKEW_BOUND_MS } from '../../core/limits.ts';

const line = (sku: string, quantity: number, fromMs: number, toMs = fromMs, frame = 1): SheetLine => ({
  ...{ sku, quantity, fromMs, toMs, frame },
  frameStart: frame * 1_000,
});

test('parts of one article are added up, from the first moment to the last', () => {
  expect(tally([line('B', 1_000, 1_500), line('A', 2_500, 1_700), line('B', 3_000, 1_200, 1_300)])).toEqual([
    { sku: 'A', counted: 2_500, when: { fromMs: 1_700, toMs: 1_700, frame: 1, frameStart: 1_000 } },
    { sku: 'B', counted: 4_000, when: { fromMs: 1_200, toMs: 1_500, frame: 1, frameStart: 1_000 } },
  ]);
});

test('parts of two stretches of the clock never pass for surely after the earlier one', () => {
  // The clock was an hour ahead in the first stretch.
  const [both] = tally([line('A', 1_000, 9_000_000, 9_000_000, 1), line('A', 1_000, 5_500, 5_600, 5)]);
  expect(both?.when).toEqual({ fromMs: 4_999, toMs: 5_600, frame: 5, frameStart: 5_000 });
});

test('the sums are the same whatever the order of the lines', () => {
  const Line = fc
    .record({
      sku: fc.constantFrom('A', 'B', 'C'),
      quantity: fc.nat(9_000),
      at: fc.integer({ min: 0, max: 900 }),
      frame: fc.integer({ min: 1, max: 3 }),
    })
    .map(({ sku, quantity, at, frame }) => line(sku, quantity, frame * 1_000 + at, frame * 1_000 + at, frame));
  const Shuffled = fc
    .array(Line, { maxLength: 20 })
    .chain((lines) =>
      fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length, maxLength: lines.length })),
    );
  fc.assert(
    fc.property(Shuffled, ([lines, shuffled]) => {
      expect(tally(shuffled)).toEqual(tally(lines));
    }),
  );
});

test.each([
  ['500 where the books have 12', 500, 500, 12, true],
  ['14 where the books have 12', 14, 14, 12, false],
  ['few, however little the books have', 10, 10, 0, false],
  ['21 where the books have none', 21, 21, 0, true],
  ['21 where the books are below zero', 21, 21, -5, true],
  ['a second part that makes too much of it', 30, 60, 12, true],
  ['a scan that adds one to very many', 1, 5_000, 12, false],
  ['999 of what nobody knows', 999, 999, null, false],
  ['1,000 of what nobody knows', 1_000, 1_000, null, true],
])('a person is asked once more, or not: %s', (_, entered, sum, books, asked) => {
  expect(isSurprising(entered * 1_000, sum * 1_000, books === null ? null : books * 1_000)).toBe(asked);
});

const common = { workstation: 'W', document: 'C-1', businessDate: '2026-11-21', stocktake: 'C-1' };
const at = new Date(50_000).toISOString();
const content: StocktakeContent = {
  ...{ kind: 'stocktake', ...common, occurred: at, begun: at },
  lines: [
    { sku: 'A', counted: 1 },
    { sku: 'B', counted: 2 },
  ],
};
const context: SealContext = {
  ...{ store: 'S001', recorded: { ms: 50_000, n: 0 }, seen: 3, known: 2, revision: 1 },
  frame: { frame: 2, startMs: 40_000, monotonicStartMs: 0 },
};
const sealed = (lines: Counting['lines']) =>
  sealFact({ content, feed: 'window', counting: { known: { dseq: 2, chain: 'c' }, lines } }, context);
const now = { frame: 2, frameStart: 40_000 };

test('a fact carries the moment of each line, and its stretch of the clock where it is another one', () => {
  const both = sealed([
    { fromMs: 45_000, toMs: 46_000, ...now },
    { fromMs: 49_500, toMs: 49_500, ...now },
  ]);
  expect(both.lineIntervals).toEqual([
    { lo: 45_000 - SKEW_BOUND_MS, hi: 46_000 + SKEW_BOUND_MS },
    // It cannot have been counted after it was kept.
    { lo: 49_500 - SKEW_BOUND_MS, hi: 50_000 },
  ]);
  expect(both).not.toHaveProperty('lineFrames');
  const mixed = sealed([
    { fromMs: 90_000, toMs: 90_000, frame: 1, frameStart: 80_000 },
    { fromMs: 45_000, toMs: 45_000, ...now },
  ]);
  expect(mixed.lineFrames).toEqual([{ frame: 1, frameStart: 80_000 }, now]);
  expect(mixed.lineIntervals?.[0]).toEqual({ lo: 90_000 - SKEW_BOUND_MS, hi: 90_000 + SKEW_BOUND_MS });
});

test('a count whose lines and times do not fit each other is a mistake of ours', () => {
  expect(() => sealed([{ fromMs: 45_000, toMs: 45_000, ...now }])).toThrow(/each line/);
});
