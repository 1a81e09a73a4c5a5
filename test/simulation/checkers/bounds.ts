// What is under way stays within its bounds (L11).
import { PUBLISHES_IN_FLIGHT_MAX, WINDOW_ENTRIES_MAX } from '../../../core/limits.ts';
import type { Checker } from './checker.ts';

/** A hello and a presence may be said beside the batches. */
const BESIDE = 4;

export const bounds: Checker = {
  name: 'bounds',
  begin: () => ({
    hear(noted) {
      if (noted.kind !== 'in-flight') return null;
      const { agent, entries, publishes } = noted;
      if (entries > WINDOW_ENTRIES_MAX) return { fact: agent, detail: `${entries} entries are in flight` };
      if (publishes > PUBLISHES_IN_FLIGHT_MAX + BESIDE) {
        return { fact: agent, detail: `${publishes} publishes wait for the broker` };
      }
      return null;
    },
  }),
};
