// What makes a fact the same fact, and what binds it to all before it.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sealFact } from '../../core/captured.ts';
import { genesisChain, linkChain } from '../../core/chain.ts';
import { contentHash, documentNumber, factBytes, naturalKey } from '../../core/fact.ts';
import { concat, fromHex, hex, text, utf8 } from '../../core/hash.ts';
import { FactSchema, Identifier } from '../../protocol/fact.ts';
import { sha256 } from '../../protocol/sha256.ts';
import { movement, transaction } from '../facts.ts';

const sale = transaction('sale', [{ sku: 'A', quantity: 1_000 }]);
const context = {
  store: 'S001',
  recorded: { ms: 1_000, n: 2 },
  frame: { frame: 3, startMs: 900, monotonicStartMs: 0 },
  seen: 0,
  revision: 0,
};

test('a key names store, workstation, trading day, number and kind (D3)', () => {
  expect(naturalKey('S001', sale)).toBe('S001|T1|2026-11-21|1042|sale');
  expect(naturalKey('S001', movement('adjustment', [{ sku: 'A', quantity: 1 }]))).toBe(
    'S001|T1|2026-11-21|D-7|adjustment',
  );
  expect(documentNumber(sale)).toBe('1042');
});

test('an identifier can never hold what separates a key', () => {
  for (const bad of ['a|b', ' a', 'a ', '', 'a\nb', 'a\u0000', 'x'.repeat(65), '\ud800']) {
    expect(Identifier.safeParse(bad).success, JSON.stringify(bad)).toBe(false);
  }
  for (const good of ['85123A', 'gift_0001_40', 'BANK CHARGES', 'Ärmel-ß', '7'])
    expect(Identifier.parse(good)).toBe(good);
});

test('the same content has the same hash, whatever the order of its fields; any change another', () => {
  const reordered = Object.fromEntries(Object.entries(sale).reverse()) as typeof sale;
  expect(contentHash(sha256, reordered)).toBe(contentHash(sha256, sale));
  expect(contentHash(sha256, { ...sale, total: 1 })).not.toBe(contentHash(sha256, sale));
});

test('a sealed fact survives its bytes and its schema', () => {
  const captured = {
    content: sale,
    feed: 'http',
    skew: { ms: -5, boundMs: 2_000 },
    trace: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  };
  const fact = sealFact(captured, context);
  expect(FactSchema.parse(JSON.parse(text(factBytes(fact))))).toEqual(fact);
  expect(fact).toMatchObject({ hi: 1_000, frame: 3, frameStart: 900, skewMs: -5, key: 'S001|T1|2026-11-21|1042|sale' });
});

test('a chain depends on every byte, their order, the store and the life of the journal', () => {
  const epoch = { ordinal: 1, life: '0'.repeat(32) };
  const genesis = genesisChain(sha256, 'S001', epoch);
  expect(genesis).not.toBe(genesisChain(sha256, 'S002', epoch));
  expect(genesis).not.toBe(genesisChain(sha256, 'S001', { ...epoch, life: '1'.repeat(32) }));
  const ab = linkChain(sha256, linkChain(sha256, genesis, utf8('a')), utf8('b'));
  const ba = linkChain(sha256, linkChain(sha256, genesis, utf8('b')), utf8('a'));
  expect(ab).not.toBe(ba);
  expect(linkChain(sha256, genesis, utf8('ab'))).not.toBe(ab);
  expect(ab).toMatch(/^[0-9a-f]{64}$/);
});

test('hex and concat are exact', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
      expect(fromHex(hex(a))).toEqual(a);
      expect([...concat(a, b)]).toEqual([...a, ...b]);
    }),
  );
});
