// How a command finds central: by its option, else by the environment, else it says how to name it.
import { Command } from 'commander';
import { afterEach, expect, test, vi } from 'vitest';
import { type CentralOptions, openCentral, withCentral } from '../../main/commands/with-central.ts';

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

test('without either a sentence says what to write', () => {
  vi.stubEnv('TILLWIRE_CENTRAL', undefined);
  expect(() => openCentral(optionsOf())).toThrow(
    'Name central with --central, for example --central http://127.0.0.1:',
  );
});
