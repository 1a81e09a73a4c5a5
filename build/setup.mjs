// Installs what the project needs when it isn't there; runs on any Node from 18, before anything else.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const installed = join(root, 'node_modules', '.package-lock.json');
const wanted = join(root, 'package-lock.json');
const onWindows = process.platform === 'win32';
const pinnedNode = join(root, 'node_modules', 'node', 'bin', onWindows ? 'node.exe' : 'node');

const upToDate =
  existsSync(installed) && existsSync(pinnedNode) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs;
if (!upToDate) {
  if (!process.argv.includes('--quiet') || process.stderr.isTTY)
    console.error('Installing what Tillwire needs, about half a minute ...');
  const npm = process.env.npm_execpath;
  // "ci" begins by deleting everything, and Windows does not let go of the node.exe that runs this.
  const way = onWindows && existsSync(pinnedNode) ? 'install' : 'ci';
  const args = [way, '--no-audit', '--no-fund'];
  const done = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2], shell: onWindows });
  if (done.status !== 0) {
    console.error(`npm ${way} failed; its own words are above. Nothing was started.`);
    process.exit(1);
  }
  if (!existsSync(pinnedNode)) {
    console.error(`npm ${way} did not install the Node that Tillwire runs on: ${pinnedNode} is missing.`);
    console.error(
      'Let the package "node" run its install script (see ignore-scripts in the npm settings), and try again.',
    );
    process.exit(1);
  }
  const now = new Date();
  utimesSync(installed, now, now);
}
