// Packages made here from a stub Electron, and the programs in them run as a service manager would run them.
import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import axios from 'axios';
import { createBuilder } from 'vite';
import { expect, onTestFinished } from 'vitest';
import { z } from 'zod';
import { nodeRuntime } from '../../build/node-runtime.ts';
import { type PackageOptions, packageFor } from '../../build/package.ts';
import { readIdentity } from '../../main/data-folder.ts';
import { sale } from '../capture/door.ts';
import { needDone } from '../needs.ts';
import type { Said } from './cli.ts';

type Platform = PackageOptions['platform'];

/** The Node of a package comes from the package registry: without a line to it nothing is packed. */
export const needNodeRuntimes = (...platforms: Platform[]): boolean =>
  needDone('the Node programs of the packages (from the package registry)', () => platforms.forEach(nodeRuntime));

/** `npm run build`: window, desktop program and the programs for Node, as they are now. */
export async function buildAll(): Promise<void> {
  const configFile = resolve(import.meta.dirname, '../../build/vite.config.ts');
  await (await createBuilder({ configFile, logLevel: 'warn' })).buildApp();
}

/** Folder of the unpacked program. */
export const packStub = (platform: Platform, output: string): Promise<string> =>
  packageFor({ platform, output, dirOnly: true, stub: true });

const Ready = z.looseObject({ url: z.string(), pid: z.int() });

export type Running = { url: string; child: ChildProcess; ended: Promise<number | null>; errors(): string };

/** Runs a program until its ready line; whoever starts it ends it. Rejects with its last words where it ends before. */
export async function runUntilReady(command: string, args: string[]): Promise<Running> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/' });
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    void ended.then((code) => reject(new Error(`${command} ended with ${code}: ${said}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('ready ')) resolve(Ready.parse(JSON.parse(line.slice('ready '.length))).url);
    });
  });
  return { url, child, ended, errors: () => said };
}

/** An agent of store S001 on this folder, without a broker that answers; killed when the test is over. */
export async function startAgentOf(node: string, program: string, data: string, ...more: string[]): Promise<Running> {
  const args = [program, 'agent', '--store', 'S001', '--data', data, '--broker', 'mqtt://127.0.0.1:1', ...more];
  const agent = await runUntilReady(node, args);
  onTestFinished(async () => {
    agent.child.kill('SIGKILL');
    await agent.ended;
  });
  return agent;
}

/** Receipt 1042, as a till sends it. */
export async function captureOneSale(url: string, data: string): Promise<void> {
  const token = readIdentity(data)?.token ?? '';
  const headers = { authorization: `Bearer ${token}`, 'idempotency-key': 'k-1042' };
  const answer = await axios.post<unknown>(`${url}/v1/transactions`, sale('1042'), { headers, proxy: false });
  expect(answer.status).toBe(201);
}

export function run(command: string, ...args: string[]): Promise<Said> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/' });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
}
