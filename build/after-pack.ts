// After electron-builder packed and again after it signed: writes down the checksum of every file that belongs to us.
import { globSync, statSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { AfterPackContext } from 'electron-builder';
import { HASHES_FILE, type Hashes, hashOfFile } from '../main/own-files.ts';

export default async function afterPack({ appOutDir }: AfterPackContext): Promise<void> {
  await writeHashes(join(appOutDir, 'resources'));
}

async function writeHashes(resources: string): Promise<void> {
  const paths = globSync('**/*', { cwd: resources }).filter((path) => statSync(join(resources, path)).isFile());
  const hashes: Hashes = { files: {} };
  for (const path of paths.filter((name) => name !== HASHES_FILE).sort()) {
    hashes.files[path.replaceAll(sep, '/')] = await hashOfFile(join(resources, path));
  }
  writeFileSync(join(resources, HASHES_FILE), `${JSON.stringify(hashes, null, 2)}\n`);
}
