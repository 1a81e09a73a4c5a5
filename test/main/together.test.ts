// Programs that run together: one that ends is started again where it was, and none outlives those who started it.
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { runTogether } from '../../main/together.ts';
import { eventually } from '../wait.ts';

const root = join(import.meta.dirname, '../..');

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.once('error', () => resolve(false)).once('close', () => resolve(false));
    setTimeout(() => socket.destroy(), 1_000).unref();
  });

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('a program that is killed comes back on its port; stopping ends it for good', async () => {
  const said: string[] = [];
  const together = runTogether(
    (line) => said.push(line),
    (error) => expect.unreachable(String(error)),
  );
  onTestFinished(() => together.stop());
  const broker = await together.keep('broker');
  const port = Number(new URL(broker.ready.url).port);
  broker.child.kill('SIGKILL');
  await broker.ended;
  await eventually(() => answers(port), 'a broker on the same port', 15_000);
  expect(said).toEqual(['The broker ended (killed); starting it again.']);
  await together.stop();
  expect(await answers(port)).toBe(false);
});

test('what is just being started is stopped too', async () => {
  const together = runTogether(
    () => {},
    (error) => expect.unreachable(String(error)),
  );
  const begun = together.keep('broker');
  await together.stop();
  expect(await (await begun).ended).toBe(0);
});

test.runIf(process.platform !== 'win32')('npm is ended and tells nobody: the program ends as well', async () => {
  const program = `"${process.execPath}" main/tillwire.ts broker --port 0; exit`;
  const env = { ...process.env, npm_lifecycle_event: 'tillwire' };
  const shell = spawn('sh', ['-c', program], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await new Promise<string[]>((resolve) =>
    createInterface({ input: shell.stdout }).on('line', (text) => resolve([text])),
  );
  const { pid } = JSON.parse(line?.replace(/^ready /, '') ?? '{}');
  expect(isAlive(pid)).toBe(true);
  shell.kill('SIGKILL');
  await eventually(() => !isAlive(pid), 'the program ended', 15_000);
});
