// Electron's program, or null after saying loudly that the tests that need it are not run.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const PACKAGE = resolve(import.meta.dirname, '../../node_modules/electron');
const DEFAULT_NAME: Partial<Record<NodeJS.Platform, string>> = {
  win32: 'electron.exe',
  darwin: 'Electron.app/Contents/MacOS/Electron',
};
const WHY =
  'The Electron program is not here (node_modules/electron/dist): the tests of the live desktop program were NOT RUN. ' +
  'Run `npx install-electron` where its downloads can be reached.';

/** Never `require('electron')`: that would download it. TILLWIRE_REQUIRE_ELECTRON=1 turns its absence into a failure. */
export function needElectron(): string | null {
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(PACKAGE, 'dist');
  const told = join(PACKAGE, 'path.txt');
  const name = existsSync(told) ? readFileSync(told, 'utf8').trim() : (DEFAULT_NAME[process.platform] ?? 'electron');
  const path = join(folder, name);
  if (existsSync(path)) return path;
  if (process.env['TILLWIRE_REQUIRE_ELECTRON'] === '1') throw new Error(WHY);
  console.warn(`\n*** ${WHY}\n`);
  return null;
}
