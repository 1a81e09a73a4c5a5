// What a test needs from the machine: where it is missing the test is skipped loudly, or fails where CI demands it.
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

const REQUIRED = process.env['TILLWIRE_REQUIRE_ALL'] === '1';
const told = new Set<string>();

type Places = { otherNames?: string[]; folders?: string[]; packageName?: string };

/** Path of a program, or null after saying loudly that tests are not run for want of it. */
export function needProgram(
  name: string,
  { otherNames = [], folders = [], packageName = name }: Places = {},
): string | null {
  const places = [...(process.env['PATH'] ?? '').split(delimiter), ...folders];
  const paths = places.flatMap((place) => [name, ...otherNames].map((known) => join(place, known)));
  const found = paths.flatMap((path) => [path, `${path}.exe`]).find((path) => existsSync(path));
  if (found !== undefined) return found;
  const why = `${name} is not on this machine (Debian package ${packageName}): tests that need it were NOT RUN.`;
  if (REQUIRED) throw new Error(why);
  if (!told.has(name)) console.warn(`\n*** ${why}\n`);
  told.add(name);
  return null;
}

/** A sample document given by other people; absent samples are a loud skip, never a failure. */
export function needSample(path: string): string | null {
  const folder = process.env['TILLWIRE_SAMPLES'] ?? resolve(import.meta.dirname, '../../shared/data');
  const file = join(folder, path);
  if (existsSync(file)) return file;
  if (!told.has(path)) console.warn(`\n*** sample ${path} not found (set TILLWIRE_SAMPLES): its tests were NOT RUN.\n`);
  told.add(path);
  return null;
}

export const needMosquitto = (): string | null =>
  needProgram('mosquitto', { folders: ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin'] });

export const needChromium = (): string | null =>
  needProgram('chromium', {
    otherNames: ['chromium-browser', 'google-chrome', 'chrome', 'Google Chrome'],
    folders: ['/Applications/Google Chrome.app/Contents/MacOS', 'C:/Program Files/Google/Chrome/Application'],
  });

export const needPostgres = (): string | null =>
  needProgram('initdb', {
    folders: [15, 16, 17, 18].flatMap((major) => [
      `/usr/lib/postgresql/${major}/bin`,
      `/opt/homebrew/opt/postgresql@${major}/bin`,
      `C:/Program Files/PostgreSQL/${major}/bin`,
    ]),
    packageName: 'postgresql',
  });

/** Whether something could be made ready that needs more than a program; where not, it is said loudly. */
export function needDone(what: string, make: () => void): boolean {
  try {
    make();
    return true;
  } catch (error) {
    const why = `${what} cannot be had here: tests that need it were NOT RUN. ${error instanceof Error ? error.message : error}`;
    if (REQUIRED) throw new Error(why);
    if (!told.has(what)) console.warn(`\n*** ${why}\n`);
    told.add(what);
    return false;
  }
}
