// Which facts cannot do without which others, and what is guessed of those that nobody can read.
import { expect, test } from 'vitest';
import { dependsOn, documentName, guessNames } from '../../core/dependence.ts';
import type { FactContent } from '../../core/fact.ts';
import { movement, transaction } from '../facts.ts';

const OWN = 'T1|2026-11-21|1042';
const line = (original?: { store?: string; receipt: string; businessDate?: string }) => ({
  sku: 'A',
  quantity: 1_000,
  original,
});

test('all kinds of one document share its name', () => {
  expect(documentName(transaction('sale', [line()]))).toBe(OWN);
  expect(documentName(transaction('return', [line()]))).toBe(OWN);
  expect(documentName(movement('adjustment', []))).toBe('T1|2026-11-21|D-7');
});

test.each<[string, FactContent, string[]]>([
  ['a sale on its own', transaction('sale', [line()]), [OWN]],
  [
    'a void, on what it voids',
    transaction('void', [line()], { voids: { receipt: '7', workstation: 'T2' } }),
    [OWN, 'T2|2026-11-21|7'],
  ],
  [
    'a return, on the receipts of its lines',
    transaction('return', [
      line({ receipt: '7', businessDate: '2026-11-01' }),
      line({ store: 'S1', receipt: '8' }),
      line(),
    ]),
    [OWN, 'T1|2026-11-01|7', 'T1|2026-11-21|8'],
  ],
  ['but not on those of other stores', transaction('return', [line({ store: 'S2', receipt: '7' })]), [OWN]],
])('%s', (_, content, names) => expect([...dependsOn('S1', content)]).toEqual(names));

test('a document is taken back by its key', () => {
  const original = { content: movement('adjustment', []), lo: 0, hi: 1, frame: 1, frameStart: 0 } as const;
  const { lines: _, ...papers } = movement('adjustment', [], { document: 'V1' });
  const content: FactContent = { ...papers, kind: 'reversal', reverses: 'S1|T1|2026-11-20|D-7|adjustment', original };
  expect([...dependsOn('S1', content)]).toEqual(['T1|2026-11-21|V1', 'T1|2026-11-20|D-7']);
});

test('names of what cannot be read come from its key and its content, as far as they are words', () => {
  const content = { workstation: 'T1', businessDate: '2026-11-21', receipt: '1042' };
  expect(guessNames(JSON.stringify({ v: 9, key: 'S1|T2|2026-11-20|7|sale', content }))).toEqual([
    'T2|2026-11-20|7',
    OWN,
  ]);
  expect(guessNames(JSON.stringify({ content: { ...content, receipt: 'a\u0000b' } }))).toEqual([]);
  expect(guessNames(JSON.stringify({ content: { ...content, receipt: 7 }, key: 'x' }))).toEqual([]);
  for (const text of ['', 'no JSON', 'null', '[]', '"x"', '{"content":null}']) expect(guessNames(text)).toEqual([]);
});
