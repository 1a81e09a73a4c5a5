// What a posted document becomes before it is appended: one fact or several that are kept together, or why not.
import type { Captured } from '../core/captured.ts';
import type { CaptureErrorCode, Issue } from '../protocol/local/capture.ts';
import type { Normalised } from './finish.ts';

export type Prepared =
  | { ok: true; captures: [Captured, ...Captured[]]; masked: string[] }
  | { ok: false; code: CaptureErrorCode; message?: string | undefined; issues?: Issue[] | undefined };

/** Facts of one document, all of which were read without a complaint, or the first that was not. */
export function together(first: Normalised, others: Normalised[] = []): Prepared {
  if (!first.ok) return first;
  const captures: [Captured, ...Captured[]] = [first.captured];
  const masked = [...first.masked];
  for (const other of others) {
    if (!other.ok) return other;
    captures.push(other.captured);
  }
  return { ok: true, captures, masked };
}

/** Number of a part of a document that became several facts; the first keeps its own. */
export const partNumber = (document: string, index: number): string =>
  index === 0 ? document : `${document}/${index + 1}`;

/** Key of the client for a part: no client can send a key with a space in it. */
export const partKey = (key: string | undefined, index: number): string | undefined =>
  key === undefined || index === 0 ? key : `${key} ${index + 1}`;
