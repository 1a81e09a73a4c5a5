// Runs the integration suite; files that failed are run once more alone, and said so loudly, unless they guard the promise.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/** No sale lost, none counted twice: what fails here once has failed. */
const ONCE = ['agreement', 'copies', 'kill', 'line-cut', 'path', 'replaced-pc', 'restored', 'uci'];
const FAILED_MAX = 3;

const root = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'tillwire-results-'));
const results = join(scratch, 'results.json');

type Results = { testResults: { name: string; status: string }[] };

function vitest(args: string[]): number {
  const program = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const suite = ['run', '--config', 'build/vitest.config.ts', '--project', 'integration'];
  return spawnSync(process.execPath, [program, ...suite, ...args], { cwd: root, stdio: 'inherit' }).status ?? 1;
}

function failedFiles(): string[] {
  const { testResults } = JSON.parse(readFileSync(results, 'utf8')) as Results;
  return testResults.filter(({ status }) => status === 'failed').map(({ name }) => relative(root, name));
}

const mayRunAgain = (files: string[]): boolean =>
  files.length > 0 && files.length <= FAILED_MAX && !files.some((file) => ONCE.includes(nameOf(file)));

const nameOf = (file: string): string => file.replace(/^.*\//, '').replace('.test.ts', '');

let status = vitest(['--reporter=default', '--reporter=json', `--outputFile.json=${results}`]);
if (status !== 0) {
  const failed = failedFiles();
  if (mayRunAgain(failed)) {
    console.error(`\n!! FAILED, and run once more alone: ${failed.join(', ')}. What failed stands above.\n`);
    status = vitest(failed);
    if (status === 0) console.error(`\n!! PASSED ONLY WHEN RUN ALONE: ${failed.join(', ')}. Find out why.\n`);
  }
}
rmSync(scratch, { recursive: true, force: true });
process.exitCode = status;
