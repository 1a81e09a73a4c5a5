// The tree over all documents: each store's document proves itself, and nothing else does.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../core/canonical.ts';
import { compile, documentFor, envelopeText } from '../../../core/configuration/compile.ts';
import type { Source } from '../../../core/configuration/layers.ts';
import { isInTree, leafOf, proofOf, treeOf } from '../../../core/configuration/merkle.ts';
import { PROOF_STEPS_MAX } from '../../../core/limits/configuration.ts';
import { sha256 } from '../../../protocol/sha256.ts';

const documents = fc.uniqueArray(fc.string({ maxLength: 8 }), { minLength: 1, maxLength: 40 });
const treeOver = (texts: readonly string[]) =>
  treeOf(
    sha256,
    texts.map((text) => leafOf(sha256, text)),
  );

describe('the tree', () => {
  test('generated: each document is in it by its own proof, and no other text is', () => {
    fc.assert(
      fc.property(documents, fc.nat(), fc.string({ maxLength: 8 }), (texts, pick, other) => {
        const tree = treeOver(texts);
        const at = pick % texts.length;
        const under = { root: tree.root, documents: texts.length };
        const proof = proofOf(tree, at);
        expect(isInTree(sha256, texts[at] ?? '', proof, under)).toBe(true);
        fc.pre(other !== texts[at]);
        expect(isInTree(sha256, other, proof, under)).toBe(false);
      }),
    );
  });

  test('generated: another document in it, one more, or the last one twice is another root', () => {
    fc.assert(
      fc.property(documents, fc.nat(), (texts, pick) => {
        const { root } = treeOver(texts);
        const at = pick % texts.length;
        expect(treeOver(texts.with(at, `${texts[at]}!`)).root).not.toBe(root);
        expect(treeOver([...texts, texts.at(-1) ?? '']).root).not.toBe(root);
      }),
    );
  });

  test('an inner node is no document', () => {
    const tree = treeOver(['a', 'b', 'c', 'd']);
    const [left = '', right = ''] = tree.levels[1] ?? [];
    expect(isInTree(sha256, `${left}${right}`, [], { root: tree.root, documents: 4 })).toBe(false);
  });

  test('a proof is no longer than the tree is high', () => {
    const tree = treeOver(['a', 'b', 'c']);
    const isOf = (documents: number) => isInTree(sha256, 'a', proofOf(tree, 0), { root: tree.root, documents });
    expect([4, 3, 2, 1].map(isOf)).toEqual([true, true, false, false]);
    // Bounds leave room for as many stores as a document may name.
    expect(2 ** PROOF_STEPS_MAX).toBeGreaterThan(50_001);
  });
});

const SOURCE: Source = {
  ...{ revision: 7, title: 'Smaller batches', expires: '2027-01-01T01:00:00+01:00', rings: {} },
  ...{ chain: { log: { level: 'info' } }, regions: { north: { sync: { batchEntries: 5 } } } },
  stores: { S002: { region: 'north' }, S001: {} },
};

describe('a compiled source', () => {
  const compiled = compile(SOURCE, sha256);

  test('has a document for others first, then one for each store in order', () => {
    expect(compiled.stores).toEqual(['*', 'S001', 'S002']);
    expect(JSON.parse(documentFor(compiled, 'S002').document)).toEqual({
      ...{ v: 1, revision: 7, store: 'S002' },
      configuration: { log: { level: 'info' }, sync: { batchEntries: 5 } },
    });
  });

  test('has documents in canonical JSON', () => {
    for (const store of compiled.stores) {
      const { document } = documentFor(compiled, store);
      expect(canonicalJson(JSON.parse(document))).toBe(document);
    }
  });

  test.each(['S001', 'S002', 'S999'])('proves what %s gets', (store) => {
    const { addressee, document, proof } = documentFor(compiled, store);
    expect(addressee).toBe(store === 'S999' ? '*' : store);
    expect(isInTree(sha256, document, proof, compiled)).toBe(true);
  });

  test('does not depend on the order in which things were written', () => {
    const other = { ...SOURCE, stores: { S001: {}, S002: { region: 'north' } } };
    expect(compile(other, sha256)).toMatchObject({ root: compiled.root, sourceDigest: compiled.sourceDigest });
  });

  test('differs in root and source where one store differs', () => {
    const other = compile(
      { ...SOURCE, stores: { ...SOURCE.stores, S001: { values: { log: { level: 'warn' } } } } },
      sha256,
    );
    expect(other.root).not.toBe(compiled.root);
    expect(other.sourceDigest).not.toBe(compiled.sourceDigest);
  });

  test('says in its envelope all that is signed', () =>
    expect(JSON.parse(envelopeText(compiled, 5))).toEqual({
      ...{ kind: 'tillwire configuration', v: 1, revision: 7, title: 'Smaller batches', issuedMs: 5 },
      ...{ expiresMs: Date.UTC(2027, 0, 1), source: compiled.sourceDigest, root: compiled.root, documents: 3 },
    }));
});
