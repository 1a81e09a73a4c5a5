// What people are told of an outcome, and which line speaks for a receipt.
import { expect, test } from 'vitest';
import { type LineOutcome, OUTCOMES, overall, REASONS, sentence } from '../../core/outcome.ts';

test('every outcome and reason has a sentence without jargon', () => {
  for (const outcome of OUTCOMES) {
    for (const reason of [null, ...REASONS]) {
      for (const sku of [null, 'tea']) expect(sentence({ outcome, reason, sku })).toMatch(/^[A-Z].*\.$/);
    }
  }
});

test('outcomes are told apart', () => {
  const sentences = [
    sentence({ outcome: 'posted', reason: null, sku: 'tea' }),
    sentence({ outcome: 'duplicate', reason: 'key-used-twice' }),
    sentence({ outcome: 'flagged', reason: 'oversold' }),
    sentence({ outcome: 'refused', reason: 'other-body' }),
    sentence({ outcome: 'refused', reason: 'unreadable' }),
  ];
  expect(new Set(sentences).size).toBe(sentences.length);
});

test('so far, and the other reading', () => {
  const line = { outcome: 'posted', reason: null, sku: 'tea', other: 14_000 } as const;
  expect(sentence(line, { provisional: true })).toMatch(/^So far: posted.* 14 would be on hand\.$/);
});

test('the worst line speaks for the receipt', () => {
  const line = (outcome: LineOutcome['outcome'], n: number): LineOutcome => ({
    ...{ line: n, sku: 'tea', outcome, reason: null, by: `1:${n}`, other: null, variance: null },
  });
  expect(overall([line('posted', 1), line('flagged', 2), line('restated', 3)])).toMatchObject({ by: '1:2' });
});
