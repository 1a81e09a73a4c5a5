// What a person at central does for a store whose journal began anew: until central can do so itself, beside its port.
import type { Ledger } from '../../central/ports.ts';
import { type Epoch, genesisChain, sameEpoch } from '../../core/chain.ts';
import { sha256 } from '../../protocol/sha256.ts';

/** A store whose epoch was granted stands at the beginning of it, until entries of it are posted. */
export function grantable(ledger: Ledger, granted: ReadonlyMap<string, Epoch>): Ledger {
  return {
    transaction: (work) =>
      ledger.transaction((tx) =>
        work({
          ...tx,
          streams: {
            ...tx.streams,
            async lock(store, instance) {
              const stream = await tx.streams.lock(store, instance);
              const epoch = granted.get(store);
              if (stream === null || epoch === undefined) return stream;
              if (stream.epoch !== null && sameEpoch(stream.epoch, epoch)) return stream;
              return { ...stream, epoch, seq: 0, chain: genesisChain(sha256, store, epoch) };
            },
          },
        }),
      ),
  };
}
