// An intake on a ledger, with what its tests ask again and again.
import { afterAll, beforeAll } from 'vitest';
import type { Imbalance } from '../../central/conservation.ts';
import { takeHello } from '../../central/hello.ts';
import { type Intake, offerOf, takeBatches } from '../../central/intake.ts';
import type { Ledger } from '../../central/ports.ts';
import type { Reply } from '../../central/replies.ts';
import type { Position } from '../../core/position.ts';
import type { Place } from '../../core/posting.ts';
import type { Batch } from '../../protocol/wire/frames.ts';
import { makePrivateKeyPem, openSigner } from '../../protocol/wire/signing.ts';
import { type Device, randomHex } from './device.ts';

export type EntrySeen = {
  seq: number;
  bytes: string;
  chain: string;
  outcome: string;
  reason: string | null;
  batchLast: number;
  postings: { line: number; sku: string; from: Place; to: Place; quantity: number }[];
};

/** What tests read of a ledger, in the order of sequence numbers. */
export type LedgerReads = {
  stands(store: string): Promise<{ seq: number | undefined; chain: string | null | undefined }>;
  entries(store: string): Promise<EntrySeen[]>;
  positions(store: string): Promise<Record<string, Position>>;
  deadLetters(store: string): Promise<{ seq: number; reason: string | null; owner: string }[]>;
  evidence(store: string): Promise<{ last: number; statement: string; signature: string; keyId: string }[]>;
  imbalances(store: string): Promise<Imbalance[]>;
};

/** How tests make a ledger fail. */
export type LedgerFaults = {
  /** From now on no posting of the SKU is acceptable. */
  refuseSku(sku: string): Promise<void>;
  /** During `work` the store's entries cannot be committed: `commitFailure` is thrown. */
  whileCommitFails(store: string, work: () => Promise<void>): Promise<void>;
  commitFailure: string;
  /** So many attempts to write entries of the store are given up in favour of others. */
  giveUp(store: string, attempts: number): Promise<void>;
  /** Remembers all that is committed; the answer puts it back, as an older backup would. */
  backUp(): Promise<() => Promise<void>>;
};

export type TestLedger = { ledger: Ledger; reads: LedgerReads; faults: LedgerFaults };
export type Rig = Awaited<ReturnType<typeof openRig>>;

/** One ledger for all tests of the caller; each test takes a store of its own. Filled before the first of them. */
export function useRig<R extends Rig>(open: () => Promise<{ rig: R; close(): Promise<void> }>): R {
  const rig = {} as R;
  let close = async (): Promise<void> => {};
  beforeAll(async () => {
    const opened = await open();
    close = opened.close;
    Object.assign(rig, opened.rig);
  }, 60_000);
  afterAll(() => close());
  return rig;
}

/** One batch on its own: the mark, fence or reject. */
export async function takeBatch(intake: Intake, batch: Batch): Promise<Reply> {
  const [reply, ...more] = await takeBatches(intake, [offerOf(batch)]);
  if (reply === undefined || more.length > 0) throw new Error('one batch has one answer');
  return reply;
}

export async function openRig({ ledger, reads, faults }: TestLedger) {
  const intake: Intake = {
    ledger,
    signer: openSigner(makePrivateKeyPem()),
    trial: true,
    enrolment: 'open',
    randomHex,
    wallMs: () => 2_000,
    isCrowded: () => false,
  };
  const session = async (device: Device): Promise<string> => {
    const reply = await takeHello(intake, device.hello());
    if (reply.kind !== 'welcome') throw new Error(`no welcome but ${JSON.stringify(reply)}`);
    return reply.session;
  };
  return {
    ...reads,
    faults,
    intake,
    incarnation: await ledger.transaction((tx) => tx.central.ensureIncarnation(randomHex(16), 1)),
    session,
    /** A batch in a new session. */
    send: async (device: Device, first: number, last: number, change: Partial<Batch> = {}): Promise<Reply> =>
      takeBatch(intake, device.batch(await session(device), first, last, change)),
    shelf: async (store: string, sku: string): Promise<number | undefined> =>
      (await reads.positions(store))[sku]?.shelf,
    outcomes: async (store: string): Promise<string[]> => (await reads.entries(store)).map(({ outcome }) => outcome),
  };
}
