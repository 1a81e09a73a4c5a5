// Runs the integration suite in two lanes; files that failed are run once more alone, and said so loudly, unless they
// guard the promise.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/** They mostly wait, and need no window: the others run meanwhile. */
const BESIDE = ['store-commands', 'stolen', 'update'].map((name) => `test/e2e/${name}.test.ts`);
/** No sale lost, none counted twice: what fails here once has failed. */
const ONCE = ['agreement', 'copies', 'kill', 'line-cut', 'path', 'replaced-pc', 'restored', 'uci'];
const FAILED_MAX = 3;

const root = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'tillwire-results-'));

type Results = { testResults: { name: string; status: string }[] };
type Lane = { status: number; failed: string[] };

/** `isQuiet`: what it says is said once it has ended. */
async function lane(name: string, args: string[], isQuiet = false): Promise<Lane> {
  const results = join(scratch, `${name}.json`);
  const program = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const suite = ['run', '--config', 'build/vitest.config.ts', '--project', 'integration', ...args];
  const told = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
  const env = isQuiet ? { ...process.env, TILLWIRE_NO_WINDOW: '1' } : process.env;
  const out = isQuiet ? 'pipe' : 'inherit';
  const child = spawn(process.execPath, [program, ...suite, ...told], { cwd: root, env, stdio: ['ignore', out, out] });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => said.push(chunk));
  const status = await new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  process.stdout.write(Buffer.concat(said));
  return { status, failed: status === 0 ? [] : failedIn(results) };
}

function failedIn(results: string): string[] {
  const { testResults } = JSON.parse(readFileSync(results, 'utf8')) as Results;
  return testResults.filter(({ status }) => status === 'failed').map(({ name }) => relative(root, name));
}

const mayRunAgain = (files: string[]): boolean =>
  files.length > 0 && files.length <= FAILED_MAX && !files.some((file) => ONCE.includes(nameOf(file)));

const nameOf = (file: string): string => file.replace(/^.*[\\/]/, '').replace('.test.ts', '');

async function run(): Promise<number> {
  const others = BESIDE.flatMap((file) => ['--exclude', file]);
  const lanes = await Promise.all([lane('most', others), lane('beside', BESIDE, true)]);
  const [bad] = lanes.filter(({ status }) => status !== 0);
  if (bad === undefined) return 0;
  const failed = lanes.flatMap((each) => each.failed);
  if (!mayRunAgain(failed)) return bad.status;
  console.error(`\n!! FAILED, and run once more alone: ${failed.join(', ')}. What failed stands above.\n`);
  const { status } = await lane('again', failed);
  if (status === 0) console.error(`\n!! PASSED ONLY WHEN RUN ALONE: ${failed.join(', ')}. Find out why.\n`);
  return status;
}

try {
  process.exitCode = await run();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
