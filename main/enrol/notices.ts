// What needs a person about this PC's place at head office, in sentences for commands and head office.
import type { Membership } from '../../protocol/local/rooms/pc.ts';
import type { Notice } from '../../protocol/local/window.ts';
import type { Moving } from './moving.ts';

/** `waiting`: what is captured here and not at central. */
export function membershipNotices(membership: Membership | null, moving: Moving | null, waiting: number): Notice[] {
  if (moving !== null) {
    const message =
      moving.step === 'left' ? 'This PC has left its store.' : `${moving.by} moves the store to another PC.`;
    return [{ code: 'moving-out', message, atMs: moving.sinceMs }];
  }
  if (membership?.standing !== 'declined') return [];
  const message = [membership.sentence ?? '', waiting === 0 ? [] : remainder(waiting)].flat().join(' ');
  return [{ code: 'access-taken-back', message, atMs: membership.sinceMs ?? 0 }];
}

/** It comes in with the next enrolment of this computer, whatever another one has sold since: nothing counts twice. */
const remainder = (waiting: number): string =>
  `Receipts and documents here that head office does not have: ${waiting}. To bring them in, enrol this PC with a new ` +
  'token and let it send them; where another PC has taken its place, enrol that one again afterwards.';
