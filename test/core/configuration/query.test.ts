// Queries: which stores are meant, and what is wrong with one that cannot be read.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matches, parseQuery, type Query, ringOf, type StorePlace } from '../../../core/configuration/query.ts';
import { sha256 } from '../../../protocol/sha256.ts';

function query(text: string): Query {
  const parsed = parseQuery(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.query;
}
const PLACE: StorePlace = { store: 'S001', region: 'north', ring: 'pilot', tills: ['ncr', 'kiosk'] };
const isMeant = (text: string, place = PLACE, revision = 1): boolean => matches(query(text), place, revision, sha256);

describe('a query', () => {
  test.each([
    ['all', true],
    ['region=north', true],
    ['region=south', false],
    ['region=south,north', true],
    ['ring=pilot and region=north', true],
    ['ring=pilot and region=south', false],
    ['till=kiosk', true],
    ['till=wincor,ncr AND store=S001', true],
    ['store=S002, S001', true],
    ['store=s001', false],
    [' region = north ', true],
    ['all and region=south', false],
    ['share=100', true],
  ])('%s', (text, expected) => expect(isMeant(text)).toBe(expected));

  test('means no store that says nothing of itself, but by "all", its name, or a share', () => {
    for (const text of ['region=north', 'ring=pilot', 'till=ncr']) expect(isMeant(text, { store: 'S9' })).toBe(false);
    for (const text of ['all', 'store=S9', 'share=100']) expect(isMeant(text, { store: 'S9' })).toBe(true);
  });

  test.each([
    ['', /names no stores/],
    ['north', /not understood/],
    ['area=north', /"area" is not known: use region, ring, till, store or share/],
    ['region=', /"region" has no value/],
    ['region=north,,south', /"region" has no value/],
    ['region=north till=ncr', /joined by "and"/],
    ['region=north and region=south', /write region=a,b/],
    ['share=0', /from 1 to 100/],
    ['share=101', /from 1 to 100/],
    ['share=1.5', /from 1 to 100/],
    ['region=north or till=ncr', /joined by "and"/],
    ['region=north and', /joined by "and"/],
  ])('"%s" is told in words', (text, problem) =>
    expect(parseQuery(text)).toEqual({ ok: false, problem: expect.stringMatching(problem) }),
  );

  test('generated: whatever is typed is read or told', () => {
    fc.assert(fc.property(fc.string({ maxLength: 60 }), (text) => typeof parseQuery(text).ok === 'boolean'));
  });
});

describe('a share', () => {
  const stores = Array.from({ length: 5_000 }, (_, at) => `S${String(at).padStart(4, '0')}`);
  const picked = (percent: number, revision: number): string[] =>
    stores.filter((store) => isMeant(`share=${percent}`, { store }, revision));

  test('is about as large as it says, and holds what a smaller one holds', () => {
    const [ten, fifty] = [picked(10, 3), picked(50, 3)];
    expect(ten.length).toBeGreaterThan(400);
    expect(ten.length).toBeLessThan(600);
    expect(ten.filter((store) => !fifty.includes(store))).toEqual([]);
  });

  test('is the same each time, and another one for another revision', () => {
    expect(picked(10, 3)).toEqual(picked(10, 3));
    expect(picked(10, 4)).not.toEqual(picked(10, 3));
  });
});

test('a store belongs to the first ring that means it', () => {
  const rings = ['store=S009', 'region=north', 'all'].map(query);
  expect(ringOf(rings, PLACE, 1, sha256)).toBe(1);
  expect(ringOf(rings, { store: 'S009', region: 'north' }, 1, sha256)).toBe(0);
  expect(ringOf(rings, { store: 'S010' }, 1, sha256)).toBe(2);
  expect(ringOf(rings.slice(0, 2), { store: 'S010' }, 1, sha256)).toBe(null);
});
