// The store's settings: read from its data folder, read again when the file changes; a wrong one changes nothing.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { issuesOf } from '../capture/issues.ts';
import { SETTINGS_BYTES_MAX, SETTINGS_LOOK_MS } from '../core/limits/files.ts';
import { NO_SETTINGS, Settings } from '../protocol/settings.ts';

export const settingsFile = (folder: string): string => join(folder, 'settings.json');

/** A sentence for each thing that is wrong, with the field and the fix. */
export type ReadSettings = { settings: Settings } | { problems: string[] };

export function parseSettings(text: string): ReadSettings {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problems: [`It is not JSON: ${error instanceof Error ? error.message : error}`] };
  }
  const read = Settings.safeParse(value);
  if (read.success) return { settings: read.data };
  return { problems: issuesOf(read.error, value).map(({ field, problem, fix }) => `${field} ${problem}: ${fix}.`) };
}

export type SettingsWatch = {
  now(): Settings;
  /** When the file was found wrong, and why; null while it is right or absent. */
  problem(): { message: string; sinceMs: number } | null;
  close(): void;
};

type WatchOptions = { folder: string; wallMs: () => number; onChange: () => void };

/** Settings of a folder, from now on. A file that is wrong leaves the last good ones. */
export function watchSettings({ folder, wallMs, onChange }: WatchOptions): SettingsWatch {
  const path = settingsFile(folder);
  let settings = NO_SETTINGS;
  let problem: { message: string; sinceMs: number } | null = null;
  let seen = '';

  function look(): void {
    const stamp = stampOf(path);
    if (stamp === seen) return;
    seen = stamp;
    const read = stamp === '' ? { settings: NO_SETTINGS } : readFileAt(path);
    if ('settings' in read) {
      settings = read.settings;
      problem = null;
    } else {
      problem = { message: read.problems.join(' '), sinceMs: wallMs() };
    }
    onChange();
  }

  look();
  const timer = setInterval(look, SETTINGS_LOOK_MS);
  timer.unref();
  return { now: () => settings, problem: () => problem, close: () => clearInterval(timer) };
}

/** Changes whenever the file does; empty where there is none. */
function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
}

function readFileAt(path: string): ReadSettings {
  if (!existsSync(path)) return { settings: NO_SETTINGS };
  try {
    const bytes = readFileSync(path);
    if (bytes.length > SETTINGS_BYTES_MAX) return { problems: [`It has more than ${SETTINGS_BYTES_MAX} bytes.`] };
    return parseSettings(bytes.toString('utf8'));
  } catch (error) {
    return { problems: [`It cannot be read: ${error instanceof Error ? error.message : error}`] };
  }
}
