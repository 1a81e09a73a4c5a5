// From the document that people write to what is signed: a document for each store, and one hash over all of them.
import { canonicalJson } from '../canonical.ts';
import { type Hash, hex, utf8 } from '../hash.ts';
import { effectiveOf, OTHER_STORES, type Source } from './layers.ts';
import { leafOf, type ProofStep, proofOf, type Tree, treeOf } from './merkle.ts';

/** Documents are made anew when they are asked for: all of them at once can be far more than the source. */
export type Compiled = {
  source: Source;
  /** "*" for stores that the source does not name, then those that it names, in order. */
  stores: readonly string[];
  /** SHA-256 of the canonical JSON of the source. */
  sourceDigest: string;
  root: string;
  documents: number;
  expiresMs: number;
  tree: Tree;
  places: ReadonlyMap<string, number>;
};

/** Throws `Defect` for a number that is not whole: whoever reads a source looks for those first. */
export function compile(source: Source, hash: Hash): Compiled {
  const stores = [OTHER_STORES, ...Object.keys(source.stores).sort()];
  const tree = treeOf(
    hash,
    stores.map((store) => leafOf(hash, documentText(source, store))),
  );
  return {
    source,
    stores,
    sourceDigest: hex(hash(utf8(canonicalJson(source)))),
    root: tree.root,
    documents: stores.length,
    expiresMs: Date.parse(source.expires),
    tree,
    places: new Map(stores.map((store, at) => [store, at])),
  };
}

/** Canonical JSON of what one store gets. */
export const documentText = (source: Source, store: string): string =>
  canonicalJson({ v: 1, revision: source.revision, store, configuration: effectiveOf(source, store).configuration });

/** `addressee` is the store, or "*" where the source does not name it. */
export type DocumentForStore = { addressee: string; document: string; proof: ProofStep[] };

export function documentFor(compiled: Compiled, store: string): DocumentForStore {
  const addressee = compiled.places.has(store) ? store : OTHER_STORES;
  const at = compiled.places.get(addressee) ?? 0;
  return { addressee, document: documentText(compiled.source, addressee), proof: proofOf(compiled.tree, at) };
}

/** Canonical JSON of what people sign. */
export const envelopeText = (compiled: Compiled, issuedMs: number): string =>
  canonicalJson({
    kind: 'tillwire configuration',
    v: 1,
    revision: compiled.source.revision,
    title: compiled.source.title,
    issuedMs,
    expiresMs: compiled.expiresMs,
    source: compiled.sourceDigest,
    root: compiled.root,
    documents: compiled.documents,
  });
