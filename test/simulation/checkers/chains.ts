// The entries of a store's epoch are dense at central, and each is chained to the one before it.
import { genesisChain, linkChain } from '../../../core/chain.ts';
import { sha256 } from '../../../protocol/sha256.ts';
import type { LedgerRow } from '../history.ts';
import type { Checker, Wrong } from './checker.ts';

export const chains: Checker = {
  name: 'chain',
  begin() {
    const tips = new Map<string, { seq: number; chain: string }>();

    function add({ store, epoch, seq, chain, bytes }: LedgerRow): Wrong | null {
      const stream = `${store}/${epoch.life}`;
      const tip = tips.get(stream) ?? { seq: 0, chain: genesisChain(sha256, store, epoch) };
      const fact = `${store}:${epoch.ordinal}:${seq}`;
      if (seq !== tip.seq + 1) return { fact, detail: `committed behind ${tip.seq}` };
      if (linkChain(sha256, tip.chain, bytes) !== chain) return { fact, detail: 'its chain does not follow' };
      tips.set(stream, { seq, chain });
      return null;
    }

    return {
      hear(noted) {
        if (noted.kind === 'central-restored') {
          tips.clear();
          for (const row of noted.rows) {
            tips.set(`${row.store}/${row.epoch.life}`, { seq: row.seq, chain: row.chain });
          }
        }
        if (noted.kind !== 'committed') return null;
        for (const row of noted.rows) {
          const wrong = add(row);
          if (wrong !== null) return wrong;
        }
        return null;
      },
    };
  },
};
