// What needs a person about this PC's place at head office, in sentences for commands and head office.
import type { Membership } from '../../protocol/local/rooms/pc.ts';
import type { Notice } from '../../protocol/local/window.ts';
import type { Moving } from './moving.ts';

export function membershipNotices(membership: Membership | null, moving: Moving | null): Notice[] {
  if (moving !== null) {
    const message =
      moving.step === 'left' ? 'This PC has left its store.' : `${moving.by} moves the store to another PC.`;
    return [{ code: 'moving-out', message, atMs: moving.sinceMs }];
  }
  if (membership?.standing !== 'declined') return [];
  return [{ code: 'access-taken-back', message: membership.sentence ?? '', atMs: membership.sinceMs ?? 0 }];
}
