// What people in the store are told about its configuration: that it went back, that it is refused, that it has expired.
import type { Notice } from '../../protocol/local/window.ts';
import type { ConfigurationStanding } from '../../protocol/wire/config-frames.ts';

/** `refusedMs`: since when what came is refused; null where nothing is that IT should know of. */
export function configurationNotices(
  { state, message, since, isExpired }: ConfigurationStanding,
  { refusedMs, expiresMs }: { refusedMs: number | null; expiresMs: number | null },
): Notice[] {
  const notices: Notice[] = [];
  if (state === 'put-back') {
    const told =
      'New settings from head office did not work in this store, so those before them hold again. This happened by ' +
      `itself, and nothing is to be done here. For IT: ${message}`;
    notices.push({ code: 'configuration-put-back', message: told, atMs: since });
  }
  if (state === 'refused' && refusedMs !== null) {
    const told = `Settings came that this PC did not take. Everything goes on as before. For IT: ${message}`;
    notices.push({ code: 'configuration-refused', message: told, atMs: refusedMs });
  }
  if (isExpired && expiresMs !== null) {
    const told =
      'The settings from head office are older than they should be, and no newer ones came. Everything goes on with ' +
      'them. Please tell IT.';
    notices.push({ code: 'configuration-expired', message: told, atMs: expiresMs });
  }
  return notices;
}
