// Bodies in and answers out, bounded in size and time.
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { BODY_WAIT_MS, DISCARD_BYTES_MAX } from '../core/limits.ts';
import type { CaptureErrorCode } from '../protocol/local/capture.ts';
import { captureError, type ErrorDetails, statusOf } from './errors.ts';

export type Body =
  | { ok: true; text: string }
  | { ok: false; code: 'body-too-large' | 'too-slow' | 'bad-json'; message?: string | undefined };

export function sendJson(res: ServerResponse, status: number, json: string): void {
  res.statusCode = status;
  res.setHeader('content-type', 'application/json; charset=utf-8');
  res.setHeader('cache-control', 'no-store');
  res.setHeader('x-content-type-options', 'nosniff');
  res.setHeader('content-length', Buffer.byteLength(json));
  res.end(json);
}

export function refuse(res: ServerResponse, code: CaptureErrorCode, details: ErrorDetails = {}): void {
  if (code === 'busy' || code === 'unknown') res.setHeader('retry-after', '1');
  sendJson(res, statusOf(code), JSON.stringify(captureError(code, details)));
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

/** A JSON text as a value, or how many characters are right before the first mistake. */
export function parseJson(text: string): { ok: true; value: unknown } | { ok: false; position: number } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, position: mistakeAt(text) };
  }
}

/** The longest beginning that could still become JSON; the engine itself names the place only sometimes. */
function mistakeAt(text: string): number {
  let good = 0;
  let bad = text.length + 1;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (couldGoOn(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function couldGoOn(start: string): boolean {
  try {
    JSON.parse(start);
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    if (/Unexpected end|Unterminated string/.test(message)) return true;
    return Number(/position (\d+)/.exec(message)?.[1] ?? -1) >= start.length;
  }
}
