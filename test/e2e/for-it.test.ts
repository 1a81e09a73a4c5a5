// docs/for-it.md, as a person would follow it in a fresh folder: Mosquitto, PostgreSQL and TLS, every block in order.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canBeSecure } from '../mosquitto.ts';
import { needPostgres, needProgram } from '../needs.ts';
import { freePort } from '../net.ts';
import { type Postgres, startPostgres } from '../postgres.ts';
import { eventually } from '../wait.ts';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/for-it.md'), 'utf8');

/** `terminal`: stays in one of its own. `again`: a person looks again until it says what it should. */
type Block = { commands: string; how: string; says: string[] };

function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  for (const { 1: kind = '', 2: body = '' } of text.matchAll(/^```(sh(?: \w+)?|text)\n(.*?)^```$/gms)) {
    if (kind === 'text') blocks.at(-1)?.says.push(...body.trim().split('\n'));
    else blocks.push({ commands: body, how: kind.slice('sh '.length), says: [] });
  }
  return blocks;
}

/** Columns are as wide as what is in them. */
const oneSpaced = (text: string): string => text.replaceAll(/ +/g, ' ');

const psql = needProgram('psql', { packageName: 'postgresql-client' });
const tools = [psql, ...['bash', 'curl', 'npm'].map((name) => needProgram(name))];
const canRun = canBeSecure() && needPostgres() !== null && tools.every((tool) => tool !== null);

describe.runIf(canRun)('docs/for-it.md', () => {
  const home = mkdtempSync(join(tmpdir(), 'tillwire-it-'));
  const terminals: { child: ChildProcess; said: string }[] = [];
  let environment: NodeJS.ProcessEnv;
  let postgres: Postgres;
  /** What a reader puts in: a name, ports. */
  let own: [string, string][];
  /** One shell for the whole page, so that what is exported stays. */
  let shell: ChildProcess;
  let heard = '';

  // A reader types in the folder of the clone; here the files that the page writes shall not lie in it.
  const typed = (commands: string): string =>
    own
      .reduce((text, [from, to]) => text.replaceAll(from, to), commands)
      .replaceAll('npm run -s', `npm --prefix "${root}" run -s`);

  async function run(commands: string, nth: number): Promise<string> {
    heard = '';
    shell.stdin?.write(`${typed(commands)}\necho "@@@ ${nth}"\n`);
    await eventually(() => heard.includes(`@@@ ${nth}\n`), `block ${nth}: ${commands.split('\n')[0]}`);
    return heard;
  }

  /** Its words are heard until it says that it runs. */
  async function open(commands: string): Promise<void> {
    // A group of its own: npm and the shell between us and the program end with it.
    const child = spawn('bash', ['-c', typed(commands)], { cwd: home, env: environment, detached: true });
    const terminal = { child, said: '' };
    terminals.push(terminal);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        terminal.said += chunk;
      });
    }
    await eventually(
      () => {
        if (child.exitCode !== null) throw new Error(terminal.said);
        return /^ready \{|mosquitto version .* running/m.test(terminal.said);
      },
      `it runs: ${commands.split('\n').at(-2)}`,
    ).catch((error: Error) => {
      throw new Error(`${error.message}\n${terminal.said}`);
    });
  }

  beforeAll(async () => {
    postgres = await startPostgres();
    const { hostname, port: databasePort } = new URL(postgres.url);
    const [broker, https, http] = await Promise.all([freePort(), freePort(), freePort()]);
    own = [
      ...[
        ['hq.example', 'localhost'],
        ['0.0.0.0', '127.0.0.1'],
        ['8883', String(broker)],
      ],
      ...[
        ['8443', String(https)],
        ['8080', String(http)],
        ['5432', databasePort],
      ],
    ] as [string, string][];
    const database = { PGHOST: hostname, PGPORT: databasePort, PGUSER: 'tillwire' };
    const clean = {
      HOME: home,
      INIT_CWD: undefined,
      npm_config_cache: join(tmpdir(), 'npm'),
      NODE_EXTRA_CA_CERTS: undefined,
    };
    environment = { ...process.env, ...clean, ...database, TILLWIRE_TOKEN: undefined };
    shell = spawn('bash', [], { cwd: home, env: environment, stdio: ['pipe', 'pipe', 'pipe'] });
    for (const stream of [shell.stdout, shell.stderr]) {
      stream?.on('data', (chunk) => {
        heard += chunk;
      });
    }
  });

  afterAll(async () => {
    shell?.stdin?.end();
    for (const { child } of terminals.reverse()) {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) continue;
      const ended = new Promise((resolve) => child.once('close', resolve));
      process.kill(-child.pid, 'SIGTERM');
      await ended;
    }
    await postgres?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  test.each(blocksOf(page).map((block, nth) => [nth, block.commands.split('\n')[0] ?? '', block] as const))(
    'block %i: %s',
    async (nth, _, { commands, how, says }) => {
      if (how === 'terminal') return open(commands);
      let said = await run(commands, nth);
      const isSaid = (): boolean => says.every((line) => oneSpaced(said).includes(oneSpaced(line)));
      if (how === 'again') {
        await eventually(
          async () => {
            if (!isSaid()) said = await run(commands, nth);
            return isSaid();
          },
          `block ${nth} says ${says.join(', ')}`,
        ).catch(() => {});
      }
      for (const line of says) expect(oneSpaced(said)).toContain(oneSpaced(line));
    },
    300_000,
  );

  test('reads the page', () => expect(blocksOf(page).length).toBeGreaterThan(10));
});
