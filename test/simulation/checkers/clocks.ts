// The hybrid clock of a store's entries only goes forward, whatever its wall clock does.
import { compareHlc, HLC_ZERO, type Hlc } from '../../../core/hlc.ts';
import { bodyName, type LedgerRow } from '../history.ts';
import type { Checker } from './checker.ts';

export const clocks: Checker = {
  name: 'clock-order',
  begin: () => {
    /** Where each body was first committed: one that central lost goes on elsewhere, with its own time. */
    const first = new Map<string, string>();
    const nameOf = ({ store, key, content }: LedgerRow): string => `${store} ${bodyName(key ?? '', content ?? '')}`;
    const placeOf = ({ epoch, seq }: LedgerRow): string => `${epoch.life}/${seq}`;
    return {
      hear(noted) {
        if (noted.kind !== 'committed') return null;
        for (const row of noted.rows) if (!first.has(nameOf(row))) first.set(nameOf(row), placeOf(row));
        return null;
      },
      end({ ledger }) {
        const newest = new Map<string, Hlc>();
        for (const row of ledger) {
          const { store, epoch, seq, recorded } = row;
          if (recorded === null || (row.key !== null && first.get(nameOf(row)) !== placeOf(row))) continue;
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
    };
  },
};
