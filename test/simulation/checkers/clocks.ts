// The hybrid clock of a store's entries only goes forward, whatever its wall clock does.
import { compareHlc, HLC_ZERO, type Hlc } from '../../../core/hlc.ts';
import type { Checker } from './checker.ts';

export const clocks: Checker = {
  name: 'clock-order',
  begin: () => ({
    end({ ledger }) {
      const newest = new Map<string, Hlc>();
      for (const { store, epoch, seq, recorded } of ledger) {
        if (recorded === null) continue;
        const stream = `${store}/${epoch.life}`;
        if (compareHlc(recorded, newest.get(stream) ?? HLC_ZERO) <= 0) {
          return {
            fact: `${store}:${epoch.ordinal}:${seq}`,
            detail: 'its recorded time is not behind the one before it',
          };
        }
        newest.set(stream, recorded);
      }
      return null;
    },
  }),
};
