// Drop folders: a file that a till or a person puts there is read once it stopped growing, then moved away.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DROP_LOOK_MS } from '../core/limits/files.ts';
import { type Configured, type DropEvent, SETTINGS_FILE, type Seen, sameFile, stateOf, takeFile } from './drop-file.ts';
import type { IntakeParts } from './reading.ts';

export type { DropEvent };

export type DropFolderOptions = IntakeParts & {
  /** Holds one folder for each kind of file, each with its mapping.json: a mapping, or the settings of a feed. */
  folder: string;
  /** How files of this folder are read, where head office says so: its mapping.json does not count then. */
  readingOf?: ((folder: string) => Configured | null) | undefined;
  /** Runs once after so many milliseconds; gives back what calls it off. */
  after: (ms: number, run: () => void) => () => void;
  onEvent?: ((event: DropEvent) => void) | undefined;
};

export type DropFolder = {
  start(): void;
  /** Resolves when the file at hand is done. */
  stop(): Promise<void>;
  /** One look at all folders; files that were the same at the look before are read, one at a time. */
  look(): Promise<void>;
};

const NOT_YET = /^\.|^~|\.(part|tmp|crdownload)$/i;

export function watchDropFolder(options: DropFolderOptions): DropFolder {
  let seen = new Map<string, Seen>();
  let running: Promise<void> | null = null;
  let stopping = false;
  let callOff = (): void => undefined;

  const lookOnce = async (): Promise<void> => {
    const now = new Map<string, Seen>();
    for (const folder of await namesIn(options.folder, 'folders')) {
      for (const file of await namesIn(join(options.folder, folder), 'files')) {
        if (stopping || file === SETTINGS_FILE || NOT_YET.test(file)) continue;
        const path = join(options.folder, folder, file);
        const state = await stateOf(path);
        if (state === null) continue;
        const before = seen.get(path);
        if (before !== undefined && sameFile(before, state)) {
          const event = await takeFile(
            options,
            join(options.folder, folder),
            file,
            options.readingOf?.(folder) ?? null,
          );
          options.onEvent?.({ ...event, folder, file });
        } else now.set(path, state);
      }
    }
    // A file that was tried and stayed is new again: it is tried at every second look.
    seen = now;
  };
  const look = (): Promise<void> => {
    running ??= lookOnce().finally(() => {
      running = null;
    });
    return running;
  };
  const schedule = (): void => {
    callOff = options.after(DROP_LOOK_MS, () => {
      void look()
        .catch(() => undefined)
        .finally(() => {
          if (!stopping) schedule();
        });
    });
  };
  return {
    start() {
      stopping = false;
      schedule();
    },
    async stop() {
      stopping = true;
      callOff();
      await running?.catch(() => undefined);
    },
    look,
  };
}

async function namesIn(folder: string, what: 'files' | 'folders'): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const wanted = entries.filter((entry) => (what === 'files' ? entry.isFile() : entry.isDirectory()));
    return wanted.map((entry) => entry.name).sort();
  } catch {
    // Not there, or a network share that is gone for now.
    return [];
  }
}
