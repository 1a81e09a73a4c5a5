// Installs what the project needs when it isn't there; runs on any Node from 18, before anything else.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const installed = join(root, 'node_modules', '.package-lock.json');
const wanted = join(root, 'package-lock.json');
const pinnedNode = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

const upToDate =
  existsSync(installed) && existsSync(pinnedNode) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs;
if (!upToDate) {
  if (!process.argv.includes('--quiet'))
    console.error('Installing what Tillwire needs (npm ci), about half a minute ...');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund'];
  const done = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (done.status !== 0) {
    console.error('npm ci failed; its own words are above. Nothing was started.');
    process.exit(1);
  }
}
