// From the document that people write to what is signed: a document for each store, and one hash over all of them.
import { canonicalJson } from '../canonical.ts';
import { type Hash, hex, utf8 } from '../hash.ts';
import { effectiveOf, OTHER_STORES, own, type Source } from './layers.ts';
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
  /** Canonical JSON of what holds in one store. */
  configurationText(store: string): string;
};

/** Stores that say nothing of their own have what others of their region and ring have: so many are remembered. */
const REMEMBERED_MAX = 64;

/** Throws `Defect` for a number that is not whole: whoever reads a source looks for those first. */
export function compile(source: Source, hash: Hash): Compiled {
  const configurationText = textsOf(source);
  const stores = [OTHER_STORES, ...Object.keys(source.stores).sort()];
  const tree = treeOf(
    hash,
    stores.map((store) => leafOf(hash, documentText(source, store, configurationText))),
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
    configurationText,
  };
}

function textsOf(source: Source): Compiled['configurationText'] {
  const remembered = new Map<string, string>();
  const make = (store: string): string => canonicalJson(effectiveOf(source, store).configuration);
  return (store) => {
    const entry = own(source.stores, store);
    if (entry?.values !== undefined) return make(store);
    const name = `${entry?.region ?? ''} ${entry?.ring ?? ''}`;
    const text = remembered.get(name) ?? make(store);
    if (remembered.size >= REMEMBERED_MAX) remembered.clear();
    remembered.set(name, text);
    return text;
  };
}

/** Canonical JSON of what one store gets. */
export const documentText = (source: Source, store: string, configurationText = textsOf(source)): string =>
  `{"configuration":${configurationText(store)},"revision":${source.revision},"store":${JSON.stringify(store)},"v":1}`;

/** `addressee` is the store, or "*" where the source does not name it. */
export type DocumentForStore = { addressee: string; document: string; proof: ProofStep[] };

export function documentFor(compiled: Compiled, store: string): DocumentForStore {
  const addressee = compiled.places.has(store) ? store : OTHER_STORES;
  const at = compiled.places.get(addressee) ?? 0;
  return {
    addressee,
    document: documentText(compiled.source, addressee, compiled.configurationText),
    proof: proofOf(compiled.tree, at),
  };
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
