// Finds where two digests of one cut differ, and asks a person about each shelf that still does (L6).
import { BUCKETS, bucketHex, shelfHash } from '../core/digest.ts';
import { type ExceptionDraft, exceptionId } from '../core/exception.ts';
import { hex } from '../core/hash.ts';
import { COMPARE_SKUS_MAX, DIGEST_SHELVES_MAX } from '../core/limits.ts';
import { directiveName, factName } from '../core/order.ts';
import { sha256 } from '../protocol/sha256.ts';
import type { Compare } from '../protocol/wire/frames.ts';
import { signFrame } from '../protocol/wire/signing.ts';
import { decide } from './decide.ts';
import type { Intake } from './intake.ts';
import { judgeSigned, type Refused, reject, type Stream, unknownStore } from './judge.ts';
import type { LedgerTx } from './ports.ts';
import { addressed, headOf, markOf, type Reply, refusalOf } from './replies.ts';

/** What the ledger answers: shelves of the buckets that differ, or where it stands by now. */
type Answer = ({ kind: 'shelves' } & Shelves) | { kind: 'stands'; stream: Stream };
/** Every shelf of these buckets that central has something to say of. */
type Shelves = { buckets: number[]; shelves: [sku: string, hash: string][] };

/**
 * Of the three steps a store takes the first and the third. Only at the very cut that central is at: what was said of
 * another one is answered by a fresh mark. The mark behind the third step covers the questions that were raised.
 */
export async function takeCompare(intake: Intake, compare: Compare): Promise<Reply[]> {
  const answer = await intake.ledger.transaction((tx) => answerTo(tx, intake, compare));
  if (answer.kind === 'shelves') return [shelvesFrame(intake, compare, answer)];
  if (answer.kind !== 'stands') return [refusalOf(intake, compare, answer)];
  const head = headOf(answer.stream);
  return head === null ? [] : [markOf(intake, compare, head)];
}

async function answerTo(tx: LedgerTx, intake: Intake, compare: Compare): Promise<Refused | Answer> {
  const { store, found } = compare;
  const stream = await tx.streams.lock(store, compare.instance);
  if (stream === null) return unknownStore(store);
  const refused = judgeSigned(stream, compare);
  if (refused !== null) return refused;
  if (found.step === 'shelves')
    return reject('malformed', "A comparison's shelves are central's to say, not a store's.");
  if (!isHere(stream, compare)) return { kind: 'stands', stream };
  if (found.step === 'differing') return { kind: 'stands', stream: await ask(tx, intake, stream, found.skus) };
  const buckets = differingBuckets(stream.buckets, found.sums);
  return { kind: 'shelves', ...(await shelvesIn(tx, store, buckets)) };
}

const isHere = ({ epoch, seq, dseq }: Stream, { cut }: Compare): boolean =>
  epoch !== null && cut.at.epoch === epoch.ordinal && cut.at.seq === seq && cut.dseq === dseq;

export const differingBuckets = (ours: Uint8Array, theirs: readonly string[]): number[] =>
  Array.from({ length: BUCKETS }, (_, bucket) => bucket).filter((bucket) => bucketHex(ours, bucket) !== theirs[bucket]);

/** Whole buckets as long as they fit a frame: the next comparison finds what is in the others. */
async function shelvesIn(tx: LedgerTx, store: string, differing: number[]): Promise<Shelves> {
  const told: Shelves = { buckets: [], shelves: [] };
  for (const bucket of differing) {
    const held = await tx.shelves.inBucket(store, bucket);
    const hashes = held.flatMap(({ sku, shelf }): [string, string][] => {
      const hash = shelfHash(sha256, sku, shelf);
      return hash === null ? [] : [[sku, hex(hash)]];
    });
    if (told.shelves.length + hashes.length > DIGEST_SHELVES_MAX) break;
    told.buckets.push(bucket);
    told.shelves.push(...hashes);
  }
  return told;
}

/** No shelf differs, and what the shelves were explained with does. */
const NO_SKU = '';

/** One question for each shelf that is not asked about yet; one for the store where none was named. */
async function ask(tx: LedgerTx, intake: Intake, stream: Stream, named: string[]): Promise<Stream> {
  const skus = named.length === 0 ? [NO_SKU] : named;
  const open = await tx.exceptions.openAbout(stream.store, 'position-differs', skus);
  const fresh = [...new Set(skus)].filter((sku) => !open.has(sku)).slice(0, COMPARE_SKUS_MAX);
  if (fresh.length === 0) return stream;
  const drafts = fresh.map((sku) => ({
    by: 'central',
    body: { kind: 'exception-raised', exception: differs(stream, sku, intake.wallMs()) } as const,
  }));
  return decide(tx, intake, stream, drafts);
}

export function differs({ store, epoch, seq, dseq }: Stream, sku: string, raisedMs: number): ExceptionDraft {
  const fact = factName({ epoch: epoch?.ordinal ?? 0, seq });
  const cut = `${fact}+${directiveName(dseq)}`;
  return {
    id: exceptionId('position-differs', cut, sku),
    type: 'position-differs',
    sku: sku === NO_SKU ? null : sku,
    evidence: dseq === 0 ? [fact] : [fact, directiveName(dseq)],
    message:
      sku === NO_SKU
        ? `Store ${store} and head office explain the same stock differently: their figures agree, their reasons do not.`
        : `Store ${store} and head office hold different figures for ${sku}, although both have counted the same documents.`,
    raisedMs,
  };
}

const shelvesFrame = (intake: Intake, compare: Compare, { buckets, shelves }: Shelves): Compare =>
  signFrame<Compare>(
    {
      kind: 'compare',
      ...addressed(compare),
      cut: compare.cut,
      found: { step: 'shelves', buckets, shelves },
      at: intake.wallMs(),
    },
    intake.signer,
  );
