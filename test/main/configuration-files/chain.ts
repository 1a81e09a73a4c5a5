// A small configuration that is right, for tests to break.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigurationSource } from '../../../protocol/configuration/document.ts';

const examples = join(import.meta.dirname, '../../../examples/configuration');
export const CHAIN_FILE = join(examples, 'chain.json');
export const RINGS_FILE = join(examples, 'rings.json');

export const chain = (): ConfigurationSource => ConfigurationSource.parse(JSON.parse(readFileSync(CHAIN_FILE, 'utf8')));

const Anything = z.record(z.string(), z.unknown());

/** The text of the same, with one value put in at a path; undefined takes it away. */
export function chainWith(path: string, value: unknown): string {
  const source: unknown = JSON.parse(readFileSync(CHAIN_FILE, 'utf8'));
  const steps = path.split('/');
  const last = steps.pop() ?? '';
  let at = Anything.parse(source);
  const root = at;
  for (const step of steps) {
    const next = Anything.safeParse(at[step]).data ?? {};
    at[step] = next;
    at = next;
  }
  at[last] = value;
  return JSON.stringify(root);
}
