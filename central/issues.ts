// What is wrong with a request, as a sentence that names the field and the fix.
import { ValidationError } from '@orpc/contract';
import { ORPCError } from '@orpc/server';

/** Where a part of the request lies in its schema; people know it by its own name. */
const PARTS = new Set(['body', 'query', 'params', 'headers', 'decision']);

/** Only what was wrong with the request itself; anything else is told as it is. */
export function requestSentence(error: unknown): string | null {
  if (!(error instanceof ORPCError) || error.code !== 'BAD_REQUEST' || !(error.cause instanceof ValidationError)) {
    return null;
  }
  const [first, ...more] = error.cause.issues;
  if (first === undefined) return null;
  const names = (first.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
  const field = names.filter((name) => !PARTS.has(name)).join('.');
  const others = more.length === 0 ? '' : ` (${more.length} more mistakes)`;
  return `${field === '' ? '' : `${field}: `}${first.message}${others}`;
}
