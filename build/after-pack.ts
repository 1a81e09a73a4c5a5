// After electron-builder packed, and again after it signed: writes down the checksum of every file that is ours.
import { globSync, statSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { AfterPackContext } from 'electron-builder';
import { HASHES_FILE, hashesOf } from '../main/desktop-parts/own-files.ts';

/** Node itself is not among them: it would be read at each start, and was held against its checksum when packed. */
const OURS = ['app.asar', 'agent/**', 'install/**'];

export default function afterPack({ appOutDir }: AfterPackContext): void {
  const resources = join(appOutDir, 'resources');
  const found = globSync(OURS, { cwd: resources }).filter((path) => statSync(join(resources, path)).isFile());
  const paths = found.map((path) => path.replaceAll(sep, '/')).sort();
  writeFileSync(join(resources, HASHES_FILE), `${JSON.stringify(hashesOf(resources, paths), null, 2)}\n`);
}
