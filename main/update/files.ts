// Small files by which agent and guard speak: read with bounds and without following links, written whole or not at all.
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { UPDATE_STATEMENT_BYTES_MAX } from '../../core/limits/updates.ts';

/** Windows has neither flag; there only administrators can make links. */
const PLAINLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** A handle of a plain file: no link, no pipe, no device, whoever may have put one there. Throws otherwise. */
export function openPlainly(path: string): number {
  const handle = openSync(path, PLAINLY);
  if (fstatSync(handle).isFile()) return handle;
  closeSync(handle);
  throw new Error(`${path} is no plain file`);
}

/** Null where there is none, where it is no plain file, or where it is larger than any of ours. */
export function readSmall(path: string): string | null {
  try {
    const handle = openPlainly(path);
    try {
      const bytes = Buffer.alloc(2 * UPDATE_STATEMENT_BYTES_MAX + 1);
      const length = readSync(handle, bytes, 0, bytes.length, 0);
      return length === bytes.length ? null : bytes.toString('utf8', 0, length);
    } finally {
      closeSync(handle);
    }
  } catch {
    return null;
  }
}

/** Null also where it does not say what it should. */
export function readAs<T>(path: string, schema: z.ZodType<T>): T | null {
  const content = readSmall(path);
  if (content === null) return null;
  try {
    return schema.parse(JSON.parse(content));
  } catch {
    return null;
  }
}

/** On the disk, under its name, when it returns; a kill leaves the old content or the new one. */
export function writeWhole(path: string, content: string, mode = 0o600): void {
  const beside = `${path}.${process.pid}.part`;
  writeFileSync(beside, content, { mode, flush: true });
  renameSync(beside, path);
  syncFolder(dirname(path));
}

export const writeJson = (path: string, value: unknown, mode?: number): void =>
  writeWhole(path, `${JSON.stringify(value, null, 2)}\n`, mode);

export function makeFolder(path: string, mode = 0o700): void {
  mkdirSync(path, { recursive: true, mode });
}

/** Windows has no such call and does not need it. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
