// Central's door for computers of stores: /v1/device. Who signed a request is known before any route is reached.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { OpenAPIHandler } from '@orpc/openapi/fetch';
import { ORPCError, onError } from '@orpc/server';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { DIAGNOSTICS_BYTES_MAX } from '../../core/limits/commands.ts';
import { DEVICE_BODY_BYTES_MAX, REFUSED_REQUESTS_MAX, REFUSED_REQUESTS_SECONDS } from '../../core/limits/devices.ts';
import { TRY_RESULT_BYTES_MAX } from '../../core/limits/tries.ts';
import { requestSentence } from '../issues.ts';
import { type Log, messageOf } from '../log.ts';
import type { RouterParts } from '../router.ts';
import { openRequestJudge, type RequestRefused } from './requests.ts';
import { deviceRouter, enrolmentRouter } from './router.ts';

export const DEVICE_PREFIX = '/v1/device/';
const PREFIX = '/v1';
const ENROLMENTS = `${DEVICE_PREFIX}enrolments`;
const DEVICE_BYTES = 6;
const TOO_MANY = 'Too many requests from here were refused. Wait for some minutes.';

export type DeviceDoor = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export function openDeviceDoor(parts: RouterParts & { randomHex(bytes: number): string }): DeviceDoor {
  const { devices, randomHex } = parts;
  const judge = openRequestJudge(devices);
  const refusals = new RateLimiterMemory({ points: REFUSED_REQUESTS_MAX, duration: REFUSED_REQUESTS_SECONDS });
  const failed = (error: unknown): void => tellFailure(devices.log, error);
  const enrolments = new OpenAPIHandler(
    enrolmentRouter(devices, () => `d${randomHex(DEVICE_BYTES)}`),
    { interceptors: [onError(failed)], clientInterceptors: [onError(tellPlainly)] },
  );
  const signed = new OpenAPIHandler(deviceRouter(parts), {
    interceptors: [onError(failed)],
    clientInterceptors: [onError(tellPlainly)],
  });

  /** A flood by nobody who is known is answered shortly; those from the same address who sign as they should are heard. */
  const refuse = async ({ status, subject, ...told }: RequestRefused, address: string): Promise<Response> => {
    const isFlood = subject === null && (await isTooMany(refusals, address));
    if (isFlood) return Response.json({ ...told, message: TOO_MANY }, { status: 429 });
    await devices.keeper.refused(null, {
      action: 'enrol',
      subject: subject ?? 'no known device',
      detail: told.message,
    });
    return Response.json(told, { status });
  };

  const answer = async (request: Request, path: string, body: Uint8Array, address: string): Promise<Response> => {
    if (path === ENROLMENTS) {
      const { matched, response } = await enrolments.handle(request, { prefix: PREFIX, context: { address } });
      return matched ? response : nothingAt(path);
    }
    const { method, headers } = request;
    const context = await judge({ method, path, headers, body });
    if ('status' in context) return refuse(context, address);
    const { matched, response } = await signed.handle(request, { prefix: PREFIX, context });
    return matched ? response : nothingAt(path);
  };

  return async (request, response) => {
    const address = request.socket.remoteAddress ?? '';
    const body = await readBody(request, bodyBytesMax(request.url ?? '/'));
    if (body === null) return send(response, Response.json({ message: 'The request is too large.' }, { status: 413 }));
    const { method = 'GET', url: path = '/' } = request;
    const asked = new Request(new URL(path, 'http://central'), {
      method,
      headers: headersOf(request),
      body: method === 'GET' || method === 'HEAD' ? null : body,
    });
    await send(response, await answer(asked, path, body, address));
  };
}

const isTooMany = (limiter: RateLimiterMemory, address: string): Promise<boolean> =>
  limiter.consume(address).then(
    () => false,
    () => true,
  );

/** What failed is told to the log; what is declined only to whoever asked. */
function tellFailure(log: Log, error: unknown): void {
  if (error instanceof ORPCError && error.status < 500) return;
  log.warn({ reason: messageOf(error) }, 'a request of a device failed');
}

/** A mistake in a request names its field. */
function tellPlainly(error: unknown): void {
  const message = requestSentence(error);
  if (message !== null) throw new ORPCError('BAD_REQUEST', { message });
}

/** Bytes that a request may have, by where it goes. */
const BODIES: readonly (readonly [RegExp, number])[] = [
  [/^\/v1\/device\/diagnostics\//, DIAGNOSTICS_BYTES_MAX * 1.5],
  [/^\/v1\/device\/tries\//, TRY_RESULT_BYTES_MAX],
];
const bodyBytesMax = (path: string): number => BODIES.find(([route]) => route.test(path))?.[1] ?? DEVICE_BODY_BYTES_MAX;

const nothingAt = (path: string): Response =>
  Response.json({ message: `There is nothing at ${path.split('?')[0]}.` }, { status: 404 });

function headersOf({ headers }: IncomingMessage): Headers {
  const own = new Headers();
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') own.set(name, value);
  return own;
}

/** Null where it is longer than it may be. */
async function readBody(request: IncomingMessage, most: number): Promise<Buffer<ArrayBuffer> | null> {
  if (Number(request.headers['content-length'] ?? 0) > most) return null;
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > most) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

async function send(response: ServerResponse, answer: Response): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body === null) response.end();
  else await pipeline(Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]), response);
}
