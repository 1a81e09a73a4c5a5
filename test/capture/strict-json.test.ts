// JSON that two programs could read differently is refused by place; all else is what JSON.parse makes of it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseStrictJson } from '../../capture/strict-json.ts';
import { JSON_DEPTH_MAX, JSON_KEYS_MAX, JSON_VALUES_MAX } from '../../core/limits/feeds.ts';

const CASES = Number(process.env['TILLWIRE_CASES'] ?? 500);

describe('what is refused', () => {
  test.each([
    ['{"a":1,"a":1}', 'a', 'twice', 7],
    ['{"a":1,"\\u0061":2}', 'a', 'twice', 7],
    ['{"lines":[{},{"sku":"A","quantity":1,"quantity":2}]}', 'lines.1.quantity', 'twice', 37],
    ['{"__proto__":{}}', '__proto__', 'no field may have', 1],
    ['{"a":{"\\u005f_proto__":1}}', 'a.__proto__', 'no field may have', 6],
    ['{"constructor":1}', 'constructor', 'no field may have', 1],
    ['{"prototype":1}', 'prototype', 'no field may have', 1],
    ['{"a":9007199254740993}', 'a', 'beyond', 5],
    ['{"a":-9007199254740993}', 'a', 'beyond', 5],
    ['[1,1e400]', '1', 'beyond', 3],
    ['[9007199254740992.0]', '0', 'beyond', 1],
    ['[0.1234567890123456789]', '0', 'more digits', 1],
    ['[1e-400]', '0', 'too small', 1],
    [`[${'1'.repeat(5_000)}]`, '0', 'too long', 1],
    ['["\\ud800"]', '0', 'lone surrogate', 1],
    ['{"\\udc00":1}', '\ufffd', 'lone surrogate', 1],
    ['["\ud800"]', '0', 'lone surrogate', 1],
    [`${'['.repeat(JSON_DEPTH_MAX + 1)}${']'.repeat(JSON_DEPTH_MAX + 1)}`, '0', 'nested', JSON_DEPTH_MAX],
    [`[${'1,'.repeat(JSON_VALUES_MAX)}1]`, String(JSON_VALUES_MAX - 1), 'values', 2 * JSON_VALUES_MAX],
  ])('%.60s', (text, field, problem, position) => {
    const parsed = parseStrictJson(text);
    expect(parsed).toMatchObject({ ok: false, code: 'unsafe-json', position });
    if (!parsed.ok && parsed.code === 'unsafe-json') {
      expect(parsed.field.split('.').at(-1)).toBe(field.split('.').at(-1));
      expect(parsed.problem).toContain(problem);
    }
  });

  test('too many fields in one object', () => {
    const fields = Array.from({ length: JSON_KEYS_MAX + 1 }, (_, index) => `"${index}":1`);
    expect(parseStrictJson(`{${fields.join(',')}}`)).toMatchObject({ code: 'unsafe-json' });
    expect(parseStrictJson(`{${fields.slice(1).join(',')}}`)).toMatchObject({ ok: true });
  });

  test('a card number written as a number is not told', () => {
    expect(JSON.stringify(parseStrictJson('{"card":6011000990139424123}'))).not.toContain('6011');
  });

  test.each(['{"a":1,"a":}', '["\\ud800"', '{"__proto__":1', '[1e400', '{"a":1 "a":1}', '"\\', '"', '', '-', '[1e+]'])(
    '%s is no JSON, whatever else it is',
    (text) => expect(parseStrictJson(text)).toMatchObject({ ok: false, code: 'bad-json' }),
  );
});

describe('what is taken', () => {
  test.each([
    '{"a":{"a":1},"b":[{"a":1},{"a":2}]}',
    '["a","a",{"a":"a"}]',
    '{"":1}',
    '[0.1,-0.5,12.50,1e3,1E-2,9007199254740991,0.30000000000000004,-0,0e5,100000000000000000000e-20]',
    '["\\ud83d\\ude00","😀","\\u0000","a\\"b\\\\"]',
    '{"a" \n:\t1 , "b"\r: null}',
    ' true ',
    '{"toString":1,"hasOwnProperty":2}',
  ])('%s', (text) => expect(parseStrictJson(text)).toEqual({ ok: true, value: JSON.parse(text) }));

  test('any value that is written by JSON.stringify, with any spaces', () => {
    const keys = fc.string({ unit: 'grapheme' }).filter((key) => !/^(__proto__|constructor|prototype)$/.test(key));
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 6 },
        fc.oneof(fc.string({ unit: 'grapheme' }), fc.boolean(), fc.constant(null), fc.maxSafeInteger()),
        fc.double({ noNaN: true, min: -1e15, max: 1e15 }),
        fc.array(tie('value'), { maxLength: 5 }),
        fc.dictionary(keys, tie('value'), { maxKeys: 5, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1, '\t'), (sent, indent) => {
        const text = JSON.stringify(sent, null, indent);
        expect(parseStrictJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
      { numRuns: CASES },
    );
  });
});

test('agrees with JSON.parse on what is no JSON, for any text', () => {
  const piece = fc.constantFrom(
    ...'{}[]:,"\\ \n',
    'u',
    'd800',
    '1',
    '-',
    '.5',
    'e9',
    'a',
    'true',
    '"a":',
    '"a"',
    '{"b":1}',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join('');
      const parsed = parseStrictJson(text);
      let isJson = true;
      try {
        JSON.parse(text);
      } catch {
        isJson = false;
      }
      const says = parsed.ok ? 'ok' : parsed.code;
      expect(isJson ? ['ok', 'unsafe-json'] : ['bad-json', 'unsafe-json']).toContain(says);
      if (!isJson && says === 'unsafe-json')
        expect(parsed).toMatchObject({ problem: expect.stringContaining('more than') });
    }),
    { numRuns: 4 * CASES },
  );
});
