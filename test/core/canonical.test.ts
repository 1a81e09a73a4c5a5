// One spelling for one value.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../core/canonical.ts';

const value = fc.letrec((tie) => ({
  node: fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.string({ unit: 'grapheme' }),
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('node'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).node;

test('is JSON of the same value, whatever the order of the keys', () => {
  fc.assert(
    fc.property(value, (sample) => {
      const written = canonicalJson(sample);
      expect(JSON.parse(written)).toEqual(sample);
      expect(canonicalJson(shuffled(sample))).toBe(written);
    }),
  );
});

test('what is in order already, or only deep down is not, has the same spelling', () => {
  expect(canonicalJson({ a: 1, b: [{ d: 1, c: 2 }] })).toBe('{"a":1,"b":[{"c":2,"d":1}]}');
  expect(canonicalJson({ 9: 1, 10: 2 })).toBe('{"10":2,"9":1}');
  expect(canonicalJson({ a: '\ud800 ü', b: undefined })).toBe('{"a":"\\ud800 ü"}');
});

test('absent and undefined are the same; keys are sorted; nothing but exact integers', () => {
  expect(canonicalJson({ b: 1, a: undefined, A: [true, null] })).toBe('{"A":[true,null],"b":1}');
  expect(() => canonicalJson({ price: 1.5 })).toThrow('exact integers');
  expect(() => canonicalJson({ big: 2 ** 53 })).toThrow('exact integers');
  expect(() => canonicalJson({ when: () => 1 })).toThrow('function');
});

function shuffled(sample: unknown): unknown {
  if (Array.isArray(sample)) return sample.map(shuffled);
  if (typeof sample !== 'object' || sample === null) return sample;
  return Object.fromEntries(
    Object.entries(sample)
      .reverse()
      .map(([key, inner]) => [key, shuffled(inner)]),
  );
}
