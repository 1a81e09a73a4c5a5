// One hash over the documents of all stores, and the proof that a document is one of them.
import { type Hash, hex, utf8 } from '../hash.ts';

/** The neighbour that a hash is joined with on the way to the root. */
export type ProofStep = { side: 'left' | 'right'; hash: string };

/** From the leaves to the root; each level about half of the one below. */
export type Tree = { root: string; levels: readonly (readonly string[])[] };

/** Leaves and inner nodes are spelled differently, so that none passes for the other; 64 hex digits each. */
export const leafOf = (hash: Hash, document: string): string => hex(hash(utf8(`tillwire document ${document}`)));
const nodeOf = (hash: Hash, left: string, right: string): string => hex(hash(utf8(`tillwire node ${left}${right}`)));

/** Of at least one leaf. An odd node goes up as it is: to double it would give two lists of leaves one root. */
export function treeOf(hash: Hash, leaves: readonly string[]): Tree {
  const levels: string[][] = [[...leaves]];
  for (let level = levels[0] ?? []; level.length > 1; levels.push(level)) {
    level = pairsOf(level).map(([left, right]) => (right === undefined ? left : nodeOf(hash, left, right)));
  }
  return { root: levels.at(-1)?.[0] ?? leafOf(hash, ''), levels };
}

const pairsOf = (level: readonly string[]): [left: string, right: string | undefined][] =>
  level.flatMap((left, at): [string, string | undefined][] => (at % 2 === 0 ? [[left, level[at + 1]]] : []));

/** Of the leaf at this place, from 0. */
export function proofOf(tree: Tree, at: number): ProofStep[] {
  return tree.levels.slice(0, -1).flatMap((level, depth): ProofStep[] => {
    const place = Math.floor(at / 2 ** depth);
    const hash = level[place % 2 === 0 ? place + 1 : place - 1];
    return hash === undefined ? [] : [{ side: place % 2 === 0 ? 'right' : 'left', hash }];
  });
}

/** Whether a document is one of those under a root; `documents`: how many there are, which bounds the way. */
export function isInTree(
  hash: Hash,
  document: string,
  proof: readonly ProofStep[],
  { root, documents }: { root: string; documents: number },
): boolean {
  if (proof.length > Math.ceil(Math.log2(documents))) return false;
  const reached = proof.reduce(
    (at, step) => (step.side === 'left' ? nodeOf(hash, step.hash, at) : nodeOf(hash, at, step.hash)),
    leafOf(hash, document),
  );
  return reached === root;
}
