// An intake on the simulator's ledger in memory: what its tests read, and how it is made to fail.
import { PLACES } from '../../core/posting.ts';
import { emptyPlaces, type Places } from '../../core/shelf.ts';
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
      return read.entries(store).map(({ epoch, seq, bytes, chain, outcome, reason, batchLast }) => ({
        seq,
        bytes: Buffer.from(bytes).toString('utf8'),
        chain,
        outcome,
        reason,
        batchLast,
        postings: postings
          .filter(({ at, dseq }) => dseq === 0 && at.epoch === epoch && at.seq === seq)
          .map(({ line, sku, from, to, quantity, why }) => ({ line, sku, from, to, quantity, why })),
      }));
    },
    shelves: async (store) => Object.fromEntries(read.shelves(store).map(({ sku, shelf }) => [sku, shelf])),
    deadLetters: async (store) =>
      read.deadLetters(store).map(({ at, reason, owner, kind, releasedDseq }) => {
        return { seq: at.seq, reason, owner, kind, released: releasedDseq };
      }),
    directiveOutcomes: async (store) => read.directiveOutcomes(store).map(({ dseq, outcome }) => `d${dseq} ${outcome}`),
    changes: async (store) => read.changes(store).map(({ entry, outcome, by }) => `${entry} ${outcome} by ${by}`),
    exceptions: async (store) => read.exceptions(store).sort((a, b) => (a.id < b.id ? -1 : 1)),
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
  const booked = new Map<string, Places>();
  for (const { sku, from, to, quantity } of read.postings(store)) {
    const places = booked.get(sku) ?? emptyPlaces();
    places[from] -= quantity;
    places[to] += quantity;
    booked.set(sku, places);
  }
  const held = new Map(read.shelves(store).map(({ sku, shelf }) => [sku, shelf.places]));
  const differs = (sku: string): boolean =>
    PLACES.some((place) => (booked.get(sku)?.[place] ?? 0) !== (held.get(sku)?.[place] ?? 0));
  return [...new Set([...booked.keys(), ...held.keys()])]
    .filter(differs)
    .map((sku) => ({ store, sku, message: 'Position and ledger differ.', entries: [] }));
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
