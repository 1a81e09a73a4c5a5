// A store's positions in 256 sums: equal on both sides at each cut, changed by one subtraction and one addition.
import { canonicalJson } from './canonical.ts';
import { type Hash, hex, utf8 } from './hash.ts';
import { PLACES } from './posting.ts';
import type { Shelf } from './shelf.ts';

export const BUCKETS = 256;
const HASH_BYTES = 16;
const WORD_BYTES = 4;

/** 256 sums modulo 2^128, big-endian, one behind the other. */
export const emptyBuckets = (): Uint8Array => new Uint8Array(BUCKETS * HASH_BYTES);

/** Of a SKU, from 0: FNV-1a over its UTF-16 code units. */
export function bucketOf(sku: string): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < sku.length; i++) sum = Math.imul(sum ^ sku.charCodeAt(i), 0x01000193);
  return (sum >>> 0) % BUCKETS;
}

/** 16 bytes over everything both sides must agree on; null for a shelf of which there is nothing to say. */
export function shelfHash(hash: Hash, sku: string, shelf: Shelf): Uint8Array | null {
  const { places, known, newest, open, reservations } = shelf;
  const isEmpty = newest === null && !known && open.length === 0 && reservations.length === 0;
  if (isEmpty && PLACES.every((place) => places[place] === 0)) return null;
  const said = [
    sku,
    PLACES.map((place) => places[place]),
    known,
    newest === null ? null : [newest.key, newest.line],
    open.map(({ dseq, amount }) => [dseq, amount]),
    reservations.map(({ reservation, quantity }) => [reservation, quantity]),
  ];
  return hash(utf8(canonicalJson(said))).subarray(0, HASH_BYTES);
}

/** Replaces what a SKU had added to its sum by what it adds now, in place. */
export function replaceInBuckets(
  buckets: Uint8Array,
  sku: string,
  before: Uint8Array | null,
  after: Uint8Array | null,
): void {
  const at = bucketOf(sku) * HASH_BYTES;
  const sum = new DataView(buckets.buffer, buckets.byteOffset + at, HASH_BYTES);
  if (before !== null) add(sum, before, -1);
  if (after !== null) add(sum, after, 1);
}

function add(sum: DataView, term: Uint8Array, sign: 1 | -1): void {
  const view = new DataView(term.buffer, term.byteOffset, HASH_BYTES);
  let carry = 0;
  for (let word = HASH_BYTES - WORD_BYTES; word >= 0; word -= WORD_BYTES) {
    const total = sum.getUint32(word) + sign * view.getUint32(word) + carry;
    sum.setUint32(word, total);
    carry = Math.floor(total / 2 ** 32);
  }
}

/** Of all positions, 64 hex digits: what a mark carries (R4). */
export const digestOf = (hash: Hash, buckets: Uint8Array): string => hex(hash(buckets));

/** One sum in hex, to be compared where the digests differ. */
export const bucketHex = (buckets: Uint8Array, bucket: number): string =>
  hex(buckets.subarray(bucket * HASH_BYTES, (bucket + 1) * HASH_BYTES));
