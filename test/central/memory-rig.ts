// An intake on the simulator's ledger in memory: what its tests read, and how it is made to fail.
import { PLACES, type Place } from '../../core/posting.ts';
import { statementOf } from '../../protocol/wire/signing.ts';
import { type LedgerView, type MemoryLedger, openMemoryLedger } from '../simulation/memory-ledger.ts';
import { type LedgerFaults, type LedgerReads, openRig, type Rig } from './rig.ts';

export type MemoryRig = Rig & { memory: MemoryLedger };

/** For useRig. */
export async function memoryRig(): Promise<{ rig: MemoryRig; close(): Promise<void> }> {
  const memory = openMemoryLedger();
  const rig = await openRig({ ledger: memory, reads: readsOf(memory.read), faults: faultsOf(memory) });
  return { rig: { ...rig, memory }, close: async () => {} };
}

function readsOf(read: LedgerView): LedgerReads {
  return {
    async stands(store) {
      const row = read.stream(store);
      return { seq: row?.seq, chain: row?.chain };
    },
    async entries(store) {
      const postings = read.postings(store);
      return read.entries(store).map(({ seq, bytes, chain, outcome, reason, batchLast }) => ({
        seq,
        bytes: Buffer.from(bytes).toString('utf8'),
        chain,
        outcome,
        reason,
        batchLast,
        postings: postings
          .filter((posting) => posting.seq === seq)
          .map(({ line, sku, from, to, quantity }) => ({ line, sku, from, to, quantity })),
      }));
    },
    async positions(store) {
      return Object.fromEntries(read.positions(store).map(({ sku, position }) => [sku, position]));
    },
    async deadLetters(store) {
      return read.deadLetters(store).map(({ seq, reason, owner }) => ({ seq, reason, owner }));
    },
    async evidence(store) {
      return read.evidence(store).map(({ batch }) => {
        const { last, signature, keyId } = batch;
        return { last, statement: statementOf(batch), signature, keyId };
      });
    },
    imbalances: async (store) => imbalances(read, store),
  };
}

function imbalances(read: LedgerView, store: string) {
  const booked = new Map<string, Map<Place, number>>();
  const move = (sku: string, place: Place, quantity: number): void => {
    const places = booked.get(sku) ?? new Map<Place, number>();
    booked.set(sku, places.set(place, (places.get(place) ?? 0) + quantity));
  };
  for (const { sku, from, to, quantity } of read.postings(store)) {
    move(sku, from, -quantity);
    move(sku, to, quantity);
  }
  const held = new Map(read.positions(store).map(({ sku, position }) => [sku, position]));
  const differs = (sku: string): boolean =>
    PLACES.some((place) => (booked.get(sku)?.get(place) ?? 0) !== (held.get(sku)?.[place] ?? 0));
  return [...new Set([...booked.keys(), ...held.keys()])]
    .filter(differs)
    .map((sku) => ({ store, sku, message: 'Position and ledger differ.' }));
}

function faultsOf(memory: MemoryLedger): LedgerFaults {
  const refused = new Set<string>();
  memory.refusePostings((_, { sku }) => refused.has(sku));
  return {
    commitFailure: 'the connection was lost at commit',
    async refuseSku(sku) {
      refused.add(sku);
    },
    async whileCommitFails(_, work) {
      memory.abortNext('lost-before-commit');
      await work();
    },
    async giveUp(_, attempts) {
      memory.abortNext('serialization', attempts);
    },
    async backUp() {
      const snapshot = memory.snapshot();
      return async () => memory.restore(snapshot);
    },
  };
}
