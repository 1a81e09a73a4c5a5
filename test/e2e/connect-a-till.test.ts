// docs/connect-a-till.md, as a person would follow it: every block of commands in order, and what each must say.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needProgram } from '../needs.ts';
import { eventually } from '../wait.ts';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/connect-a-till.md'), 'utf8');

type Block = { commands: string; own: boolean; says: string[] };

/** Blocks of commands; the one of text behind a block is what it says. */
function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  for (const { 1: kind = '', 2: body = '' } of text.matchAll(/^```(sh agent|sh|text)\n(.*?)^```$/gms)) {
    if (kind === 'text') blocks.at(-1)?.says.push(...body.trim().split('\n'));
    else blocks.push({ commands: body, own: kind === 'sh agent', says: [] });
  }
  return blocks;
}

const tools = ['bash', 'curl', 'npm'].map((name) => needProgram(name));

describe.runIf(tools.every((tool) => tool !== null))('docs/connect-a-till.md', () => {
  const home = mkdtempSync(join(tmpdir(), 'tillwire-page-'));
  const data = join(home, 'tillwire-trial');
  const environment = { ...process.env, HOME: home, INIT_CWD: undefined, npm_config_cache: join(tmpdir(), 'npm') };
  /** One shell for the whole page, so that what is exported stays. Paths of files are those of the home folder. */
  let shell: ChildProcess;
  let heard = '';
  let agent: ChildProcess | null = null;

  // A reader types in the folder of the clone; here the files that the page writes shall not lie in it.
  const prefixed = (commands: string): string => commands.replaceAll('npm run -s', `npm --prefix "${root}" run -s`);

  async function run(commands: string, nth: number): Promise<string> {
    heard = '';
    shell.stdin?.write(`${prefixed(commands)}\necho "@@@ ${nth}"\n`);
    await eventually(() => heard.includes(`@@@ ${nth}\n`), `block ${nth}: ${commands.split('\n')[0]}`, 60_000);
    return heard;
  }

  beforeAll(() => {
    shell = spawn('bash', [], { cwd: home, env: environment, stdio: ['pipe', 'pipe', 'pipe'] });
    for (const stream of [shell.stdout, shell.stderr]) {
      stream?.on('data', (chunk) => {
        heard += chunk;
      });
    }
  });
  afterAll(async () => {
    shell?.stdin?.end();
    if (existsSync(join(data, 'endpoint.json'))) {
      const { pid } = JSON.parse(readFileSync(join(data, 'endpoint.json'), 'utf8')) as { pid: number };
      process.kill(pid);
    }
    const ended = agent;
    if (ended !== null) await eventually(() => ended.exitCode !== null || ended.signalCode !== null, 'the agent ended');
    rmSync(home, { recursive: true, force: true });
  });

  test.each(blocksOf(page).map((block, nth) => [nth, block.commands.split('\n')[0] ?? '', block] as const))(
    'block %i: %s',
    async (nth, _, { commands, own, says }) => {
      if (own) {
        agent = spawn('bash', ['-c', prefixed(commands)], {
          cwd: home,
          env: { ...environment, DIR: data },
          stdio: 'ignore',
        });
        await eventually(() => existsSync(join(data, 'endpoint.json')), 'the agent listens', 60_000);
        return;
      }
      const said = await run(commands, nth);
      for (const line of says) expect(said).toContain(line);
    },
    90_000,
  );

  test('reads the page', () => expect(blocksOf(page).length).toBeGreaterThan(15));
});
