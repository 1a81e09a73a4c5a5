// One file of a drop folder: read as its folder says, then moved with the result or the reason beside it.
import { access, type FileHandle, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { MAPPING_BYTES_MAX } from '../core/limits/files.ts';
import type { FeedResult, ImportResult } from '../protocol/local/capture.ts';
import { issuesText } from './csv/mapping.ts';
import { ImportStopped } from './csv/source.ts';
import { type IntakeParts, importBy, parseReadingText, type Reading } from './reading.ts';

/** In each folder: a mapping, or the settings of a feed. */
export const SETTINGS_FILE = 'mapping.json';

export type Taken =
  | { kind: 'imported'; result: ImportResult | FeedResult }
  /** The file was moved to set-aside/ with the reason beside it; what could be read of it is kept. */
  | { kind: 'set-aside'; reason: string }
  /** The reading that is configured is on trial and cannot take it: it stays, as the next one may be able to. */
  | { kind: 'unreadable'; reason: string }
  /** The file stays where it is and is tried again at a later look. */
  | { kind: 'waiting'; reason: string };
export type DropEvent = Taken & { folder: string; file: string };

/** What tells a file from the one that it was. */
export type Seen = { size: number; mtimeMs: number };

export const sameFile = (one: Seen, other: Seen): boolean => one.size === other.size && one.mtimeMs === other.mtimeMs;

/** Null where there is none, or where a network share is gone for now. */
export async function stateOf(path: string): Promise<Seen | null> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { size, mtimeMs };
  } catch {
    return null;
  }
}

export type Configured = { reading: Reading; isOnTrial: boolean };

/** By the reading that is configured, else as its folder says. Never rejects: whatever happens, the file is told of. */
export async function takeFile(
  parts: IntakeParts,
  home: string,
  file: string,
  configured: Configured | null,
): Promise<Taken> {
  try {
    const reading = configured?.reading ?? (await readSettings(join(home, SETTINGS_FILE)));
    if (reading === null)
      return { kind: 'waiting', reason: `Put a ${SETTINGS_FILE} into the folder ${parse(home).base}.` };
    return await takeBy(reading, parts, home, file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (!(error instanceof ImportStopped) || error.code !== 'bad-file') return { kind: 'waiting', reason };
    if (configured?.isOnTrial === true) return { kind: 'unreadable', reason };
    return setAside(home, file, reason).catch(() => ({ kind: 'waiting', reason }));
  }
}

async function takeBy(reading: Reading, parts: IntakeParts, home: string, file: string): Promise<Taken> {
  const path = join(home, file);
  const handle = await open(path);
  let result: ImportResult | FeedResult;
  let state: Seen;
  try {
    state = await handle.stat();
    result = await importBy(reading, parts, { source: wholeFile(handle, path, state), fileName: file });
  } finally {
    await handle.close();
  }
  // The result first: after a crash in between the file is read again, which changes nothing.
  const text = `${JSON.stringify(result, null, 2)}\n`;
  const moved = await moveAway(home, file, { folder: 'done', ending: '.result.json', text }, state);
  return moved ? { kind: 'imported', result } : { kind: 'waiting', reason: CHANGED };
}

async function setAside(home: string, file: string, reason: string): Promise<Taken> {
  const moved = await moveAway(home, file, { folder: 'set-aside', ending: '.reason.txt', text: `${reason}\n` }, null);
  return moved ? { kind: 'set-aside', reason } : { kind: 'waiting', reason: CHANGED };
}

const CHANGED =
  'It changed while it was read: it is read again once it stays the same. What was kept of it counts as known already.';
const CUT_SHORT =
  'It ended before its end was reached, as when a network share goes away: it is read again. What was kept of it counts as known already.';

/**
 * Ends only where all of the file was read and nobody changed it meanwhile; else it throws before a reader could take
 * a half document for a whole one.
 */
async function* wholeFile(handle: FileHandle, path: string, state: Seen): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of handle.createReadStream({ autoClose: false, start: 0 })) {
    bytes += chunk.length;
    yield chunk;
  }
  const now = await stateOf(path);
  if (now === null || bytes < state.size) throw new Error(CUT_SHORT);
  if (!sameFile(now, state)) throw new Error(CHANGED);
}

type Beside = { folder: 'done' | 'set-aside'; ending: string; text: string };

/** False where another file had taken its place by then (`state` null: any is right): that one is put back. */
async function moveAway(home: string, file: string, beside: Beside, state: Seen | null): Promise<boolean> {
  const folder = join(home, beside.folder);
  const now = await stateOf(join(home, file));
  if (now === null || (state !== null && !sameFile(now, state))) return false;
  await makeFolder(folder);
  const name = await freeName(folder, file);
  const told = join(folder, `${name}${beside.ending}`);
  await writeFile(told, beside.text);
  await rename(join(home, file), join(folder, name));
  const moved = await stateOf(join(folder, name));
  if (moved !== null && sameFile(moved, now)) return true;
  await rename(join(folder, name), join(home, await freeName(home, file)));
  await rm(told, { force: true });
  return false;
}

/** Null where there is none yet; ImportStopped where it can't be used. */
async function readSettings(path: string): Promise<Reading | null> {
  const state = await stateOf(path);
  if (state === null) return null;
  if (state.size > MAPPING_BYTES_MAX) {
    throw new ImportStopped('bad-file', `${SETTINGS_FILE} is larger than ${MAPPING_BYTES_MAX} bytes.`);
  }
  const parsed = parseReadingText(await readFile(path, 'utf8'));
  if (parsed.ok) return parsed.reading;
  const told = issuesText(parsed.issues);
  throw new ImportStopped(
    'bad-file',
    `${SETTINGS_FILE} cannot be used: ${told}. Mend it, then move the file back out of set-aside.`,
  );
}

/** Only inside a folder that is there: where a network share is gone, nothing may be made in its place. */
async function makeFolder(folder: string): Promise<void> {
  if ((await stateOf(folder)) === null) await mkdir(folder);
}

/** The file's own name, or the first numbered one that is free: "sales.csv", "sales-2.csv". */
async function freeName(folder: string, file: string): Promise<string> {
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
