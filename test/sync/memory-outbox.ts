// The journal's port in memory, for tests of the uplink: real chains, no disk.
import { type Epoch, genesisChain, linkChain } from '../../core/chain.ts';
import { utf8 } from '../../core/hash.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { Outbox, OutboxEntry } from '../../sync/ports.ts';

export type MemoryOutbox = Outbox & {
  epoch: Epoch;
  entries: OutboxEntry[];
  settled: number;
  proofs: string[];
  epochsBegun: string[];
  settings: Map<string, string>;
  capture(...texts: string[]): void;
};

const lifeOf = (ordinal: number): Epoch => ({ ordinal, life: String(ordinal).padStart(32, '0') });

export function makeMemoryOutbox(store = 'S001'): MemoryOutbox {
  const listeners = new Set<(seq: number) => void>();
  const isPresent = (epoch: Epoch): boolean => epoch.life === outbox.epoch.life;
  const chainAt = (seq: number): string | null =>
    seq === 0 ? genesisChain(sha256, store, outbox.epoch) : (outbox.entries[seq - 1]?.chain ?? null);

  const outbox: MemoryOutbox = {
    store,
    epoch: lifeOf(1),
    entries: [],
    settled: 0,
    proofs: [],
    epochsBegun: [],
    settings: new Map(),
    capture(...texts) {
      for (const text of texts) {
        const seq = outbox.entries.length + 1;
        const bytes = utf8(text);
        outbox.entries.push({ seq, bytes, chain: linkChain(sha256, chainAt(seq - 1) ?? '', bytes) });
      }
      for (const listener of listeners) listener(outbox.entries.length);
    },
    heads: async () => ({
      epoch: outbox.epoch,
      seq: outbox.entries.length,
      chain: chainAt(outbox.entries.length) ?? '',
      settled: outbox.settled,
    }),
    async page(epoch, after, entriesMax, bytesMax) {
      if (!isPresent(epoch)) return [];
      let bytes = 0;
      const page = outbox.entries.slice(after, after + entriesMax);
      return page.filter((entry, index) => {
        bytes += entry.bytes.length;
        return index === 0 || bytes <= bytesMax;
      });
    },
    chainAt: async (epoch, seq) => (isPresent(epoch) ? chainAt(seq) : null),
    async settle(epoch, seq, markFrame) {
      if (!isPresent(epoch) || seq <= outbox.settled) throw new Error(`settled twice: ${seq}`);
      outbox.settled = seq;
      outbox.proofs.push(markFrame);
    },
    lastProof: async () => outbox.proofs.at(-1) ?? null,
    async beginEpoch(reason) {
      outbox.epochsBegun.push(reason);
      outbox.epoch = lifeOf(outbox.epoch.ordinal + 1);
      outbox.entries = [];
      outbox.settled = 0;
    },
    readSetting: async (name) => outbox.settings.get(name) ?? null,
    async writeSetting(name, value) {
      outbox.settings.set(name, value);
    },
    onCaptured(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return outbox;
}
