// What is set aside is masked before it is written, whatever tongue it is in; identifiers stay.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskRaw } from '../../capture/feeds/mask-raw.ts';
import { findCardNumbers } from '../../capture/mask.ts';

const CARD = '4111111111111111';
const STARS = '*'.repeat(16);
const IDENTIFIERS = ['ItemID', 'sku', 'receipt'];
const masked = (raw: string): string => maskRaw(raw, IDENTIFIERS).raw;

test.each([
  ['an element', `<Note>paid by ${CARD}</Note>`, `<Note>paid by ${STARS}</Note>`],
  ['an attribute', `<Note text = '${CARD}'/>`, `<Note text = '${STARS}'/>`],
  ['an identifier', `<x:ItemID>${CARD}</x:ItemID>`, `<x:ItemID>${CARD}</x:ItemID>`],
  ['an attribute that identifies', `<Line x:ItemID="${CARD}" n="${CARD}"/>`, `<Line x:ItemID="${CARD}" n="${STARS}"/>`],
  ['text behind an identifier', `<L><ItemID>${CARD}</ItemID>${CARD}</L>`, `<L><ItemID>${CARD}</ItemID>${STARS}</L>`],
  ['text in a child of an identifier', `<ItemID><b>${CARD}</b></ItemID>`, `<ItemID><b>${STARS}</b></ItemID>`],
  ['digits as references', `<N>&#52;111111111111111</N>`, `<N>${'*'.repeat(20)}</N>`],
  ['digits around a comment', `<N>41111111<!-- > -->11111111</N>`, `<N>${'*'.repeat(26)}</N>`],
  ['CDATA', `<N><![CDATA[${CARD}]]></N>`, `<N><![CDATA[${STARS}]]></N>`],
  ['what is not well-formed', `<N a="${CARD}><<<!-- ${CARD}`, `<N a="${STARS}><<<!-- ${STARS}`],
  ['a string', `{"note":"${CARD}","sku":"${CARD}"}`, `{"note":"${STARS}","sku":"${CARD}"}`],
  ['a number', `{"note":${CARD},"sku":${CARD}}`, `{"note":${STARS},"sku":${CARD}}`],
  ['an array of identifiers', `{"sku":["${CARD}"],"n":["${CARD}"]}`, `{"sku":["${CARD}"],"n":["${STARS}"]}`],
  ['what follows an object', `{"a":{"sku":"1"},"b":"${CARD}"}`, `{"a":{"sku":"1"},"b":"${STARS}"}`],
  ['digits in escapes', `{"n":"\\u0034111111111111111"}`, `{"n":"${'*'.repeat(21)}"}`],
  ['a name', `{"${CARD}":1}`, `{"${STARS}":1}`],
  ['broken JSON', `{"sku":"${CARD}",`, `{"sku":"${STARS}",`],
  ['plain text', `paid ${CARD}`, `paid ${STARS}`],
])('%s', (_what, raw, expected) => {
  const result = maskRaw(raw, IDENTIFIERS);
  expect(result.raw).toBe(expected);
  expect(result.masked.length > 0).toBe(raw !== expected);
  for (const [from, to] of result.masked) expect(result.raw.slice(from, to)).toMatch(/^\*+$/);
});

test('whatever is thrown at it, it keeps the length and leaves no card outside identifiers', () => {
  const bits = [
    '<',
    '>',
    '"',
    "'",
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '{',
    '}',
    ':',
    '/',
    'a',
    ' ',
    `"${CARD}"`,
    '&#52;',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...bits, CARD), { maxLength: 30 }), (parts) => {
      const raw = parts.join('');
      expect(masked(raw)).toHaveLength(raw.length);
      expect(findCardNumbers(masked(raw))).toEqual([]);
    }),
  );
});

test.each(['<a"', '<!--', '<![CDATA[', '<a ', '<?', '<a b=', '"', '{"a":', '<a>', '\\u00'])(
  'half a million characters of %s are no matter',
  (bit) => {
    const raw = bit.repeat(Math.ceil(500_000 / bit.length));
    expect(masked(raw)).toBe(raw);
    expect(masked(`<${raw}`)).toBe(`<${raw}`);
  },
);
