// Our own programs as child processes: ready, ended in order, told where they fail.
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readIdentity } from '../../main/data-folder.ts';
import { listenOnLoopback } from '../../main/loopback.ts';
import { type Program, startProgram } from '../../main/programs.ts';
import { temporaryFolder } from '../temporary.ts';

async function start(...args: string[]): Promise<Program> {
  const program = await startProgram(args, () => {});
  onTestFinished(() => program.stop());
  return program;
}

test('an agent says where it is, and ends in order: its endpoint is gone, its identity stays', async () => {
  const data = temporaryFolder();
  const agent = await start(
    'agent',
    '--store',
    'S001',
    '--data',
    data,
    '--broker',
    'mqtt://127.0.0.1:1',
    '--port',
    '0',
  );
  expect(agent.ready).toMatchObject({ pid: agent.child.pid, store: 'S001' });
  expect(existsSync(join(data, 'endpoint.json'))).toBe(true);
  await agent.stop();
  expect(await agent.ended).toBe(0);
  expect(existsSync(join(data, 'endpoint.json'))).toBe(false);
  expect(readIdentity(data)?.store).toBe('S001');
});

test.runIf(process.platform !== 'win32')('a signal ends a program in order too', async () => {
  const broker = await start('broker');
  broker.child.kill('SIGTERM');
  expect(await broker.ended).toBe(0);
});

test('a program that cannot start says why, and is told as ended', async () => {
  const server = createServer();
  const taken = await listenOnLoopback(server);
  onTestFinished(() => void server.close());
  const said: string[] = [];
  const started = startProgram(['broker', '--port', String(taken)], (line) => said.push(line));
  await expect(started).rejects.toThrow('tillwire broker ended with 2 before it was ready');
  expect(said.join()).toContain(`Another program has port ${taken}`);
});
