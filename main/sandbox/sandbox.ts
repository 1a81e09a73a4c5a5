// The sandbox till: posts to an agent, or to one that it starts itself for the time being, and prints what came of it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axios, { type AxiosInstance } from 'axios';
import pino from 'pino';
import { AGENT_ANSWER_WAIT_MS } from '../../core/limits.ts';
import { CaptureError } from '../../protocol/local/capture.ts';
import { KeptOutput } from '../../protocol/local/transaction.ts';
import { startAgent } from '../agent.ts';
import { readIdentity } from '../data-folder.ts';
import { httpReason } from '../http-reason.ts';
import { UsageError } from '../usage-error.ts';
import { type Step, sandboxSteps } from './documents.ts';

export type SandboxOptions = {
  /** Null: an agent of its own, on a folder for the time being, with no line to any central. */
  to: { url: string; token: string; ca?: string | undefined } | null;
  sales: number;
  workstation: string;
  print(line: string): void;
};

const NO_BROKER = 'mqtt://127.0.0.1:1';
const SEED = 7;

/** Throws UsageError where the agent does not answer. */
export async function runSandbox({ to, sales, workstation, print }: SandboxOptions): Promise<void> {
  const own = to === null ? await startOwn() : null;
  const target = own?.target ?? to;
  if (target === null) return;
  try {
    print(`Posting to ${target.url}${own === null ? '' : ', an agent that ends with this command'}\n`);
    const client = clientOf(target);
    let last: string | undefined;
    for (const step of sandboxSteps(sales, workstation, SEED)) last = await post(client, step, last, print);
    print('\nWhat each code means and what a till does then: docs/generated/capture-errors.md.');
  } finally {
    await own?.stop();
  }
}

async function startOwn() {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-sandbox-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const log = pino({ level: 'silent' });
    const onFault = (error: Error): void => void log.error(error.message);
    const agent = await startAgent({ folder, store: 'SANDBOX', broker: NO_BROKER, port: 0, log, onFault });
    const token = readIdentity(folder)?.token ?? '';
    const stop = async (): Promise<void> => {
      await agent.stop();
      remove();
    };
    return { target: { url: agent.url, token, ca: undefined }, stop };
  } catch (error) {
    remove();
    throw error;
  }
}

const clientOf = ({ url, token, ca }: NonNullable<SandboxOptions['to']>): AxiosInstance =>
  axios.create({
    baseURL: url,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    httpsAgent: new Agent(ca === undefined ? {} : { ca: readFileSync(ca) }),
    timeout: AGENT_ANSWER_WAIT_MS,
    proxy: false,
    maxRedirects: 0,
    validateStatus: () => true,
    transformResponse: (text: string) => text,
  });

/** As a till does it: says what it was told last, and remembers what it is told now. */
async function post(
  client: AxiosInstance,
  { what, path, key, body, expects }: Step,
  last: string | undefined,
  print: (line: string) => void,
): Promise<string | undefined> {
  const headers = { 'idempotency-key': key, ...(last === undefined ? {} : { 'tillwire-last': last }) };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await client.post<string>(path, text, { headers }).catch((error: unknown) => {
    throw new UsageError(`${client.defaults.baseURL} does not answer: ${httpReason(error)}`);
  });
  print(`${what}\n  POST ${path}, expected ${expects}\n  ${answer.status} ${inWords(answer.data)}`);
  const masked: unknown = answer.headers['x-tillwire-masked'];
  if (typeof masked === 'string') print(`  painted over: ${masked}`);
  const kept: unknown = answer.headers['tillwire-kept'];
  return typeof kept === 'string' ? kept : last;
}

function inWords(data: string): string {
  let json: unknown;
  try {
    json = JSON.parse(data);
  } catch {
    return data.slice(0, 200);
  }
  const kept = KeptOutput.safeParse(json);
  if (kept.success) return `kept as entry ${kept.data.seq} of epoch ${kept.data.epoch.ordinal}: ${kept.data.key}`;
  const refused = CaptureError.safeParse(json);
  if (!refused.success) return data.slice(0, 200);
  const { code, message, issues = [] } = refused.data.error;
  const fields = issues.map(({ field, problem, fix }) => `\n      ${field} ${problem}: ${fix}`);
  return `${code}: ${message}${fields.join('')}`;
}
