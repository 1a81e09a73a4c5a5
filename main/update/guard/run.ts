// Runs another program of this computer with a bound on time and on what it may say.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { UPDATE_INSTALL_MS } from '../../../core/limits/updates.ts';
import { QUOTED_LENGTH_MAX } from '../../../core/limits.ts';

const SAID_BYTES_MAX = 1024 * 1024;
const execute = promisify(execFile);

/** What it said on standard output. Throws with the last of what it said where it failed. No shell is in between. */
export async function runProgram(
  file: string,
  args: string[],
  account: { uid?: number | undefined; gid?: number | undefined } = {},
): Promise<string> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  const options = { timeout: UPDATE_INSTALL_MS, maxBuffer: SAID_BYTES_MAX, windowsHide: true, env, ...account };
  try {
    return (await execute(file, args, options)).stdout;
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    const why = said === '' ? (error instanceof Error ? error.message : String(error)) : said;
    throw new Error(`${file} failed: ${why.slice(-QUOTED_LENGTH_MAX)}`, { cause: error });
  }
}
