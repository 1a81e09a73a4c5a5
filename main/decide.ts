// The store answers a question: one fact in the journal, so it works without a line and is sent like a sale (R18).
import { DateTime } from 'luxon';
import { maskText } from '../capture/mask.ts';
import type { AppendOutcome } from '../core/captured.ts';
import type { Clock } from '../core/clock.ts';
import type { ExceptionDecidedContent } from '../core/fact.ts';
import { hex, utf8 } from '../core/hash.ts';
import type { Decided, Decision, ExceptionRow } from '../protocol/local/exceptions.ts';
import { sha256 } from '../protocol/sha256.ts';
import type { Storage } from '../storage/client.ts';

export const WINDOW_WORKSTATION = 'Store window';
const FEED = 'window';
const ALREADY: Decided = { result: 'already-decided', sentence: 'Already decided: the first decision stands.' };

/**
 * Number of the document: the same for every answer to one question on one day, so that of two windows that answer at
 * once only one is kept.
 */
const numberOf = ({ exception }: Decision): string =>
  `${exception.slice(0, exception.indexOf('/')).slice(0, 32)}-${hex(sha256(utf8(exception))).slice(0, 12)}`;

export async function decide(
  { storage, clock }: { storage: Pick<Storage, 'append' | 'findException'>; clock: Clock },
  decision: Decision,
): Promise<Decided> {
  const question = await storage.findException(decision.exception);
  if (question === null || question.decided !== null) return ALREADY;
  const option = question.row.options.find(({ name }) => name === decision.option);
  if (option === undefined) return { result: 'no-such-option', sentence: notAnAnswer(question.row) };
  const now = DateTime.fromMillis(clock.wallMs());
  const content: ExceptionDecidedContent = {
    kind: 'exception-decided',
    workstation: WINDOW_WORKSTATION,
    document: numberOf(decision),
    businessDate: now.toISODate() ?? '',
    occurred: now.toISO() ?? '',
    exception: decision.exception,
    option: option.name,
    // L12: a note is free text like any other.
    note: decision.note === undefined ? undefined : maskText(decision.note).text,
  };
  // The clock that says when is our own: nothing lies between.
  const captured = { content, feed: FEED, skew: { ms: 0, boundMs: 0 } };
  return told(await storage.append(captured), option.words);
}

const notAnAnswer = ({ options }: ExceptionRow): string =>
  `That is not an answer to this question. The answers are: ${options.map(({ words }) => words).join(', ')}.`;

function told(outcome: AppendOutcome, words: string): Decided {
  switch (outcome.kind) {
    case 'captured':
    case 'duplicate':
      return { result: 'decided', sentence: `Kept: “${words}”. Head office is told by itself.` };
    case 'conflict':
      return ALREADY;
    case 'refused':
      return { result: 'not-kept', sentence: outcome.message };
  }
}
