// A folder that looks like an unpacked Electron to electron-builder: proves the packaging where the real one isn't.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Platform } from './node-runtime.ts';

/** Electron carries its switches behind this text, where @electron/fuses looks for them: version, count, states. */
const FUSES = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 9]),
  Buffer.from('101001011'),
]);
const root = resolve(import.meta.dirname, '..');
const Product = z.object({ devDependencies: z.object({ electron: z.string() }) });
const PLAIN_FILES = ['LICENSE', 'LICENSES.chromium.html', 'resources.pak', 'icudtl.dat'];
const LANGUAGE_ENGLISH = 1033;
const CODEPAGE_UNICODE = 1200;

/** Nothing in it runs. */
export function makeStubElectron(folder: string, platform: Platform): void {
  const version = Product.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).devDependencies.electron;
  mkdirSync(join(folder, 'resources'), { recursive: true });
  mkdirSync(join(folder, 'locales'));
  for (const name of PLAIN_FILES) writeFileSync(join(folder, name), 'stub');
  writeFileSync(join(folder, 'locales', 'en-US.pak'), 'stub');
  writeFileSync(join(folder, 'version'), version);
  if (platform === 'win') writeFileSync(join(folder, 'electron.exe'), Buffer.concat([windowsProgram(version), FUSES]));
  else {
    writeFileSync(join(folder, 'electron'), Buffer.concat([Buffer.from('STUB '), FUSES]), { mode: 0o755 });
    writeFileSync(join(folder, 'chrome-sandbox'), 'stub', { mode: 0o755 });
  }
}

/** electron-builder writes names, icon and version into it, so it must be one. */
function windowsProgram(version: string): Buffer {
  // It comes with electron-builder, which edits the real one with it.
  const builder = createRequire(createRequire(import.meta.url).resolve('app-builder-lib/package.json'));
  const { NtExecutable, NtExecutableResource, Resource } = builder('resedit') as typeof import('resedit');
  const program = NtExecutable.createEmpty(false, false);
  const resources = NtExecutableResource.from(program);
  const info = Resource.VersionInfo.createEmpty();
  const [major = 0, minor = 0, micro = 0] = version.split('.').map(Number);
  info.setFileVersion(major, minor, micro, 0, LANGUAGE_ENGLISH);
  info.setStringValues(
    { lang: LANGUAGE_ENGLISH, codepage: CODEPAGE_UNICODE },
    { FileDescription: 'stub', ProductName: 'stub' },
  );
  info.outputToResourceEntries(resources.entries);
  resources.outputResource(program);
  return Buffer.from(program.generate());
}
