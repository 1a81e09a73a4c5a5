// What the configuration lets go after some days: files that were imported from drop folders, and lines of the log. Never
// the journal, never what was set aside.
import { access, lstat, opendir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RETENTION_LOOK_MS } from '../../core/limits/configuration.ts';
import type { Configuration } from '../../protocol/configuration/document.ts';

const DAY_MS = 86_400_000;
const RESULT = '.result.json';

export type Retention = { look(): Promise<void>; close(): Promise<void> };

type Parts = {
  /** Holds the drop folders. */
  drop: string;
  configuration(): Configuration;
  wallMs(): number;
  /** Lines of the log from before then. */
  forgetLog(beforeMs: number): void;
  /** At each look. */
  onLook(): void;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
};

/** Looks once an hour, and when it is asked to. */
export function keepRetention({ drop, configuration, wallMs, forgetLog, onLook, log }: Parts): Retention {
  let running: Promise<void> | null = null;
  const lookOnce = async (): Promise<void> => {
    onLook();
    const { doneFilesDays, logDays } = configuration().retention ?? {};
    if (logDays !== undefined) forgetLog(wallMs() - logDays * DAY_MS);
    if (doneFilesDays === undefined) return;
    const deleted = await deleteDone(drop, wallMs() - doneFilesDays * DAY_MS);
    if (deleted > 0) log.info({ deleted, doneFilesDays }, 'imported files were deleted as the configuration says');
  };
  const look = (): Promise<void> => {
    running ??= lookOnce()
      .catch((error: unknown) => log.warn({ reason: String(error) }, 'imported files could not be looked through'))
      .finally(() => {
        running = null;
      });
    return running;
  };
  const timer = setInterval(() => void look(), RETENTION_LOOK_MS);
  timer.unref();
  return {
    look,
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}

/** Files that were imported before then, with their results; how many. Only plain files in plain folders. */
async function deleteDone(drop: string, beforeMs: number): Promise<number> {
  const folders = await readdir(drop, { withFileTypes: true }).catch(() => []);
  let deleted = 0;
  for (const folder of folders) {
    if (folder.isDirectory()) deleted += await deleteDoneIn(join(drop, folder.name, 'done'), beforeMs);
  }
  return deleted;
}

/** The result was written when its file was imported: the file itself may be older than that by years. */
async function deleteDoneIn(folder: string, beforeMs: number): Promise<number> {
  const stat = await lstat(folder).catch(() => null);
  if (stat?.isDirectory() !== true) return 0;
  let deleted = 0;
  for await (const { name } of await opendir(folder)) {
    if (!name.endsWith(RESULT) || (await isThere(join(folder, `${name}${RESULT}`)))) continue;
    const result = await lstat(join(folder, name)).catch(() => null);
    if (result?.isFile() !== true || result.mtimeMs >= beforeMs) continue;
    // The file first: what is left after a power cut is found again by its result.
    await rm(join(folder, name.slice(0, -RESULT.length)), { force: true });
    await rm(join(folder, name), { force: true });
    deleted += 1;
  }
  return deleted;
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
