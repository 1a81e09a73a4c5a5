// Bodies in and answers out, bounded in size and time.
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { BODY_WAIT_MS, DISCARD_BYTES_MAX } from '../core/limits.ts';
import type { CaptureErrorCode } from '../protocol/local/capture.ts';
import { captureError, type ErrorDetails, statusOf } from './errors.ts';
import { parseStrictJson } from './strict-json.ts';

export type Body =
  | { ok: true; text: string }
  | { ok: false; code: 'body-too-large' | 'too-slow' | 'bad-json'; message?: string | undefined };

/** What is answered to one document, whether it came alone or in a batch. */
export type Answer = { status: number; json: string; headers: Record<string, string> };

export function send(res: ServerResponse, { status, json, headers }: Answer): void {
  res.statusCode = status;
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  res.setHeader('content-type', 'application/json; charset=utf-8');
  res.setHeader('cache-control', 'no-store');
  res.setHeader('x-content-type-options', 'nosniff');
  res.setHeader('content-length', Buffer.byteLength(json));
  res.end(json);
}

export const sendJson = (res: ServerResponse, status: number, json: string): void =>
  send(res, { status, json, headers: {} });

export const refusal = (code: CaptureErrorCode, details: ErrorDetails = {}): Answer => ({
  status: statusOf(code),
  json: JSON.stringify(captureError(code, details)),
  headers: code === 'busy' || code === 'unknown' ? { 'retry-after': '1' } : {},
});

export const refuse = (res: ServerResponse, code: CaptureErrorCode, details: ErrorDetails = {}): void =>
  send(res, refusal(code, details));

export function isPlainJson(req: IncomingMessage): boolean {
  if ((req.headers['content-encoding'] ?? 'identity') !== 'identity') return false;
  return /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(req.headers['content-type'] ?? '');
}

/** The body as JSON, or null after it was refused. */
export async function readJson(
  req: IncomingMessage,
  res: ServerResponse,
  bytesMax: number,
): Promise<{ value: unknown } | null> {
  if (!isPlainJson(req)) {
    await discardBody(req);
    refuse(res, 'not-json');
    return null;
  }
  const body = await readBody(req, bytesMax);
  if (!body.ok) {
    refuse(res, body.code, { message: body.message });
    return null;
  }
  const parsed = parseStrictJson(body.text);
  if (parsed.ok) return { value: parsed.value };
  const { code, position } = parsed;
  if (code === 'unsafe-json') {
    const { field, problem, fix } = parsed;
    refuse(res, code, { position, issues: [{ field, problem, fix }] });
    return null;
  }
  const message = `The body is not valid JSON: the mistake is behind character ${position}. Nothing was kept.`;
  refuse(res, code, { position, message });
  return null;
}

/** The whole body as text; never more than `bytesMax` in memory, never longer than the wait. */
export async function readBody(req: IncomingMessage, bytesMax: number): Promise<Body> {
  if (Number(req.headers['content-length'] ?? 0) > bytesMax) {
    await discardBody(req);
    return { ok: false, code: 'body-too-large' };
  }
  const chunks: Buffer[] = [];
  let size = 0;
  const ended = await eachChunk(req, (chunk) => {
    size += chunk.length;
    if (size > bytesMax) return false;
    chunks.push(chunk);
    return true;
  });
  if (ended === 'late') return { ok: false, code: 'too-slow' };
  if (ended === 'stopped') {
    await discardBody(req);
    return { ok: false, code: 'body-too-large' };
  }
  const bytes = Buffer.concat(chunks);
  if (!isUtf8(bytes)) return { ok: false, code: 'bad-json', message: 'The body is not UTF-8. Nothing was kept.' };
  return { ok: true, text: bytes.toString('utf8') };
}

/** Reads a refused body to its end, within bounds: a client that is still sending would not see the answer. */
export async function discardBody(req: IncomingMessage): Promise<void> {
  let size = 0;
  const ended = await eachChunk(req, (chunk) => {
    size += chunk.length;
    return size <= DISCARD_BYTES_MAX;
  });
  if (ended !== 'ended') req.pause();
}

function eachChunk(req: IncomingMessage, take: (chunk: Buffer) => boolean): Promise<'ended' | 'stopped' | 'late'> {
  if (req.readableEnded) return Promise.resolve('ended');
  if (req.destroyed) return Promise.reject(new Error('the connection broke'));
  return new Promise((resolve, reject) => {
    const settle = (how: 'ended' | 'stopped' | 'late' | Error): void => {
      clearTimeout(timer);
      req.off('data', onData).off('end', onEnd).off('close', onClose).off('error', settle);
      if (how instanceof Error) reject(how);
      else resolve(how);
    };
    const timer = setTimeout(() => settle('late'), BODY_WAIT_MS);
    const onData = (chunk: Buffer): void => {
      if (!take(chunk)) settle('stopped');
    };
    const onEnd = (): void => settle('ended');
    const onClose = (): void => settle(new Error('the connection broke'));
    req.on('data', onData).on('end', onEnd).on('close', onClose).on('error', settle);
  });
}
