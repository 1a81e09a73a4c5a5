// What the desktop program remembers of itself between two starts; a file that is not as it was counts as none.
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { DESKTOP_STATE_BYTES_MAX } from '../../core/limits/desktop.ts';
import { NOTHING_TOLD } from '../../core/told.ts';
import { writePrivateFile } from '../data-folder.ts';

const Count = z.int().nonnegative();

const Kept = z.strictObject({
  window: z.strictObject({ x: z.int(), y: z.int(), width: z.int().positive(), height: z.int().positive() }).nullable(),
  isMaximized: z.boolean(),
  /** What was told by notifications. */
  told: z.strictObject({
    questions: z.strictObject({ store: Count, others: Count, newestMs: Count }),
    states: z.record(z.string().max(100), z.strictObject({ clearedMs: Count.nullable() })),
  }),
  /** It was set to start at login once; a user who took that back is not overruled. */
  startsAtLogin: z.boolean(),
  /** A service was found on this PC: no agent of this program's own is ever run beside it. */
  hadService: z.boolean(),
});
export type Kept = z.infer<typeof Kept>;

const NEW: Kept = { window: null, isMaximized: false, told: NOTHING_TOLD, startsAtLogin: false, hadService: false };

export type KeptState = { now(): Kept; change(part: Partial<Kept>): void };

export function openKeptState(path: string, onProblem: (error: unknown) => void): KeptState {
  let kept = read(path);
  return {
    now: () => kept,
    change(part) {
      const next = { ...kept, ...part };
      if (JSON.stringify(next) === JSON.stringify(kept)) return;
      kept = next;
      try {
        writePrivateFile(path, JSON.stringify(kept));
      } catch (error) {
        // A full disk must not end the program; it is remembered until it ends.
        onProblem(error);
      }
    },
  };
}

function read(path: string): Kept {
  try {
    if (statSync(path).size > DESKTOP_STATE_BYTES_MAX) return NEW;
    return Kept.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return NEW;
  }
}
