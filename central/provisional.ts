// What a store says it holds "so far" of the shelves that its backlog changes: shown until that backlog is posted.
import { compareAt } from '../core/order.ts';
import type { DigestFrame } from '../protocol/wire/frames.ts';
import type { Intake } from './intake.ts';
import { judgeSigned, type Refused, type Stream, unknownStore } from './judge.ts';
import type { LedgerTx } from './ports.ts';
import { type Reply, refusalOf } from './replies.ts';

/** Keeps a page of it; says nothing. Pages of an older backlog than the newest one, or of one that is posted, are late. */
export async function takeDigest(intake: Intake, digest: DigestFrame): Promise<Reply[]> {
  const refused = await intake.ledger.transaction((tx) => keep(tx, intake, digest));
  return refused === null ? [] : [refusalOf(intake, digest, refused)];
}

async function keep(tx: LedgerTx, intake: Intake, digest: DigestFrame): Promise<Refused | null> {
  const { store, tip } = digest;
  const stream = await tx.streams.lock(store, digest.instance);
  if (stream === null) return unknownStore(store);
  const refused = judgeSigned(stream, digest);
  if (refused !== null) return refused;
  const newest = await tx.provisional.tip(store);
  if (isPosted(stream, digest) || (newest !== null && compareAt(tip, newest) < 0)) return null;
  const bySku = new Map(digest.shelves.map(([sku, onHand, reserved]) => [sku, { sku, onHand, reserved }]));
  await tx.provisional.keep(store, { tip, atMs: intake.wallMs(), shelves: [...bySku.values()] });
  return null;
}

const isPosted = ({ epoch, seq }: Stream, { tip }: DigestFrame): boolean =>
  epoch !== null && compareAt(tip, { epoch: epoch.ordinal, seq }) <= 0;
