// A private PostgreSQL cluster for tests: temporary folder, unprivileged user, free loopback port.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { needPostgres } from './needs.ts';
import { freePort } from './net.ts';

export type Postgres = {
  url: string;
  /** Ends the server and removes its folder. */
  stop(): Promise<void>;
  /** Fast shutdown, then the same cluster on the same port. */
  restart(): Promise<void>;
  /** SIGKILL, as a power cut of the process; `restart` brings it back by crash recovery. */
  killHard(): Promise<void>;
};

type Who = { uid?: number; gid?: number };

/** initdb and postgres refuse to run as root. */
function unprivileged(): Who {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** Call needPostgres() first and skip where it is null. Server settings are the defaults: durable. */
export async function startPostgres(): Promise<Postgres> {
  const initdb = needPostgres();
  if (initdb === null) throw new Error('PostgreSQL is not installed');
  const programs = dirname(initdb);
  const who = unprivileged();
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-postgres-'));
  if (who.uid !== undefined && who.gid !== undefined) chownSync(folder, who.uid, who.gid);
  const data = join(folder, 'data');
  const environment = { ...process.env, LC_ALL: 'C' };
  const create = ['-D', data, '-U', 'tillwire', '-A', 'trust', '-E', 'UTF8', '--data-checksums', '--no-instructions'];
  execFileSync(initdb, create, { ...who, cwd: folder, env: environment, stdio: 'pipe' });

  const port = await freePort();
  const url = `postgres://tillwire@127.0.0.1:${port}/postgres`;
  let server: ChildProcess | null = null;

  const start = async (): Promise<void> => {
    const settings = ['-D', data, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1'];
    for (let attempt = 0; attempt < 100; attempt++) {
      const child = spawn(join(programs, 'postgres'), settings, {
        ...who,
        cwd: folder,
        env: environment,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      child.stderr.resume();
      server = child;
      if (await accepts(url, child)) return;
      // After a SIGKILL the old server's children need a moment to notice.
      await sleep(100);
    }
    throw new Error('PostgreSQL did not start');
  };

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const child = server;
    server = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  };

  await start();
  return {
    url,
    async stop() {
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
    async restart() {
      await end('SIGINT');
      await start();
    },
    killHard: () => end('SIGKILL'),
  };
}

async function accepts(url: string, child: ChildProcess): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.end();
      return true;
    } catch {
      await sleep(50);
    }
  }
  return false;
}
