// What is wrong with a document and how to mend it, field by field, out of what zod found.
import type { z } from 'zod';
import { ISSUES_MAX, TEXT_LENGTH_MAX } from '../core/limits.ts';
import type { Issue } from '../protocol/local/capture.ts';

/** `input` is what was parsed, to tell a missing field from a wrong one. */
export function issuesOf(error: z.ZodError, input: unknown): Issue[] {
  return error.issues.flatMap((issue) => oneIssue(issue, input)).slice(0, ISSUES_MAX);
}

function oneIssue(issue: z.core.$ZodIssue, input: unknown): Issue[] {
  const field = issue.path.join('.') || 'body';
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: [...issue.path, key].join('.').slice(0, TEXT_LENGTH_MAX),
      problem: 'is not a field of this document',
      fix: 'leave it out, or check its spelling',
    }));
  }
  if (valueAt(input, issue.path) === undefined) return [{ field, problem: 'is missing', fix: fixOf(issue) }];
  return [{ field, problem: problemOf(issue), fix: fixOf(issue) }];
}

const sizes: Record<string, { small: string; big: string }> = {
  array: { small: 'has too few entries', big: 'has too many entries' },
  string: { small: 'is too short', big: 'is too long' },
};

function problemOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return 'has the wrong type';
    case 'too_big':
      return sizes[issue.origin]?.big ?? 'is too large';
    case 'too_small':
      return sizes[issue.origin]?.small ?? 'is too small';
    default:
      return 'is not valid';
  }
}

/** What zod says by itself; a schema of ours says the fix in its own words instead. */
const OWN_WORDS_OF_ZOD = /^(Invalid|Too|Unrecognized)\b/;

function fixOf(issue: z.core.$ZodIssue): string {
  if (!OWN_WORDS_OF_ZOD.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return `send ${issue.expected === 'int' ? 'a whole number' : `${article(issue.expected)} ${issue.expected}`}`;
    case 'invalid_value':
      return `use ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_big':
      return `send at most ${issue.maximum}${unit(issue.origin)}`;
    case 'too_small':
      return `send at least ${issue.minimum}${unit(issue.origin)}`;
    default:
      return issue.message;
  }
}

const article = (noun: string): string => (/^[aeiou]/.test(noun) ? 'an' : 'a');
const unit = (origin: string): string => (origin === 'array' ? ' entries' : origin === 'string' ? ' characters' : '');

function valueAt(input: unknown, path: PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}
