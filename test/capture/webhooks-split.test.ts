// Files of bodies: one value, a list, or one behind the other, cut anywhere; what is no JSON is never taken for some.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type JsonPiece, jsonPieces } from '../../capture/feeds/bodies/split.ts';
import { negated, placesOf, sumOf, timesOf } from '../../capture/feeds/bodies/sums.ts';
import { FEED_BODY_LENGTH_MAX } from '../../core/limits/feeds.ts';
import { needSample } from '../needs.ts';
import { bytesOf } from './imports.ts';
import { itemsOf } from './webhook-bodies.ts';

const CASES = Number(process.env['TILLWIRE_CASES'] ?? 300);

async function piecesOf(text: string | Uint8Array, chunk = 1_000): Promise<string[]> {
  const pieces: JsonPiece[] = [];
  for await (const piece of jsonPieces(bytesOf(text, chunk))) pieces.push(piece);
  expect(pieces.map(({ nth }) => nth)).toEqual(pieces.map((_, index) => index + 1));
  return pieces.map(({ text }) => text);
}

describe('pieces', () => {
  test.each<[string, string[]]>([
    ['', []],
    [' \n\t ', []],
    ['{"a":1}', ['{"a":1}']],
    ['{"a":"}\\"]["}\n{"b":[1,{}]} {"c":2}', ['{"a":"}\\"]["}', '{"b":[1,{}]}', '{"c":2}']],
    ['[ {"a":1} , "x,y" ,3]', ['{"a":1}', '"x,y"', '3']],
    ['[]', []],
    ['[[1],[2,[3]]]', ['[1]', '[2,[3]]']],
    ['[1]\n[2]', ['1', '2']],
    ['1\n"a b"\nnull', ['1', '"a b"', 'null']],
    ['{"a":1}{"b":2}', ['{"a":1}', '{"b":2}']],
    ['\ufeff{"a":1}', ['{"a":1}']],
  ])('%j', async (text, pieces) => {
    expect(await piecesOf(text)).toEqual(pieces);
    expect(await piecesOf(text, 1)).toEqual(pieces);
  });

  test.each(['{"a":', '[1,2', '["a', '[1,]', '[,1]', '[1,,2]', ']', '{"a":1}}', '[1]]'])(
    '%s is no JSON',
    async (text) => {
      await expect(piecesOf(text)).rejects.toThrow(/^The file is no JSON: .* What came before stands\.$/);
      await expect(piecesOf(text, 1)).rejects.toThrow(/no JSON/);
    },
  );

  test('other bytes than UTF-8, and one value that is too large', async () => {
    await expect(piecesOf(new Uint8Array([0x22, 0xff, 0x22]))).rejects.toThrow(/not UTF-8/);
    await expect(piecesOf(`"${'x'.repeat(FEED_BODY_LENGTH_MAX)}"`, 1_000_000)).rejects.toThrow(/larger than/);
  });

  test('whatever JSON it is, and wherever it is cut', async () => {
    const values = fc.array(
      fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ maxDepth: 2, stringUnit: 'grapheme' })),
      { maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(values, fc.integer({ min: 1, max: 20 }), fc.boolean(), async (list, chunk, isList) => {
        const texts = list.map((value) => JSON.stringify(value));
        const text = isList ? `[${texts.join(' ,\n')}]` : texts.join('\n');
        expect(await piecesOf(text, chunk)).toEqual(texts);
      }),
      { numRuns: CASES },
    );
  });
});

const folder = needSample('06-torture/JSONTestSuite/test_parsing');
describe.runIf(folder !== null)('JSONTestSuite as files', () => {
  const files = folder === null ? [] : readdirSync(folder).filter((name) => name.endsWith('.json'));

  test('none is taken for a document, and none throws but to say that it is no JSON', async () => {
    const wrong: string[] = [];
    for (const name of files) {
      const text = readFileSync(join(folder ?? '', name));
      for (const vendor of ['square', 'shopify', 'vend', 'woocommerce'] as const) {
        try {
          const items = await itemsOf(vendor, text.toString('latin1'));
          if (items.some(({ kind }) => kind === 'document')) wrong.push(`${name} ${vendor}`);
          const isGiven = (items.length === 0 && text.length > 0) || items.some(({ kind }) => kind === 'passed');
          // An empty list, and objects that are known to move nothing.
          if (name.startsWith('n_') && isGiven) wrong.push(`${name} ${vendor}: ${JSON.stringify(items)}`);
        } catch (error) {
          if (name.startsWith('y_') || !(error instanceof Error) || error.name !== 'ImportStopped') {
            wrong.push(`${name} ${vendor}: ${String(error)}`);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});

test('sums of decimal text are exact', () => {
  const decimals = fc.tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.integer({ min: 0, max: 6 }));
  const textOf = ([units, places]: [bigint, number]): string => {
    const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
    const whole = digits.slice(0, digits.length - places);
    return `${units < 0n ? '-' : ''}${whole}${places === 0 ? '' : `.${digits.slice(-places)}`}`;
  };
  const scaled = ([units, places]: [bigint, number], to: number): bigint => units * 10n ** BigInt(to - places);
  const value = (text: string, to: number): bigint => {
    const [whole = '', fraction = ''] = text.split('.');
    return BigInt(`${whole}${fraction.padEnd(to, '0')}`);
  };
  fc.assert(
    fc.property(decimals, decimals, (a, b) => {
      expect(value(sumOf(textOf(a), textOf(b)), 6)).toBe(scaled(a, 6) + scaled(b, 6));
      expect(value(timesOf(textOf(a), textOf(b)), 12)).toBe(scaled(a, 6) * scaled(b, 6));
      expect(value(negated(textOf(a)), 6)).toBe(-scaled(a, 6));
    }),
    { numRuns: CASES },
  );
  expect([placesOf('1'), placesOf('1.50'), placesOf('1.05'), placesOf('1.000')]).toEqual([0, 1, 2, 0]);
});
