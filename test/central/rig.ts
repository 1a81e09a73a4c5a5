// An intake on a ledger, with what its tests ask again and again.
import { afterAll, beforeAll } from 'vitest';
import type { Imbalance } from '../../central/conservation.ts';
import { decide } from '../../central/decide.ts';
import { takeHello } from '../../central/hello.ts';
import { type Intake, offerOf, takeBatches } from '../../central/intake.ts';
import type { Stream } from '../../central/judge.ts';
import type { HeldException } from '../../central/law-ports.ts';
import type { Ledger, LedgerTx } from '../../central/ports.ts';
import type { Reply } from '../../central/replies.ts';
import type { DecisionBody } from '../../core/decision.ts';
import type { Posting } from '../../core/posting.ts';
import type { Places, Shelf } from '../../core/shelf.ts';
import type { Batch } from '../../protocol/wire/frames.ts';
import { makePrivateKeyPem, openSigner } from '../../protocol/wire/signing.ts';
import { type Device, randomHex } from './device.ts';

export type PositionSeen = Places & { known: boolean };

export type EntrySeen = {
  seq: number;
  bytes: string;
  chain: string;
  outcome: string;
  reason: string | null;
  batchLast: number;
  /** Those of the fact itself, not of directives based on it. */
  postings: Posting[];
};

export type LetterSeen = { seq: number; reason: string; owner: string; kind: string; released: number | null };

/** What tests read of a ledger, in the order of sequence numbers. */
export type LedgerReads = {
  stands(store: string): Promise<{ seq: number | undefined; chain: string | null | undefined }>;
  entries(store: string): Promise<EntrySeen[]>;
  shelves(store: string): Promise<Record<string, Shelf>>;
  deadLetters(store: string): Promise<LetterSeen[]>;
  /** Outcome of each directive that was stepped, and of entries whose outcome was changed since: "d1 posted". */
  directiveOutcomes(store: string): Promise<string[]>;
  changes(store: string): Promise<string[]>;
  exceptions(store: string): Promise<HeldException[]>;
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
  await ledger.transaction((tx) => tx.central.ensureIncarnation(randomHex(16), 1));
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
      (await reads.shelves(store))[sku]?.places.shelf,
    positions: async (store: string): Promise<Record<string, PositionSeen>> =>
      Object.fromEntries(
        Object.entries(await reads.shelves(store)).map(([sku, { places, known }]) => [sku, { ...places, known }]),
      ),
    stream: (store: string): Promise<Stream> => ledger.transaction((tx) => lockOf(tx, store)),
    /** Decides for a store: the stream behind it. */
    decide: (store: string, ...bodies: DecisionBody[]): Promise<Stream> =>
      ledger.transaction(async (tx) =>
        decide(
          tx,
          intake,
          await lockOf(tx, store),
          bodies.map((body) => ({ by: 'head office', body })),
        ),
      ),
    outcomes: async (store: string): Promise<string[]> => (await reads.entries(store)).map(({ outcome }) => outcome),
  };
}

async function lockOf(tx: LedgerTx, store: string): Promise<Stream> {
  const stream = await tx.streams.lock(store, '');
  if (stream === null) throw new Error(`${store} never said hello`);
  return stream;
}
