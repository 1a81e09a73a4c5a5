// Files that people write: bounded, and JSON that no two programs read differently.
import { readFileSync, statSync } from 'node:fs';
import { parseStrictJson } from '../../capture/strict-json.ts';
import { CONFIGURATION_STORES_MAX, CONFIGURATION_VALUES_MAX } from '../../core/limits/configuration.ts';
import { UsageError } from '../usage-error.ts';
import type { Problem } from './problems.ts';

export type Read = { value: unknown } | { problems: Problem[] };

/** Throws UsageError where there is no such file, or where it is too large. */
export function readText(path: string, bytesMax: number): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new UsageError(`${path} does not exist.`);
  if (!stat.isFile()) throw new UsageError(`${path} is not a file.`);
  if (stat.size > bytesMax) throw new UsageError(`${path} has more than ${bytesMax} bytes.`);
  return readFileSync(path, 'utf8').replace(/^\ufeff/, '');
}

/** A mistake is told by line and column, a field that is there twice by its path. */
export function parseText(text: string): Read {
  const read = parseStrictJson(text, { valuesMax: CONFIGURATION_VALUES_MAX, keysMax: CONFIGURATION_STORES_MAX });
  if (read.ok) return { value: read.value };
  if (read.code === 'unsafe-json') {
    return { problems: [{ field: read.field, problem: read.problem, allowed: read.fix }] };
  }
  const before = text.slice(0, read.position).split('\n');
  const place = `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
  return { problems: [{ field: 'the file', problem: `is not JSON from ${place} on`, allowed: 'JSON: mend it there' }] };
}
