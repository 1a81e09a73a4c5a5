// What attributes of products may hold, as files and people write it.
import { expect, test } from 'vitest';
import { readValue, valueInWords, valueProblem } from '../../core/catalogue-values.ts';

test.each([
  ['price/EUR', '1.99', 199],
  ['price/EUR', '1,5', 150],
  ['price/EUR', ' 12 ', 1_200],
  ['price/JPY', '120', 120],
  ['price/BHD', '0.125', 125],
  ['name', ' Tea, loose ', 'Tea, loose'],
  ['gtin', '4006381333931', '4006381333931'],
  ['gtin', '96385074', '96385074'],
  ['colour', 'red', 'red'],
])('%s "%s" is %j', (attribute, text, value) => expect(readValue(attribute, text)).toEqual({ value }));

test.each([
  ['price/EUR', '1,999', 'at most 2 decimals'],
  ['price/EUR', '1.999', 'at most 2 decimals'],
  ['price/JPY', '1.5', 'as 199'],
  ['price/EUR', '-1', 'below zero'],
  ['price/EUR', 'free', 'as 1.99'],
  ['gtin', '4.00638E+12', '8, 12, 13 or 14 digits'],
  ['gtin', '4006381333932', 'mistyped'],
])('%s "%s" is told as wrong', (attribute, text, problem) =>
  expect(readValue(attribute, text)).toEqual({ problem: expect.stringContaining(problem) }),
);

test('what a program sends is held to the same', () => {
  expect(valueProblem('price/EUR', '1.99')).toContain('minor units');
  expect(valueProblem('price/EUR', 199)).toBeNull();
  expect(valueProblem('gtin', 4006381333931)).toContain('digits');
  expect(valueProblem('name', true)).toBe('write a text');
  expect(valueProblem('name', null)).toBeNull();
});

test('values are told as people write them', () => {
  expect(valueInWords('price/EUR', 250)).toBe('2.50 EUR');
  expect(valueInWords('price/EUR', 5)).toBe('0.05 EUR');
  expect(valueInWords('price/JPY', 120)).toBe('120 JPY');
  expect(valueInWords('name', 'Tea')).toBe('"Tea"');
  expect(valueInWords('name', null)).toBe('nothing');
});
