// The commands of docs/configuration.md in their order: checked, signed by two people, published, and taken back.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { configCommand } from '../../main/commands/config.ts';
import { rolloutCommand } from '../../main/commands/rollout.ts';
import { type Program, startProgram } from '../../main/programs.ts';
import { UsageError } from '../../main/usage-error.ts';
import { type Said, tillwire } from './cli.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples/configuration');

let folder: string;
let central: Program;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tillwire-configuration-'));
  for (const name of ['chain.json', 'rings.json']) copyFileSync(join(EXAMPLES, name), join(folder, name));
  const places = ['--database', join(folder, 'db'), '--data', join(folder, 'central'), '--port', '0'];
  central = await startProgram(['central', '--broker', 'embedded', ...places], () => {});
}, 60_000);
afterAll(async () => {
  await central?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string): string => join(folder, name);
const config = (...args: string[]): Promise<Said> => inside(configCommand(), args);
const rollout = (...args: string[]): Promise<Said> => inside(rolloutCommand(), args);
const at = (): string[] => ['--central', central.ready.url];

/** In this process, which is much faster than one for each; what a mistake is called decides the exit code elsewhere. */
async function inside(command: Command, args: string[]): Promise<Said> {
  const print = vi.spyOn(console, 'log').mockReturnValue();
  const out = (): string => print.mock.calls.map(([line]) => `${line}\n`).join('');
  try {
    await command.parseAsync(args, { from: 'user' });
    return { code: 0, out: out(), err: '' };
  } catch (error) {
    if (error instanceof UsageError) return { code: 2, out: out(), err: error.message };
    throw error;
  } finally {
    print.mockRestore();
  }
}

test('keys are made, and central learns whose signatures count', async () => {
  for (const name of ['root', 'ada', 'ben']) {
    const made = await config('key', 'new', '--out', file(`${name}.key`), '--name', name);
    expect(made.out).toContain(`of ${name}: `);
  }
  const roles = ['root', 'signer', 'approver'].flatMap((role, index) => [
    `--${role}`,
    file(`${['root', 'ada', 'ben'][index]}.key.pub`),
  ]);
  const statement = await config('trust', 'new', ...roles, '--out', file('trust.json'));
  expect(statement.out).toContain('signed by nobody yet');
  const unsigned = await config('trust', 'publish', file('trust.json'), ...at());
  expect([unsigned.code, unsigned.err]).toEqual([2, expect.stringContaining('not signed by enough')]);
  expect((await config('trust', 'sign', file('trust.json'), '--key', file('root.key'))).code).toBe(0);
  const published = await config('trust', 'publish', file('trust.json'), ...at());
  expect(published.out).toMatch(/^Statement 1 counts until /);
}, 60_000);

test('a wrong file is told field by field with exit code 1, and is never signed', async () => {
  const wrong = readFileSync(file('chain.json'), 'utf8').replace('"batchEntries": 200', '"batchEntries": 0');
  writeFileSync(file('wrong.json'), wrong);
  const checked = await tillwire('config', 'validate', file('wrong.json'));
  const signed = await config('sign', file('wrong.json'), '--key', file('ada.key'));
  const right = await config('validate', file('chain.json'));
  const line = 'chain.sync.batchEntries is 0; allowed: a whole number from 1 to 500';
  expect([checked.code, checked.out]).toEqual([1, expect.stringContaining(line)]);
  expect([signed.code, signed.err]).toEqual([2, expect.stringContaining(line)]);
  expect([right.code, right.out]).toEqual([0, expect.stringContaining('is right: revision 1')]);
});

test('one person signs, another approves, central publishes, and a person takes it back', async () => {
  const publish = (): Promise<Said> => config('publish', file('chain.json'), '--rings', file('rings.json'), ...at());
  expect((await config('sign', file('chain.json'), '--key', file('ada.key'))).code).toBe(0);
  const alone = await publish();
  expect([alone.code, alone.err]).toEqual([2, expect.stringContaining('Central declined')]);
  const twice = await config('approve', file('chain.json'), '--key', file('ada.key'));
  expect([twice.code, twice.err]).toEqual([2, expect.stringContaining('another person approves it')]);
  const to = ['--key', file('ben.key'), '--yes', '--against', file('chain.json')];
  const approved = await config('approve', file('chain.json'), ...to);
  expect(approved.out).toMatch(/^No store changes\.\nApproved with [0-9a-f]{16}\./m);
  const published = await publish();
  expect([published.code, published.err]).toEqual([0, '']);
  expect(published.out).toContain('Follow it: tillwire rollout status r1');

  writeFileSync(file('next.json'), readFileSync(file('chain.json'), 'utf8').replace('"revision": 1', '"revision": 2'));
  const changed = readFileSync(file('next.json'), 'utf8').replace(
    '"bytesPerSecond": 20000 ',
    '"bytesPerSecond": 9000 ',
  );
  writeFileSync(file('next.json'), changed);
  const diff = await config('diff', '1', file('next.json'), ...at());
  expect(diff.out).toContain('S003:\n  sync.bytesPerSecond: 20000 -> 9000\n');
  expect((await rollout('pause', 'r1', '--reason', 'lunch', ...at())).out).toContain('paused');
  const aborted = await rollout('abort', 'r1', '--json', ...at());
  expect(JSON.parse(aborted.out)).toMatchObject({ id: 'r1', state: 'aborted' });
  expect((await rollout('list', ...at())).out).toMatch(/^r1 +aborted /m);
  expect((await rollout('status', 'r1', ...at())).out).toMatch(/^ {2}\S+ \S+ {2}paused, \S+: .*lunch/m);
  expect((await rollout('resume', 'r1', ...at())).code).toBe(2);
}, 60_000);
