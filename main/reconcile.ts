// Compares central's shelves at its present cut with the book that the agent confirmed, down to the SKU (L6).
import { setTimeout as sleep } from 'node:timers/promises';
import { bucketOf } from '../core/digest.ts';
import { DIFFERENCES_MAX, RECONCILE_PAUSE_MS, RECONCILE_TRIES_MAX } from '../core/limits.ts';
import { CutRow, CutShelves } from '../protocol/hq/cut.ts';
import type { JournalReader, ReaderBook } from '../storage/reader.ts';
import type { CentralClient } from './central-client.ts';

export type Reconciled = {
  store: string;
  /** Null where the two do not stand at the same cut, so that nothing can be compared. */
  agree: boolean | null;
  storeCut: Place;
  centralCut: Place;
  /** SKUs on which they differ, at most DIFFERENCES_MAX. */
  differing: string[];
  /** For people, the most important first. */
  sentences: string[];
};
type Place = { epoch: number; seq: number; dseq: number };

/** A mark may be on its way: asked a few times before it is said that the cuts differ. */
export async function reconcile(
  reader: JournalReader,
  central: CentralClient,
  pause: (ms: number) => Promise<void> = sleep,
): Promise<Reconciled> {
  for (let tries = 1; ; tries++) {
    const cut = await central.get(`/stores/${reader.store}/cut`, {}, CutRow);
    const book = reader.book();
    const found = samePlace(cut, book) ? await compare(reader.store, book, cut, central) : null;
    if (found !== null) return found;
    if (tries === RECONCILE_TRIES_MAX) return apart(reader, book, cut);
    await pause(RECONCILE_PAUSE_MS);
  }
}

const samePlace = (a: Place, b: Place): boolean => a.epoch === b.epoch && a.seq === b.seq && a.dseq === b.dseq;
const placeOf = ({ epoch, seq, dseq }: Place): Place => ({ epoch, seq, dseq });
const named = ({ epoch, seq, dseq }: Place): string => `entry ${epoch}:${seq} and decision d${dseq}`;

/** Null where central moved on meanwhile. */
async function compare(
  store: string,
  book: ReaderBook,
  cut: CutRow,
  central: CentralClient,
): Promise<Reconciled | null> {
  const differing: string[] = [];
  const buckets = cut.buckets.flatMap((sum, bucket) => (sum === book.buckets[bucket] ? [] : [bucket]));
  for (const bucket of buckets) {
    const theirs = await central.get(`/stores/${store}/cut/${bucket}`, {}, CutShelves);
    if (!samePlace(theirs, book)) return null;
    differing.push(...skusThatDiffer(book, bucket, new Map(theirs.shelves.map(({ sku, hash }) => [sku, hash]))));
  }
  const sentences: string[] = [];
  if (buckets.length > 0 && differing.length === 0) {
    sentences.push('The digests differ, but no shelf does: the digest of one side does not belong to its shelves.');
  }
  if (differing.length > 0)
    sentences.push(`${differing.length} SKUs differ: ${differing.slice(0, DIFFERENCES_MAX).join(', ')}.`);
  if (cut.outcomes !== book.outcomes) sentences.push('What became of the entries is told differently on both sides.');
  const agree = sentences.length === 0;
  const head = agree
    ? `Store ${store} and central agree at ${named(book)}: the same shelves, the same outcomes.`
    : `Store ${store} and central differ at ${named(book)}.`;
  return {
    ...{ store, agree, storeCut: placeOf(book), centralCut: placeOf(cut) },
    differing: differing.slice(0, DIFFERENCES_MAX),
    sentences: [head, ...sentences],
  };
}

function skusThatDiffer(book: ReaderBook, bucket: number, theirs: ReadonlyMap<string, string>): string[] {
  const ours = [...book.shelves.keys()].filter((sku) => bucketOf(sku) === bucket);
  return [...new Set([...ours, ...theirs.keys()])].filter((sku) => book.shelves.get(sku) !== theirs.get(sku)).sort();
}

/** What is still to come before anything can be compared. */
function apart(reader: JournalReader, book: ReaderBook, cut: CutRow): Reconciled {
  const { store } = reader;
  const waiting = reader.epochs().reduce((sum, epoch) => sum + Math.max(0, epoch.seq - epoch.settled), 0);
  const sentences = [
    `Store ${store} is confirmed up to ${named(book)}, central stands at ${named(cut)}: nothing can be compared yet.`,
  ];
  if (waiting > 0) sentences.push(`${waiting} entries of the store have still to be settled.`);
  if (cut.heldDseq > cut.ackedDseq) {
    sentences.push(`${cut.heldDseq - cut.ackedDseq} decisions of head office have still to reach the store.`);
  }
  sentences.push('Try again when the store is online and has nothing left to send.');
  return { store, agree: null, storeCut: placeOf(book), centralCut: placeOf(cut), differing: [], sentences };
}
