// Whether sending is paused, and why: a file of the data folder, so that it outlasts restarts and commands can set it.
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PAUSE_BYTES_MAX } from '../../core/limits/this-pc.ts';
import { Pause } from '../../protocol/local/window.ts';
import { readIdentity, writePrivateFile } from '../data-folder.ts';
import { UsageError } from '../usage-error.ts';

const pauseFile = (folder: string): string => join(folder, 'pause.json');

/** Null while sending is not paused; a file that cannot be read pauses nothing, for nothing is lost by sending. */
export function readPause(folder: string): Pause | null {
  const path = pauseFile(folder);
  try {
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size === undefined || size > PAUSE_BYTES_MAX) return null;
    const read = Pause.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}

/** The agent of this folder stops sending, now or at its next start; a pause that is there keeps its beginning. */
export function pauseSending(folder: string, { reason, by }: Pick<Pause, 'reason' | 'by'>, nowMs: number): Pause {
  if (readIdentity(folder) === null)
    throw new UsageError(`${folder} is no data folder of an agent: start one on it first.`);
  const pause = Pause.parse({ reason, by, sinceMs: readPause(folder)?.sinceMs ?? nowMs });
  writePrivateFile(pauseFile(folder), JSON.stringify(pause, null, 2));
  return pause;
}

/** False where it was not paused. */
export function resumeSending(folder: string): boolean {
  const was = existsSync(pauseFile(folder));
  rmSync(pauseFile(folder), { force: true });
  return was;
}
