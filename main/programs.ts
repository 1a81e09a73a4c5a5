// Runs Tillwire's own programs as child processes and waits for their ready line: for `npm start` and for tests.
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { PROGRAM_READY_WAIT_MS, PROGRAM_STOP_WAIT_MS } from '../core/limits.ts';

const Ready = z.looseObject({ url: z.string(), pid: z.int() });
export type Ready = z.infer<typeof Ready>;

export type Program = { ready: Ready; child: ChildProcess; ended: Promise<number | null>; stop(): Promise<void> };

/** Starts `tillwire ARGS`; it ends with us even when we are killed, for it holds our channel. */
export async function startProgram(args: string[], onStderr: (line: string) => void): Promise<Program> {
  const child = fork(join(import.meta.dirname, 'tillwire.ts'), args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (child.stderr !== null) createInterface({ input: child.stderr }).on('line', onStderr);
  const ready = await readyLine(child, ended, `tillwire ${args[0]}`).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    ready,
    child,
    ended,
    async stop() {
      // Unlike a signal this lets it end in order on Windows too.
      if (child.connected) child.disconnect();
      const patience = setTimeout(() => child.kill('SIGKILL'), PROGRAM_STOP_WAIT_MS);
      await ended;
      clearTimeout(patience);
    },
  };
}

function readyLine(child: ChildProcess, ended: Promise<number | null>, name: string): Promise<Ready> {
  return new Promise((resolve, reject) => {
    const patience = setTimeout(() => reject(new Error(`${name} was not ready in time`)), PROGRAM_READY_WAIT_MS);
    child.once('error', reject);
    void ended.then((code) => reject(new Error(`${name} ended with ${code} before it was ready`)));
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('ready ')) return;
      clearTimeout(patience);
      resolve(Ready.parse(JSON.parse(line.slice('ready '.length))));
    });
  });
}
