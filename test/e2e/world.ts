// Real processes for end-to-end tests: broker, database, central and agents, each killable, on ports that stay.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axios from 'axios';
import { readIdentity } from '../../main/data-folder.ts';
import { type Program, startProgram } from '../../main/programs.ts';
import { Snapshot } from '../../protocol/local/window.ts';
import { makeMosquitto } from '../mosquitto.ts';
import { needMosquitto, needPostgres } from '../needs.ts';
import { freePort } from '../net.ts';
import { startPostgres } from '../postgres.ts';

export type Kind = 'embedded' | 'real';

/** Something that runs, can be killed without warning, and started again where it was. */
export type Restartable = { start(): Promise<void>; kill(): Promise<void>; readonly running: boolean };

export type World = {
  folder: string;
  brokerPort: number;
  centralUrl: string;
  /** Null where the database is embedded. */
  databaseUrl: string | null;
  broker: Restartable & { wipe(): void };
  /** `more` are arguments of this start only. */
  central: Restartable & { start(...more: string[]): Promise<void> };
  centralArguments: string[];
  agent(store: string, options?: AgentOptions): Promise<AgentHandle>;
  stop(): Promise<void>;
};

/** `name` is that of its data folder; without `mirror` the second copy is inside it. */
type AgentOptions = { brokerPort?: number; name?: string; mirror?: string };

export type AgentHandle = Restartable & {
  url: string;
  folder: string;
  token: string;
  pid(): number;
  status(): Promise<Snapshot>;
};

/** Null, after saying so loudly, where the machine lacks Mosquitto or PostgreSQL. */
export function canRun(kind: Kind): boolean {
  return kind === 'embedded' || (needMosquitto() !== null && needPostgres() !== null);
}

export async function makeWorld(kind: Kind): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-e2e-'));
  const endings: (() => Promise<void>)[] = [];
  const brokerPort = await freePort();
  const broker = kind === 'embedded' ? embeddedBroker(folder, brokerPort) : makeMosquitto(folder, brokerPort);
  const postgres = kind === 'embedded' ? null : await startPostgres();
  const centralPort = await freePort();
  const centralArguments = [
    ...['central', '--database', postgres?.url ?? join(folder, 'central-db')],
    ...['--broker', `mqtt://127.0.0.1:${brokerPort}`, '--port', String(centralPort), '--data', join(folder, 'central')],
  ];
  const central = restartable(centralArguments);
  await broker.start();
  await central.start();
  return {
    folder,
    brokerPort,
    centralUrl: `http://127.0.0.1:${centralPort}`,
    databaseUrl: postgres?.url ?? null,
    broker,
    central,
    centralArguments,
    async agent(store, options = {}) {
      const data = join(folder, options.name ?? store);
      const handle = await startAgent(data, store, { brokerPort, ...options });
      endings.push(handle.kill);
      return handle;
    },
    async stop() {
      for (const end of endings) await end();
      await central.kill();
      await broker.kill();
      await postgres?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startAgent(
  folder: string,
  store: string,
  { brokerPort, mirror }: AgentOptions & { brokerPort: number },
): Promise<AgentHandle> {
  const port = await freePort();
  const broker = `mqtt://127.0.0.1:${brokerPort}`;
  const where = ['--store', store, '--data', folder, '--broker', broker, '--port', String(port)];
  const process = restartable(['agent', ...where, ...(mirror === undefined ? [] : ['--mirror', mirror])]);
  await process.start();
  const url = `http://127.0.0.1:${port}`;
  const token = readIdentity(folder)?.token ?? '';
  return Object.assign(process, { url, folder, token, status: () => statusOf({ url, token }) });
}

/** What the agent there says of itself. */
export async function statusOf({ url, token }: Pick<AgentHandle, 'url' | 'token'>): Promise<Snapshot> {
  const headers = { authorization: `Bearer ${token}` };
  return Snapshot.parse((await axios.get<unknown>(`${url}/v1/status`, { headers, proxy: false })).data);
}

function restartable(args: string[]): World['central'] & { pid(): number } {
  let program: Program | null = null;
  return {
    get running() {
      return program !== null;
    },
    pid: () => program?.ready.pid ?? 0,
    async start(...more: string[]) {
      const started = await startProgram([...args, ...more], (line) => console.error(`[${args[0]}] ${line}`));
      program = started;
      void started.ended.then(() => {
        if (program === started) program = null;
      });
    },
    async kill() {
      const victim = program;
      program = null;
      victim?.child.kill('SIGKILL');
      await victim?.ended;
    },
  };
}

function embeddedBroker(folder: string, port: number): World['broker'] {
  const process = restartable(['broker', '--port', String(port), '--data', join(folder, 'broker')]);
  return Object.assign(process, { wipe: () => {} });
}

export const settledAll = async (agent: AgentHandle): Promise<boolean> => {
  const { waiting, captured } = await agent.status();
  return waiting === 0 && captured > 0;
};
