// Entries of a store to rows of the ledger: reads each, tells duplicates, posts. Decided without any I/O.
import { contentHash, type Fact, naturalKey } from '../core/fact.ts';
import type { Hash } from '../core/hash.ts';
import { POSITION_MAX } from '../core/limits.ts';
import type { FactOutcome, Position } from '../core/position.ts';
import { postFact } from '../core/position.ts';
import { PLACES, type Posting } from '../core/posting.ts';
import { FactSchema } from '../protocol/fact.ts';

/** An entry as it came; fact and hash are null where its bytes cannot be read. */
export type Arrived = {
  seq: number;
  chain: string;
  /** Last sequence number of the signed batch it came in. */
  batchLast: number;
  bytes: Uint8Array;
  read: { fact: Fact; hash: string } | null;
};

/** Who looks at a fact that could not be posted. */
export type Owner = 'inventory-control' | 'it';
export type Posted = { arrived: Arrived; result: FactOutcome; postings: Posting[]; owner: Owner | null };

/** What the ledger held before: content hashes by natural key, and the positions of all SKUs that the facts name. */
export type Before = { keys: Map<string, string>; positions: Map<string, Position> };

/** The fact in the bytes; null where this version cannot read it or it belongs to another store (L9). */
export function readFact(store: string, text: string, hash: Hash): Arrived['read'] {
  const json = parseJson(text);
  const parsed = FactSchema.safeParse(json);
  if (!parsed.success || parsed.data.store !== store) return null;
  if (parsed.data.key !== naturalKey(store, parsed.data.content)) return null;
  // The value that was checked, not the checker's copy: it still has the order of its canonical bytes.
  const fact = json as Fact;
  return { fact, hash: contentHash(hash, fact.content) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Posts in sequence. `before` is changed in place: its keys and positions are those after the last entry.
 * A fact that cannot be posted uses up its sequence number and nothing else: the ones behind it flow (L2).
 */
export function postArrived(arrived: Arrived[], before: Before): Posted[] {
  return arrived.map((entry) => postOne(entry, before));
}

function postOne(arrived: Arrived, before: Before): Posted {
  if (arrived.read === null) return refused(arrived, 'unreadable', 'it');
  const { fact, hash } = arrived.read;
  const known = before.keys.get(fact.key);
  if (known === hash) {
    return { arrived, result: { outcome: 'duplicate', reason: 'key-used-twice' }, postings: [], owner: null };
  }
  if (known !== undefined) return refused(arrived, 'other-body', 'inventory-control');
  if (fact.content.lines.some((line) => isFull(before.positions.get(line.sku)))) {
    return refused(arrived, 'out-of-bounds', 'inventory-control');
  }
  before.keys.set(fact.key, hash);
  return { arrived, ...postFact(before.positions, fact.content), owner: null };
}

const refused = (arrived: Arrived, reason: FactOutcome['reason'], owner: Owner): Posted => ({
  arrived,
  result: { outcome: 'refused', reason },
  postings: [],
  owner,
});

const isFull = (position: Position | undefined): boolean =>
  position !== undefined && PLACES.some((place) => Math.abs(position[place]) > POSITION_MAX);

/** SKUs that the facts name, each once. */
export function skusOf(arrived: Arrived[]): string[] {
  const skus = new Set<string>();
  for (const { read } of arrived) for (const line of read?.fact.content.lines ?? []) skus.add(line.sku);
  return [...skus];
}

export const keysOf = (arrived: Arrived[]): string[] => [
  ...new Set(arrived.flatMap(({ read }) => (read === null ? [] : [read.fact.key]))),
];
