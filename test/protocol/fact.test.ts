// The bounds of what a store may tell: at the bound it is taken, one beyond it is refused (L11).
import { expect, test } from 'vitest';
import type { TransactionContent, TransactionLine } from '../../core/fact.ts';
import {
  AMOUNT_MAX,
  IDENTIFIER_LENGTH_MAX,
  LINES_MAX,
  NATURAL_KEY_LENGTH_MAX,
  TENDERS_MAX,
  TEXT_LENGTH_MAX,
} from '../../core/limits.ts';
import { FactContentSchema, Gtin, Instant, StoreId, Traceparent } from '../../protocol/fact.ts';
import { MovementInput, TransactionInput } from '../../protocol/local/transaction.ts';
import { transaction } from '../facts.ts';

const line: TransactionLine = { sku: 'A', quantity: 1_000 };
const taken = (more: Partial<TransactionContent>, lines = [line]): boolean =>
  FactContentSchema.safeParse(transaction('sale', lines, more)).success;
const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);

test.each<[string, number, (size: number) => boolean]>([
  ['lines', LINES_MAX, (size) => taken({}, times(size, line))],
  ['tenders', TENDERS_MAX, (size) => taken({ tenders: times(size, { type: 'cash', amount: 1 }) })],
  ['characters of an identifier', IDENTIFIER_LENGTH_MAX, (size) => taken({ receipt: 'x'.repeat(size) })],
  ['characters of a text', TEXT_LENGTH_MAX, (size) => taken({}, [{ ...line, description: 'x'.repeat(size) }])],
  ['a quantity', AMOUNT_MAX, (size) => taken({}, [{ ...line, quantity: size }])],
  ['a negative quantity', AMOUNT_MAX, (size) => taken({}, [{ ...line, quantity: -size }])],
  ['a total', AMOUNT_MAX, (size) => taken({ total: size })],
  ['characters of a store', 32, (size) => StoreId.safeParse('x'.repeat(size)).success],
])('%s: %i', (_, bound, isTaken) => {
  expect([isTaken(bound), isTaken(bound + 1)]).toEqual([true, false]);
});

test('the longest natural key fits its bound', () => {
  const longest =
    32 + IDENTIFIER_LENGTH_MAX + '2026-11-21'.length + IDENTIFIER_LENGTH_MAX + 'transfer-received'.length + 4;
  expect(longest).toBeLessThanOrEqual(NATURAL_KEY_LENGTH_MAX);
});

test.each<[string, unknown]>([
  ['a quantity of nothing', { lines: [{ ...line, quantity: 0 }] }],
  ['half a thousandth', { lines: [{ ...line, quantity: 0.5 }] }],
  ['a field nobody knows', { surprise: 1 }],
  ['a day that is none', { businessDate: '2026-02-30' }],
  ['a time without offset', { occurred: '2026-11-21T10:15:00' }],
  ['a currency that is none', { currency: 'euro' }],
  ['a control character', { receipt: 'a\u0007' }],
])('refused: %s', (_, more) => {
  expect(FactContentSchema.safeParse({ ...transaction('sale', [line]), ...(more as object) }).success).toBe(false);
});

test('what is written by hand is read as it is meant', () => {
  for (const good of ['12345670', '012345678905', '4006381333931']) expect(Gtin.safeParse(good).success).toBe(true);
  for (const bad of ['1234567', '123456789', '400638133393X']) expect(Gtin.safeParse(bad).success).toBe(false);
  expect(Instant.safeParse('2026-11-21T10:15:00.123Z').success).toBe(true);
  expect(Traceparent.safeParse(`00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`).success).toBe(true);
  expect(Traceparent.safeParse(`00-${'A'.repeat(32)}-${'b'.repeat(16)}-01`).success).toBe(false);
});

const said = { workstation: 'T1', businessDate: '2026-11-21', occurred: '2026-11-21T10:15:00Z' };
const sold = (quantity: unknown): boolean =>
  TransactionInput.safeParse({ ...said, kind: 'sale', receipt: '1', lines: [{ sku: 'A', quantity }] }).success;

test('tills write quantities as decimal text or whole numbers, never as fractions of a float', () => {
  for (const good of ['2.5', '-1', '0.125', 3, '123456789']) expect(sold(good), String(good)).toBe(true);
  for (const bad of [2.5, '2,5', '1e3', '', '.5', '0.1255', '1234567890', null])
    expect(sold(bad), String(bad)).toBe(false);
});

test('a movement has at least one line', () => {
  const movement = { ...said, kind: 'goods-received', document: 'D-1' };
  expect(MovementInput.safeParse({ ...movement, lines: [] }).success).toBe(false);
  expect(MovementInput.safeParse({ ...movement, lines: [{ sku: 'A', quantity: 1 }] }).success).toBe(true);
});
