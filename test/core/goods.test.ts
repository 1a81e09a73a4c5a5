// A typed document of goods: what lacks, what becomes of its lines, and how it differs from its order.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { differencesOf, lacksOf, movedLines, type TypedGoods, typedUnits } from '../../core/goods.ts';

const EMPTY: TypedGoods = {
  ...{ kind: 'goods-received', counterparty: 'Acme', transfer: '', note: '', order: '', reason: '', lines: [] },
};
const line = (sku: string, quantity: string, damaged = '', expected: number | null = null) => ({
  ...{ sku, quantity, damaged, expected },
});

test.each([
  ['12', 12_000],
  [' 2,5 ', 2_500],
  ['0.001', 1],
  ['', 0],
  ['1.2345', null],
  ['-1', null],
  ['1e3', null],
  ['twelve', null],
  ['1234567890', null],
])('"%s" typed is %s thousandths', (text, expected) => {
  expect(typedUnits(text)).toBe(expected);
});

describe('the lines of the fact', () => {
  test('good and damaged ones stand apart, and what was announced is shared between them', () => {
    const lines = [line('a', '8', '2', 10_000), line('b', '', '3', 2_000), line('c', '0', '', 5_000), line('d', '1,5')];
    expect(movedLines({ ...EMPTY, lines })).toEqual([
      { sku: 'a', quantity: 8_000, damaged: false, expected: 8_000 },
      { sku: 'a', quantity: 2_000, damaged: true, expected: 2_000 },
      { sku: 'b', quantity: 3_000, damaged: true, expected: 2_000 },
      { sku: 'd', quantity: 1_500, damaged: false, expected: undefined },
    ]);
  });

  test('a correction takes from stock, unless it was found; what is sent has no damaged part', () => {
    const lines = [line('a', '2', '9', 3_000)];
    const adjusted = (reason: string): number[] =>
      movedLines({ ...EMPTY, kind: 'adjustment', reason, lines }).map(({ quantity }) => quantity);
    expect(adjusted('damaged: fell')).toEqual([-2_000]);
    expect(adjusted('found')).toEqual([2_000]);
    expect(movedLines({ ...EMPTY, kind: 'transfer-sent', lines })).toEqual([
      { sku: 'a', quantity: 2_000, damaged: false, expected: undefined },
    ]);
  });

  test('nothing is added and nothing is lost, whatever is typed', () => {
    const units = fc.integer({ min: 0, max: 99_999 }).map((thousandths) => String(thousandths / 1_000));
    const typed = fc.record({
      sku: fc.constantFrom('a', 'b'),
      quantity: units,
      damaged: units,
      expected: fc.option(fc.nat(9_999)),
    });
    fc.assert(
      fc.property(fc.array(typed), (lines) => {
        const content = { ...EMPTY, lines };
        const sum = lines.reduce(
          (total, one) => total + (typedUnits(one.quantity) ?? 0) + (typedUnits(one.damaged) ?? 0),
          0,
        );
        const moved = movedLines(content);
        expect(moved.reduce((total, { quantity }) => total + quantity, 0)).toBe(sum);
        expect(moved.every(({ quantity, expected }) => quantity > 0 && (expected ?? 0) >= 0)).toBe(true);
        const announced = lines.filter(({ expected }) => expected !== null);
        for (const { ordered, moved: much } of differencesOf(content)) expect(ordered).not.toBe(much);
        expect(differencesOf(content).length).toBeLessThanOrEqual(announced.length);
      }),
    );
  });
});

test('what lacks is told by line; a document without a difference lacks nothing', () => {
  const problems = (content: TypedGoods): string[] =>
    lacksOf(content, 'S001').map(({ problem, line: at }) => `${problem} ${at}`);
  expect(problems(EMPTY)).toEqual(['no-lines 0']);
  expect(problems({ ...EMPTY, counterparty: ' ', note: 'a|b', lines: [line('a', 'x', 'y')] })).toEqual([
    'no-counterparty 0',
    'bad-text 0',
    'bad-quantity 1',
    'bad-damaged 1',
  ]);
  expect(problems({ ...EMPTY, kind: 'transfer-sent', counterparty: 'S001' })).toEqual(['own-store 0', 'no-transfer 0']);
  expect(problems({ ...EMPTY, kind: 'adjustment', counterparty: '', lines: [line('a', '1')] })).toEqual([
    'no-reason 0',
  ]);
  const many = Array.from({ length: 1_001 }, (_, index) => line(`n${index}`, '1', '1'));
  expect(problems({ ...EMPTY, lines: many })).toEqual(['too-many-lines 0']);
  expect(problems({ ...EMPTY, lines: [line('a', '1')] })).toEqual([]);
});
