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
import { keptParts } from './documents.ts';
import type { NormaliseContext } from './finish.ts';
import type { CaptureHandlerOptions } from './http.ts';
import { discardBody, parseJson, readBody, refuse, sendJson } from './http-exchange.ts';
import { issuesOf } from './issues.ts';
import { maskText, paintOver, type Ranges } from './mask.ts';
import { WAYS, type WayIn } from './ways.ts';

const FEED = 'http';
/** The free texts of a posted document as they stand in its JSON. */
const FREE_TEXT = /"(?:description|reason|counterparty)":"((?:[^"\\]|\\.)*)"/g;

export async function captureDocument(
  name: WayIn,
  req: IncomingMessage,
  res: ServerResponse,
  options: CaptureHandlerOptions,
): Promise<void> {
  const parsed = await readDocument(req, res);
  if (parsed === null) return;
  const key = IdempotencyKey.safeParse(req.headers['idempotency-key']);
  if (!key.success) return refuse(res, 'bad-key', { issues: issuesOf(key.error, undefined).map(ofHeader) });
  const trace = Traceparent.safeParse(req.headers['traceparent']);
  const { journal } = options;
  const prepared = await WAYS[name].prepare(parsed.value, contextOf(key.data, trace.data, options), journal);
  if (!prepared.ok) return refuse(res, prepared.code, { message: prepared.message, issues: prepared.issues });
  const { captures, masked } = prepared;
  const [first] = captures;
  const outcomes = captures.length === 1 ? [await journal.append(first)] : await journal.appendTogether(captures);
  // The till is told that something was painted over; the answer itself stays the same (L12).
  if (masked.length > 0) res.setHeader('x-tillwire-masked', masked.join(', ').slice(0, MASKED_LENGTH_MAX));
  await answer(outcomes, { name, body: parsed.value, captured: first }, res, options);
}

const contextOf = (
  clientKey: string,
  trace: string | undefined,
  { store, pseudonymKey, clock }: CaptureHandlerOptions,
): NormaliseContext => ({ store, feed: FEED, pseudonymKey, nowMs: clock.wallMs(), clientKey, trace });

const ofHeader = <T extends { field: string }>(issue: T): T => ({ ...issue, field: 'Idempotency-Key' });

/** The body as JSON, or null after it was refused. */
async function readDocument(req: IncomingMessage, res: ServerResponse): Promise<{ value: unknown } | null> {
  if (!isPlainJson(req)) {
    await discardBody(req);
    refuse(res, 'not-json');
    return null;
  }
  const body = await readBody(req, BODY_BYTES_MAX);
  if (!body.ok) {
    refuse(res, body.code, { message: body.message });
    return null;
  }
  const parsed = parseJson(body.text);
  if (parsed.ok) return { value: parsed.value };
  const message = `The body is not valid JSON: the mistake is behind character ${parsed.position}. Nothing was kept.`;
  refuse(res, 'bad-json', { position: parsed.position, message });
  return null;
}

export function isPlainJson(req: IncomingMessage): boolean {
  if ((req.headers['content-encoding'] ?? 'identity') !== 'identity') return false;
  return /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(req.headers['content-type'] ?? '');
}

/** What was posted where, and the first of the facts that it became. */
type Posted = { name: WayIn; body: unknown; captured: Captured };

async function answer(
  outcomes: AppendOutcome[],
  posted: Posted,
  res: ServerResponse,
  options: CaptureHandlerOptions,
): Promise<void> {
  const [first] = outcomes;
  const worst = outcomes.find(({ kind }) => kind !== 'captured' && kind !== 'duplicate') ?? first;
  assert(worst !== undefined && first !== undefined, 'an append has an outcome');
  switch (worst.kind) {
    case 'captured':
    case 'duplicate':
      if ('kept' in first) sendJson(res, 201, JSON.stringify(keptOutput(options.store, first.kept)));
      return;
    case 'conflict':
      return conflicting(worst, posted, res, options);
    case 'refused':
      if (worst.reason === 'disk-full') return refuse(res, 'disk-full');
      return refuse(res, worst.reason === 'too-large' ? 'fact-too-large' : 'busy');
  }
}

async function conflicting(
  { by, kept }: Extract<AppendOutcome, { kind: 'conflict' }>,
  { name, body, captured }: Posted,
  res: ServerResponse,
  { journal, store }: CaptureHandlerOptions,
): Promise<void> {
  const output = keptOutput(store, kept);
  const { isKept } = WAYS[name];
  if (isKept !== undefined) {
    const parts = await keptParts(journal, naturalKey(store, captured.content));
    const same = isKept(
      body,
      parts.map(({ fact }) => fact.content),
    );
    const first = parts[0]?.kept;
    if (same && first !== undefined) return sendJson(res, 201, JSON.stringify(keptOutput(store, first)));
  }
  if (by === 'idempotency-key') return refuse(res, 'key-used', { kept: output });
  // A reused number must not lose a sale: the other document is kept for a person (D3).
  await journal.keepAside([conflictAside(name, body, captured)]);
  return refuse(res, 'number-used', { kept: output });
}

const keptOutput = (store: string, kept: Kept): KeptOutput => ({
  store,
  key: kept.key,
  epoch: { ordinal: kept.epoch.ordinal, life: kept.epoch.life },
  seq: kept.seq,
  chain: kept.chain,
  recorded: new Date(kept.recordedMs).toISOString(),
});

function conflictAside(name: WayIn, body: unknown, captured: Captured) {
  const { raw, masked } = maskedJson(body);
  const number = documentNumber(captured.content);
  return {
    feed: FEED,
    source: captured.content.workstation,
    place: `POST /v1/${name}`,
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
