// The lock file is whole: `npm ci` refuses one that lacks a package of another platform.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';

const root = resolve(import.meta.dirname, '..');
const lockFile = z.object({
  packages: z.record(z.string(), z.object({ optionalDependencies: z.record(z.string(), z.string()).optional() })),
});

/** The places where npm looks for a package that `from` wants, nearest first. */
function placesOf(from: string, name: string): string[] {
  const here = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
  return from === '' ? [here] : [here, ...placesOf(from.replace(/\/?node_modules\/[^/]+(\/[^/]+)?$/, ''), name)];
}

test('the lock file names every optional package, of this platform and of the others', () => {
  const { packages } = lockFile.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
  const wanted = Object.entries(packages).flatMap(([from, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).map((name) => ({ from, name })),
  );
  const missing = wanted.filter(({ from, name }) => !placesOf(from, name).some((place) => place in packages));
  expect(wanted.length).toBeGreaterThan(20);
  expect(missing).toEqual([]);
});
