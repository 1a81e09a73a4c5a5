// How a command finds central: by its option, the environment, what npm start runs, else it says how to name it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { type CentralOptions, openCentral, withCentral } from '../../main/commands/with-central.ts';
import { forgetStarted, noteStarted, startedCentral } from '../../main/started-central.ts';

afterEach(() => vi.unstubAllEnvs());

const optionsOf = (...args: string[]): CentralOptions =>
  withCentral(new Command('look')).exitOverride().parse(args, { from: 'user' }).opts();

test('an option wins over TILLWIRE_CENTRAL, and both are addresses', () => {
  vi.stubEnv('TILLWIRE_CENTRAL', 'http://127.0.0.1:1');
  expect(optionsOf().central).toBe('http://127.0.0.1:1');
  expect(optionsOf('--central', 'http://127.0.0.1:2').central).toBe('http://127.0.0.1:2');
  vi.stubEnv('TILLWIRE_CENTRAL', 'hq.example');
  expect(() =>
    withCentral(new Command('look'))
      .exitOverride()
      .configureOutput({ writeErr() {} })
      .parse([], { from: 'user' }),
  ).toThrow('whole address');
});

test('without either it is the one that npm start of this folder runs, else a sentence says what to write', () => {
  vi.stubEnv('TILLWIRE_CENTRAL', undefined);
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-started-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'made', 'started.json');
  const open = () => openCentral(optionsOf(), () => startedCentral(file));
  expect(open).toThrow('Name central with --central, for example --central http://127.0.0.1:');
  noteStarted('http://127.0.0.1:3', file);
  expect(startedCentral(file)).toBe('http://127.0.0.1:3');
  expect(open).not.toThrow();
  forgetStarted(file);
  expect(open).toThrow('Name central');
  // One that was killed, and one that another start has written.
  const { pid: ended = 0 } = spawnSync(process.execPath, ['--version']);
  writeFileSync(file, JSON.stringify({ central: 'http://127.0.0.1:4', pid: ended }));
  expect(startedCentral(file)).toBeNull();
  forgetStarted(file);
  expect(existsSync(file)).toBe(true);
});
