// Where the central is that `npm start` of this folder runs: commands of the same folder find it without being told.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

export const STARTED_FILE = join(import.meta.dirname, '..', '.tillwire', 'started.json');

const Started = z.strictObject({ central: z.url({ protocol: /^http$/ }), pid: z.int().positive() });

/** Of this process; the newest start counts. */
export function noteStarted(central: string, file: string = STARTED_FILE): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ central, pid: process.pid } satisfies z.infer<typeof Started>));
}

/** Leaves what another start has written. */
export function forgetStarted(file: string = STARTED_FILE): void {
  if (read(file)?.pid === process.pid) rmSync(file, { force: true });
}

/** Null where nothing runs. */
export function startedCentral(file: string = STARTED_FILE): string | null {
  const started = read(file);
  return started !== null && isAlive(started.pid) ? started.central : null;
}

function read(file: string): z.infer<typeof Started> | null {
  try {
    return Started.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
