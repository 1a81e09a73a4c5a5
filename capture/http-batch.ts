// Several documents in one request: each is kept or refused by itself, in order, with the answer it would have had alone.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { BODY_BYTES_MAX } from '../core/limits.ts';
import { BatchDocument, BatchInput, type BatchOutput } from '../protocol/local/batch.ts';
import type { Caller } from './callers.ts';
import type { DoorLimits } from './door-limits.ts';
import type { CaptureHandlerOptions } from './http.ts';
import { turnedAway } from './http-admission.ts';
import { captureOne, MASKED_HEADER, type PostedDocument } from './http-capture.ts';
import { type Answer, readJson, refusal, refuse, send } from './http-exchange.ts';
import { issuesOf } from './issues.ts';
import { answerLast, KEPT_HEADER, LAST_HEADER } from './last-told.ts';
import type { WayIn } from './ways.ts';

/** These become one fact each and look at nothing that is kept already: many may be on their way to the disk together. */
const INDEPENDENT: ReadonlySet<WayIn> = new Set(['transactions', 'movements', 'days']);

export async function captureBatch(
  req: IncomingMessage,
  res: ServerResponse,
  options: CaptureHandlerOptions,
  caller: Caller,
  limits: DoorLimits,
): Promise<void> {
  const parsed = await readJson(req, res, BODY_BYTES_MAX);
  if (parsed === null) return;
  const batch = BatchInput.safeParse(parsed.value);
  if (!batch.success) return refuse(res, 'bad-body', { issues: issuesOf(batch.error, parsed.value) });
  // The request itself counts as the first.
  const seconds = await limits.documents(caller, batch.data.documents.length - 1);
  if (seconds > 0) return void (await turnedAway(req, res, 'too-many', { 'retry-after': String(seconds) }));
  const told = await answerLast(req.headers[LAST_HEADER], options);
  const answers = await answerAll(batch.data.documents, (document) => captureOne(document, caller, options));
  const output: BatchOutput = { answers: answers.map(inBatch) };
  send(res, { status: 200, json: JSON.stringify(output), headers: told });
}

async function answerAll(
  documents: unknown[],
  capture: (document: PostedDocument) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Promise<Answer>[] = [];
  for (const each of documents) {
    const read = BatchDocument.safeParse(each);
    if (!read.success) {
      answers.push(Promise.resolve(refusal('bad-body', { issues: issuesOf(read.error, each) })));
      continue;
    }
    const { way, body, key, trace } = read.data;
    const isAlone = !INDEPENDENT.has(way);
    if (isAlone) await Promise.all(answers);
    // What becomes of one that failed is unknown; the others have their own answers (L1).
    const answer = capture({ way, body, key, trace }).catch(() => refusal('unknown'));
    answers.push(answer);
    if (isAlone) await answer;
  }
  return Promise.all(answers);
}

function inBatch({ status, json, headers }: Answer): BatchOutput['answers'][number] {
  const { [KEPT_HEADER]: last, [MASKED_HEADER]: masked } = headers;
  return { status, body: JSON.parse(json) as BatchOutput['answers'][number]['body'], last, masked };
}
