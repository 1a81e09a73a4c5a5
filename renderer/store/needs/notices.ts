// Which of the agent's notices a person must act on, and which are merely good to know.
import type { Notice, Snapshot } from '../../../protocol/local/window.ts';

/** `held` is in neither: the headline itself tells it. */
const TO_ACT_ON: Notice['code'][] = [
  'one-copy-only',
  'disk-nearly-full',
  'books-stopped',
  'entry-damaged',
  'decisions-lost',
  'update-stuck',
  'paused-long',
  'clock-wrong',
  'access-taken-back',
  'moving-out',
];
const TO_KNOW: Notice['code'][] = [
  'restored-from-mirror',
  'new-epoch',
  'trial-central',
  'central-renewed',
  'update-put-back',
  'update-refused',
  'settings-wrong',
  'configuration-put-back',
  'configuration-refused',
  'configuration-expired',
];

export const toActOn = (state: Snapshot): Notice[] => state.notices.filter(({ code }) => TO_ACT_ON.includes(code));
export const toKnow = (state: Snapshot): Notice[] => state.notices.filter(({ code }) => TO_KNOW.includes(code));
/** How many things wait for somebody in the store. */
export const needed = (state: Snapshot): number =>
  toActOn(state).length + (state.silentTills?.length ?? 0) + (state.setAside > 0 ? 1 : 0) + state.exceptions.store;
