// An agent takes for settled only what central committed, under that epoch and with that chain (L3).
import type { Checker } from './checker.ts';

export const acknowledgement: Checker = {
  name: 'settled-uncommitted',
  begin() {
    /** All that central ever committed; what it lost later was committed nevertheless. */
    const committed = new Map<string, string>();
    return {
      hear(noted) {
        if (noted.kind === 'committed') {
          for (const { store, epoch, seq, chain } of noted.rows) committed.set(`${store}/${epoch.life}/${seq}`, chain);
        }
        if (noted.kind !== 'settled') return null;
        const { store, agent, epoch, seq, chain } = noted;
        if (seq === 0) return null;
        const held = committed.get(`${store}/${epoch.life}/${seq}`);
        if (held !== undefined && held === chain) return null;
        const detail = held === undefined ? 'central never committed it' : 'central committed another chain there';
        return { fact: `${agent}:${epoch.ordinal}:${seq}`, detail };
      },
    };
  },
};
