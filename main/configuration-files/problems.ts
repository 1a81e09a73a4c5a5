// What is wrong with a file that people wrote: which field, what is wrong with it, what is allowed.
import type { z } from 'zod';
import { numbersNotWhole } from '../../core/configuration/layers.ts';
import type { Issue } from '../../protocol/local/capture.ts';
import { type Allowed, oneOf } from './allowed.ts';

export type Problem = { field: string; problem: string; allowed: string };

const VALUE_SHOWN_MAX = 60;

/** "chain.maintenance[0].from" */
export function fieldOf(path: readonly PropertyKey[]): string {
  const field = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return field === '' ? 'the file' : field.replace(/^\./, '');
}

export const problemLine = ({ field, problem, allowed }: Problem): string => `${field} ${problem}; allowed: ${allowed}`;

/** `input` is what was parsed; `allowed` tells of its schema; `before` is where in the file it stands. */
export function problemsOf(
  error: z.ZodError,
  input: unknown,
  allowed: Allowed,
  before: readonly PropertyKey[] = [],
): Problem[] {
  return error.issues.flatMap((issue) => problemsOfIssue(issue, input, allowed, before));
}

function problemsOfIssue(
  issue: z.core.$ZodIssue,
  input: unknown,
  allowed: Allowed,
  before: readonly PropertyKey[],
): Problem[] {
  const path = [...before, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const names = allowed.fieldsAt(issue.path);
    return issue.keys.map((key) => ({
      field: fieldOf([...path, key]),
      problem: 'is not a field of this part',
      allowed: names.length === 0 ? 'nothing more than what is there' : oneOf(names),
    }));
  }
  if (issue.code === 'invalid_key') {
    const [why] = issue.issues;
    return [
      { field: fieldOf(path), problem: 'has a name that is not allowed', allowed: why?.message ?? 'another one' },
    ];
  }
  const value = valueAt(input, issue.path);
  return [
    {
      field: fieldOf(path),
      problem: value === undefined ? 'is missing' : `is ${shown(value)}`,
      allowed: inOwnWords(issue) ?? allowed.at(issue.path) ?? issue.message,
    },
  ];
}

/** What zod says by itself; a schema of ours says in its own words what is to be written. */
const WORDS_OF_ZOD = /^(Invalid|Too|Unrecognized|Expected)\b/;
const inOwnWords = ({ message }: z.core.$ZodIssue): string | null => (WORDS_OF_ZOD.test(message) ? null : message);

/** What is wrong with the reading of a feed, from those who read files. */
export const problemsOfReading = (issues: readonly Issue[], before: readonly PropertyKey[]): Problem[] =>
  issues.map(({ field, problem, fix }) => ({
    field: field === 'body' ? fieldOf(before) : `${fieldOf(before)}.${field}`,
    problem,
    allowed: fix,
  }));

/** Only exact whole numbers have one spelling, and what is signed must have one (canonical JSON). */
export const fractionsIn = (value: unknown): Problem[] =>
  numbersNotWhole(value).map((path) => ({
    field: fieldOf(path),
    problem: `is ${shown(valueAt(value, path))}`,
    allowed: 'a whole number, without a fraction',
  }));

export function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > VALUE_SHOWN_MAX ? `${text.slice(0, VALUE_SHOWN_MAX)}…` : text;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}
