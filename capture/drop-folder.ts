// Drop folders: a file that a till or a person puts there is imported once it stopped growing, then moved away.
import { createReadStream } from 'node:fs';
import { access, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { DROP_LOOK_MS, MAPPING_BYTES_MAX } from '../core/limits/files.ts';
import type { ImportResult } from '../protocol/local/capture.ts';
import { importCsv } from './csv/import.ts';
import { type CsvMapping, issuesText, parseMappingText } from './csv/mapping.ts';
import { ImportStopped } from './csv/source.ts';
import type { CaptureJournal } from './ports.ts';

export type DropEvent =
  | { kind: 'imported'; folder: string; file: string; result: ImportResult }
  /** The file was moved to set-aside/ with the reason beside it. */
  | { kind: 'set-aside'; folder: string; file: string; reason: string }
  /** The file stays where it is and is tried again at the next look. */
  | { kind: 'waiting'; folder: string; file: string; reason: string };

export type DropFolderOptions = {
  /** Holds one folder for each kind of file, each with its mapping.json. */
  folder: string;
  journal: CaptureJournal;
  store: string;
  pseudonymKey: Uint8Array;
  spillFolder: string;
  /** Runs once after so many milliseconds; gives back what calls it off. */
  after: (ms: number, run: () => void) => () => void;
  onEvent?: ((event: DropEvent) => void) | undefined;
};

export type DropFolder = {
  start(): void;
  /** Resolves when the file at hand is done. */
  stop(): Promise<void>;
  /** One look at all folders; files that were the same at the look before are imported, one at a time. */
  look(): Promise<void>;
};

const MAPPING_FILE = 'mapping.json';
const NOT_YET = /^\.|^~|\.(part|tmp|crdownload)$/i;

type Seen = { size: number; mtimeMs: number };

export function watchDropFolder(options: DropFolderOptions): DropFolder {
  let seen = new Map<string, Seen>();
  let running: Promise<void> | null = null;
  let stopping = false;
  let callOff = (): void => undefined;

  const lookOnce = async (): Promise<void> => {
    const now = new Map<string, Seen>();
    for (const folder of await namesIn(options.folder, 'folders')) {
      for (const file of await namesIn(join(options.folder, folder), 'files')) {
        if (stopping || file === MAPPING_FILE || NOT_YET.test(file)) continue;
        const path = join(options.folder, folder, file);
        const state = await sizeOf(path);
        if (state === null) continue;
        const before = seen.get(path);
        if (before?.size === state.size && before.mtimeMs === state.mtimeMs) await takeFile(options, folder, file);
        else now.set(path, state);
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

async function takeFile(options: DropFolderOptions, folder: string, file: string): Promise<void> {
  const home = join(options.folder, folder);
  const tell = (event: DropEvent): void => options.onEvent?.(event);
  try {
    const mapping = await readMapping(join(home, MAPPING_FILE));
    if (mapping === null) {
      tell({ kind: 'waiting', folder, file, reason: `Put a ${MAPPING_FILE} into the folder ${folder}.` });
      return;
    }
    const result = await importOne(options, join(home, file), file, mapping);
    // The result first: after a crash in between the file is imported again, which changes nothing.
    const name = await freeName(join(home, 'done'), file);
    await writeFile(join(home, 'done', `${name}.result.json`), `${JSON.stringify(result, null, 2)}\n`);
    await rename(join(home, file), join(home, 'done', name));
    tell({ kind: 'imported', folder, file, result });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (!(error instanceof ImportStopped) || error.code !== 'bad-file') {
      tell({ kind: 'waiting', folder, file, reason });
      return;
    }
    const name = await freeName(join(home, 'set-aside'), file);
    await writeFile(join(home, 'set-aside', `${name}.reason.txt`), `${reason}\n`);
    await rename(join(home, file), join(home, 'set-aside', name));
    tell({ kind: 'set-aside', folder, file, reason });
  }
}

const importOne = (
  { journal, store, pseudonymKey, spillFolder }: DropFolderOptions,
  path: string,
  fileName: string,
  mapping: CsvMapping,
): Promise<ImportResult> =>
  importCsv({ source: createReadStream(path), mapping, store, fileName, journal, pseudonymKey, spillFolder });

/** Null where there is none yet; ImportStopped where it can't be used. */
async function readMapping(path: string): Promise<CsvMapping | null> {
  const state = await sizeOf(path);
  if (state === null) return null;
  if (state.size > MAPPING_BYTES_MAX) {
    throw new ImportStopped('bad-file', `${MAPPING_FILE} is larger than ${MAPPING_BYTES_MAX} bytes.`);
  }
  const parsed = parseMappingText(await readFile(path, 'utf8'));
  if (parsed.ok) return parsed.mapping;
  const told = issuesText(parsed.issues);
  throw new ImportStopped(
    'bad-file',
    `${MAPPING_FILE} cannot be used: ${told}. Mend it, then move the file back out of set-aside.`,
  );
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

async function sizeOf(path: string): Promise<Seen | null> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { size, mtimeMs };
  } catch {
    return null;
  }
}

/** The file's own name, or the first numbered one that is free: "sales.csv", "sales-2.csv". Makes the folder. */
async function freeName(folder: string, file: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const { name, ext } = parse(file);
  for (let nth = 1; ; nth++) {
    const candidate = nth === 1 ? file : `${name}-${nth}${ext}`;
    const taken = await access(join(folder, candidate)).then(
      () => true,
      () => false,
    );
    if (!taken) return candidate;
  }
}
