// Central's HTTP API by protocol/hq/contract.ts: loopback only.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OpenAPIGenerator } from '@orpc/openapi';
import { OpenAPIHandler } from '@orpc/openapi/node';
import { ORPCError, onError } from '@orpc/server';
import { BodyLimitPlugin } from '@orpc/server/node';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { DECISION_BYTES_MAX } from '../core/limits.ts';
import { hqContract } from '../protocol/hq/contract.ts';
import { openKeeper } from './accounts/who.ts';
import { admit, PREFIX } from './http-door.ts';
import { requestSentence } from './issues.ts';
import { type Log, messageOf } from './log.ts';
import { centralRouter, type RouterParts } from './router.ts';
import { readStatus } from './status.ts';

export type HttpOptions = Omit<RouterParts, 'keeper'> & {
  trial: boolean;
  /** Of whoever may read central's data folder. */
  operatorToken: string;
  log: Log;
};

const DOCUMENT = `${PREFIX}/openapi.json`;

/** Listens on 127.0.0.1 only (D20, S1). */
export async function serveHttp(options: HttpOptions, port: number): Promise<{ url: string; stop(): Promise<void> }> {
  const keeper = openKeeper(options);
  const rest = new OpenAPIHandler(centralRouter({ ...options, keeper }), {
    interceptors: [
      onError((error) => {
        // What is declined is told to whoever asked.
        if (error instanceof ORPCError && error.status < 500) return;
        options.log.warn({ reason: messageOf(error) }, 'a request failed');
      }),
    ],
    clientInterceptors: [onError(tellPlainly)],
    plugins: [new BodyLimitPlugin({ maxBodySize: DECISION_BYTES_MAX })],
  });
  const document = JSON.stringify(await centralOpenApi());
  let hosts: string[] = [];

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const admission = await admit(request, hosts, keeper);
    if ('status' in admission) return send(response, admission.status, { message: admission.message });
    const path = (request.url ?? '/').split('?')[0];
    if (path === '/') return send(response, 200, await indexOf(options));
    if (path === DOCUMENT) return send(response, 200, document);
    const { matched } = await rest.handle(request, response, { prefix: PREFIX, context: admission });
    if (!matched) send(response, 404, { message: `There is nothing at ${path}. What there is: ${DOCUMENT}` });
  };

  const server = createServer((request, response) => {
    response.setHeader('cache-control', 'no-store');
    response.setHeader('x-content-type-options', 'nosniff');
    answer(request, response).catch((error) => {
      options.log.error({ reason: messageOf(error) }, 'a request failed');
      if (!response.headersSent) send(response, 500, { message: 'Central could not answer. Its log says why.' });
      else response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const bound = (server.address() as AddressInfo).port;
  hosts = [`127.0.0.1:${bound}`, `localhost:${bound}`];
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${bound}`, stop };
}

export const centralOpenApi = (): Promise<unknown> =>
  new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] }).generate(hqContract, {
    info: { title: 'Tillwire central', version: '1', description: 'The central inventory service of Tillwire.' },
    servers: [{ url: PREFIX }],
  });

/** A mistake in a request names its field. */
function tellPlainly(error: unknown): void {
  const message = requestSentence(error);
  if (message !== null) throw new ORPCError('BAD_REQUEST', { message });
}

const INDEX = {
  name: 'Tillwire central',
  openapi: DOCUMENT,
  status: `${PREFIX}/status`,
  stores: `${PREFIX}/stores`,
  stock: `${PREFIX}/stock`,
  deadLetters: `${PREFIX}/dead-letters`,
  conservation: `${PREFIX}/conservation`,
  exceptions: `${PREFIX}/exceptions`,
  claims: `${PREFIX}/claims`,
  transfers: `${PREFIX}/transfers`,
};

async function indexOf({ db, trial }: HttpOptions) {
  const { incarnation, restored } = await readStatus(db);
  const notices = [trial ? TRIAL : null, restored?.sentence ?? null].filter((notice) => notice !== null);
  return { ...INDEX, trial, incarnation, notices };
}

const TRIAL = 'Trial database: what it confirms does not survive a power cut. Use PostgreSQL for real.';

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    ...(status === 405 ? { allow: 'GET' } : status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
