// What one transaction becomes: documents, nothing that moves, or a sentence that says what is wrong with it.
import type { SetAsideCode } from '../../../core/captured.ts';
import { PROBLEMS_TOLD_MAX } from '../../../core/limits/files.ts';
import type { FeedDocument } from '../feed.ts';

export type Outcome =
  | { kind: 'documents'; documents: [FeedDocument, ...FeedDocument[]] }
  | { kind: 'passed'; what: string }
  | { kind: 'aside'; code: SetAsideCode; reason: string };

export const passed = (what: string): Outcome => ({ kind: 'passed', what });
export const aside = (code: SetAsideCode, reason: string): Outcome => ({ kind: 'aside', code, reason });

/** The first of them, and how many more there are. */
export function asideFor(problems: string[]): Outcome {
  const more = problems.length - PROBLEMS_TOLD_MAX;
  const told = problems.slice(0, PROBLEMS_TOLD_MAX).join(' ');
  return aside('bad-receipt', more > 0 ? `${told} And ${more} more.` : told);
}
