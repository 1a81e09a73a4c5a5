// Where a window of another account of this PC finds the agent: a file that a group may read (D18).
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { StoreId } from '../protocol/fact.ts';

const GROUP_READS = 0o640;

export const WindowFile = z.strictObject({
  url: z.url(),
  windowToken: z.string().min(1),
  store: StoreId,
  pid: z.int(),
});
export type WindowFile = z.infer<typeof WindowFile>;

/** Whole or not at all; the folder above belongs to the one who installs, and so does its group. */
export function writeWindowFile(path: string, content: WindowFile): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o750 });
  const beside = `${path}.${process.pid}.part`;
  writeFileSync(beside, `${JSON.stringify(content)}\n`, { mode: GROUP_READS });
  // The mask of the account must not take the group's right away.
  chmodSync(beside, GROUP_READS);
  renameSync(beside, path);
}

/** Null where there is none, or where what lies there is not one. */
export function readWindowFile(path: string): WindowFile | null {
  try {
    const read = WindowFile.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}

/** Only one's own: a newer agent may have written its own by now. */
export function removeWindowFile(path: string): void {
  if (readWindowFile(path)?.pid === process.pid) rmSync(path, { force: true });
}
