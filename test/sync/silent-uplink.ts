// An uplink that is on no line: for what only asks it how it is.
import type { Uplink } from '../../sync/uplink.ts';
import type { UplinkState } from '../../sync/uplink-state.ts';

export const silentUplink = (state: () => UplinkState, over: Partial<Uplink> = {}): Uplink => ({
  state,
  nudge: () => {},
  setQuiet: () => {},
  setPolicy: () => {},
  report: () => false,
  tellStanding: () => {},
  centralMs: () => null,
  replay: async () => ({ kind: 'declined', reason: 'There is no conversation with head office now.' }),
  stop: async () => {},
  ...over,
});
