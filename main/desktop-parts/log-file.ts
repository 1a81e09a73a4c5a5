// The background process's log: lines as they come, a file that does not grow without end.
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DESKTOP_LOG_BYTES_MAX } from '../../core/limits/desktop.ts';

/** What can't be written is dropped: the log is not worth ending for. */
export function openLogFile(path: string): (lines: string | Uint8Array) => void {
  return (lines) => {
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      if (size + lines.length > DESKTOP_LOG_BYTES_MAX) renameSync(path, `${path}.1`);
      appendFileSync(path, lines, { mode: 0o600 });
    } catch {}
  };
}
