// Tokens of tills: made once, kept as hashes in the data folder, taken away while the agent runs.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Till } from '../capture/callers.ts';
import { hex } from '../core/hash.ts';
import { TILLS_MAX } from '../core/limits/feeds.ts';
import { Identifier } from '../protocol/fact.ts';
import { sha256 } from '../protocol/sha256.ts';
import { readIdentity, writePrivateFile } from './data-folder.ts';
import { UsageError } from './usage-error.ts';

const TILL_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;

/** A file of its own for each till, so that two commands at the same time do not lose one another's. */
const TillFile = z.strictObject({
  name: z.string().regex(TILL_NAME),
  /** Documents of other workstations are refused; null: of any. */
  workstation: Identifier.nullable(),
  /**
   * SHA-256 of the token, in hex. A slow hash would add nothing: the token is 256 random bits, which nobody guesses from
   * a hash however fast it is, and each sale would wait for it.
   */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  addedMs: z.int(),
  revokedMs: z.int().nullable(),
});
export type TillFile = z.infer<typeof TillFile>;

const folderOf = (folder: string): string => join(folder, 'tills');
const fileOf = (folder: string, name: string): string => join(folderOf(folder), `${name}.json`);
const hashOf = (token: string): string => hex(sha256(Buffer.from(token)));

/** A token, told this once. Throws UsageError where the name is taken or no name. */
export function addTill(folder: string, name: string, workstation: string | null, nowMs: number): string {
  if (readIdentity(folder) === null)
    throw new UsageError(`${folder} is no data folder of an agent: start one on it first.`);
  if (!TILL_NAME.test(name)) throw new UsageError('Name a till with 1 to 40 letters, digits, "_" or "-".');
  if (workstation !== null && !Identifier.safeParse(workstation).success)
    throw new UsageError('A workstation is what the till writes into its documents, for example 7.');
  const tills = listTills(folder);
  if (tills.some((till) => till.revokedMs === null && sameName(till.name, name)))
    throw new UsageError(`There is a till ${name} already: revoke it first, or choose another name.`);
  if (tills.length >= TILLS_MAX) throw new UsageError(`More than ${TILLS_MAX} tills are not kept.`);
  const token = `till_${randomBytes(32).toString('base64url')}`;
  mkdirSync(folderOf(folder), { recursive: true, mode: 0o700 });
  write(folder, { name, workstation, hash: hashOf(token), addedMs: nowMs, revokedMs: null });
  return token;
}

/** From this moment on its token opens nothing, also where the agent runs. Throws UsageError where there is no such till. */
export function revokeTill(folder: string, name: string, nowMs: number): void {
  const till = listTills(folder).find((each) => each.name === name && each.revokedMs === null);
  if (till === undefined) throw new UsageError(`There is no till ${name}: "till list" shows them.`);
  write(folder, { ...till, revokedMs: nowMs });
}

/** By name. Throws UsageError where a file is not as this program wrote it. */
export function listTills(folder: string): TillFile[] {
  return filesOf(folder).map(readTill);
}

function filesOf(folder: string): string[] {
  if (!existsSync(folderOf(folder))) return [];
  const names = readdirSync(folderOf(folder)).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => join(folderOf(folder), name));
}

/** Names differ by more than letter case: some file systems don't tell them apart. */
const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const write = (folder: string, till: TillFile): void =>
  writePrivateFile(fileOf(folder, till.name), JSON.stringify(till, null, 2));

function readTill(path: string): TillFile {
  try {
    return TillFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

function readableTills(folder: string): TillFile[] {
  return filesOf(folder).flatMap((file) => {
    try {
      return [readTill(file)];
    } catch {
      return [];
    }
  });
}

/** A folder's time is no finer than this on any file system: what was read so soon after a change is read again. */
const TIME_GRAIN_MS = 3_000;

/**
 * The till of a token, by what the folder holds at this moment; a file that cannot be read lets its till in no more, and
 * keeps out no other one. Every hash is compared, in constant time.
 */
export function tillTokens(folder: string, wallMs: () => number): (token: string) => Till | null {
  let known: { tills: { till: Till; hash: Buffer }[]; changedMs: number; readMs: number } | null = null;
  const read = (changedMs: number) => {
    const open = readableTills(folder).filter(({ revokedMs }) => revokedMs === null);
    const tills = open.map(({ name, workstation, hash }) => ({
      till: { name, workstation },
      hash: Buffer.from(hash, 'hex'),
    }));
    return { tills, changedMs, readMs: wallMs() };
  };
  return (token) => {
    try {
      const changedMs = statSync(folderOf(folder), { throwIfNoEntry: false })?.mtimeMs ?? 0;
      const isFresh = known?.changedMs === changedMs && known.readMs - changedMs > TIME_GRAIN_MS;
      if (known === null || !isFresh) known = read(changedMs);
    } catch {
      known = null;
      return null;
    }
    const shown = Buffer.from(sha256(Buffer.from(token)));
    return known.tills.filter(({ hash }) => timingSafeEqual(hash, shown))[0]?.till ?? null;
  };
}
