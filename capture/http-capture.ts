// One posted document: parse, check, append, and the answer that stays the same however often it is asked (L1).
import type { IncomingMessage, ServerResponse } from 'node:http';
import { assert } from '../core/assert.ts';
import { canonicalJson } from '../core/canonical.ts';
import type { AppendOutcome, Captured, Kept } from '../core/captured.ts';
import { documentNumber, lineSkus, naturalKey } from '../core/fact.ts';
import { hex, utf8 } from '../core/hash.ts';
import { BODY_BYTES_MAX, MASKED_LENGTH_MAX } from '../core/limits.ts';
import { Traceparent } from '../protocol/fact.ts';
import { IdempotencyKey } from '../protocol/local/capture.ts';
import type { KeptOutput } from '../protocol/local/transaction.ts';
import { sha256 } from '../protocol/sha256.ts';
import { type Caller, strangeWorkstation } from './callers.ts';
import { keptParts } from './documents.ts';
import type { NormaliseContext } from './finish.ts';
import type { CaptureHandlerOptions } from './http.ts';
import { type Answer, readJson, refusal, send } from './http-exchange.ts';
import { issuesOf } from './issues.ts';
import { answerLast, KEPT_HEADER, LAST_HEADER, placeText } from './last-told.ts';
import { maskText, paintOver, type Ranges } from './mask.ts';
import { WAYS, type WayIn } from './ways.ts';

const FEED = 'http';
export const MASKED_HEADER = 'x-tillwire-masked';
/** The free texts of a posted document as they stand in its JSON. */
const FREE_TEXT = /"(?:description|reason|counterparty)":"((?:[^"\\]|\\.)*)"/g;

/** A document as it was posted, by itself or in a batch: nothing of it is checked yet. */
export type PostedDocument = { way: WayIn; body: unknown; key: unknown; trace: unknown };

export async function captureDocument(
  way: WayIn,
  req: IncomingMessage,
  res: ServerResponse,
  options: CaptureHandlerOptions,
  caller: Caller,
): Promise<void> {
  const parsed = await readJson(req, res, BODY_BYTES_MAX);
  if (parsed === null) return;
  const { 'idempotency-key': key, traceparent: trace, [LAST_HEADER]: last } = req.headers;
  const told = await answerLast(last, options);
  const { status, json, headers } = await captureOne({ way, body: parsed.value, key, trace }, caller, options);
  send(res, { status, json, headers: { ...headers, ...told } });
}

/** Rejects where it is unknown what became of it (L1). */
export async function captureOne(
  { way, body, key, trace }: PostedDocument,
  caller: Caller,
  options: CaptureHandlerOptions,
): Promise<Answer> {
  const named = IdempotencyKey.safeParse(key);
  if (!named.success) return refusal('bad-key', { issues: issuesOf(named.error, undefined).map(ofHeader) });
  const { journal } = options;
  const context = contextOf(named.data, Traceparent.safeParse(trace).data, options);
  const prepared = await WAYS[way].prepare(body, context, journal);
  if (!prepared.ok) return refusal(prepared.code, { message: prepared.message, issues: prepared.issues });
  const { captures, masked } = prepared;
  const stranger = strangeWorkstation(caller, captures);
  if (stranger !== null) return refusal('wrong-workstation', { message: stranger });
  const [first] = captures;
  const outcomes = captures.length === 1 ? [await journal.append(first)] : await journal.appendTogether(captures);
  const answered = await answer(outcomes, { way, body, captured: first }, options);
  if (masked.length === 0) return answered;
  // The till is told that something was painted over; the answer itself stays the same (L12).
  const told = { [MASKED_HEADER]: masked.join(', ').slice(0, MASKED_LENGTH_MAX) };
  return { ...answered, headers: { ...answered.headers, ...told } };
}

const contextOf = (
  clientKey: string,
  trace: string | undefined,
  { store, pseudonymKey, clock }: CaptureHandlerOptions,
): NormaliseContext => ({ store, feed: FEED, pseudonymKey, nowMs: clock.wallMs(), clientKey, trace });

const ofHeader = <T extends { field: string }>(issue: T): T => ({ ...issue, field: 'Idempotency-Key' });

/** What was posted where, and the first of the facts that it became. */
type Posted = { way: WayIn; body: unknown; captured: Captured };

async function answer(outcomes: AppendOutcome[], posted: Posted, options: CaptureHandlerOptions): Promise<Answer> {
  const [first] = outcomes;
  const worst = outcomes.find(({ kind }) => kind !== 'captured' && kind !== 'duplicate') ?? first;
  assert(worst !== undefined && first !== undefined, 'an append has an outcome');
  switch (worst.kind) {
    case 'captured':
    case 'duplicate':
      assert('kept' in first, 'what is kept has a place');
      return kept(first.kept, options);
    case 'conflict':
      return conflicting(worst, posted, options);
    case 'refused':
      if (worst.reason === 'disk-full') return refusal('disk-full');
      if (worst.reason === 'too-large') return refusal('fact-too-large');
      return refusal('busy', { message: worst.message === '' ? undefined : worst.message });
  }
}

const kept = (place: Kept, { store, pseudonymKey }: CaptureHandlerOptions): Answer => ({
  status: 201,
  json: JSON.stringify(keptOutput(store, place)),
  headers: { [KEPT_HEADER]: placeText(place, pseudonymKey) },
});

async function conflicting(
  { by, kept: there }: Extract<AppendOutcome, { kind: 'conflict' }>,
  { way, body, captured }: Posted,
  options: CaptureHandlerOptions,
): Promise<Answer> {
  const { journal, store } = options;
  const output = keptOutput(store, there);
  const { isKept } = WAYS[way];
  if (isKept !== undefined) {
    const parts = await keptParts(journal, naturalKey(store, captured.content));
    const same = isKept(
      body,
      parts.map(({ fact }) => fact.content),
    );
    const first = parts[0]?.kept;
    if (same && first !== undefined) return kept(first, options);
  }
  if (by === 'idempotency-key') return refusal('key-used', { kept: output });
  // A reused number must not lose a sale: the other document is kept for a person (D3).
  await journal.keepAside([conflictAside(way, body, captured)]);
  return refusal('number-used', { kept: output });
}

const keptOutput = (store: string, { key, epoch, seq, chain, recordedMs }: Kept): KeptOutput => ({
  ...{ store, key, epoch: { ordinal: epoch.ordinal, life: epoch.life }, seq, chain },
  recorded: new Date(recordedMs).toISOString(),
});

function conflictAside(way: WayIn, body: unknown, captured: Captured) {
  const { raw, masked } = maskedJson(body);
  const number = documentNumber(captured.content);
  return {
    feed: FEED,
    source: captured.content.workstation,
    place: `POST /v1/${way}`,
    code: 'key-conflict' as const,
    reason: `Another ${captured.content.kind} with the number ${number} of this day and till is kept already and says something else. Compare the two: send this one under its own number if both happened.`,
    receipt: number,
    raw,
    masked,
    rows: lineSkus(captured.content).length,
    fingerprint: hex(sha256(utf8(`${FEED}\n${canonicalJson(captured.content)}`))),
  };
}

/** The document written out again, free texts painted over where they hold card numbers. */
function maskedJson(body: unknown): { raw: string; masked: Ranges } {
  const text = JSON.stringify(body);
  const masked: Ranges = [];
  for (const match of text.matchAll(FREE_TEXT)) {
    const value = match[1] ?? '';
    const start = match.index + match[0].length - 1 - value.length;
    for (const [from, to] of maskText(value).ranges) masked.push([start + from, start + to]);
  }
  return { raw: paintOver(text, masked), masked };
}
