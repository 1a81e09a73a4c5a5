// Central's HTTP API by protocol/hq/contract.ts: loopback only, reading only. The local operator needs no account.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OpenAPIGenerator } from '@orpc/openapi';
import { OpenAPIHandler } from '@orpc/openapi/node';
import { implement, onError } from '@orpc/server';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { hqContract } from '../protocol/hq/contract.ts';
import { findImbalances } from './conservation.ts';
import { type Log, messageOf } from './log.ts';
import type { OnlineHints } from './presence.ts';
import { findReceipt, listDeadLetters, listEntries, listPostings, listStock, listStores } from './queries.ts';
import type { Db } from './schema.ts';

export type HttpOptions = {
  db: Db;
  trial: boolean;
  incarnation: string;
  hints: OnlineHints;
  wallMs(): number;
  log: Log;
};

const PREFIX = '/v1';
const DOCUMENT = `${PREFIX}/openapi.json`;

/** Listens on 127.0.0.1 only (D20, S1). */
export async function serveHttp(options: HttpOptions, port: number): Promise<{ url: string; stop(): Promise<void> }> {
  const rest = new OpenAPIHandler(routerOf(options), {
    interceptors: [onError((error) => options.log.warn({ reason: messageOf(error) }, 'a request failed'))],
  });
  const document = JSON.stringify(await centralOpenApi());
  let hosts: string[] = [];

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refusal = refusalOf(request, hosts);
    if (refusal !== null) return send(response, refusal.status, { message: refusal.message });
    const path = (request.url ?? '/').split('?')[0];
    if (path === '/') return send(response, 200, indexOf(options));
    if (path === DOCUMENT) return send(response, 200, document);
    const { matched } = await rest.handle(request, response, { prefix: PREFIX, context: {} });
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

function routerOf({ db, hints, wallMs }: HttpOptions) {
  const api = implement(hqContract);
  return api.router({
    stores: api.stores.handler(({ input }) => listStores(db, input, wallMs(), hints.isOnline)),
    stock: api.stock.handler(({ input }) => listStock(db, input)),
    ledger: api.ledger.handler(({ input }) => listPostings(db, input)),
    receipt: api.receipt.handler(({ input }) => findReceipt(db, input.store, input.receipt)),
    entries: api.entries.handler(({ input }) => listEntries(db, input)),
    deadLetters: api.deadLetters.handler(({ input }) => listDeadLetters(db, input)),
    conservation: api.conservation.handler(({ input }) => findImbalances(db, input)),
  });
}

export const centralOpenApi = (): Promise<unknown> =>
  new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] }).generate(hqContract, {
    info: { title: 'Tillwire central', version: '1', description: 'The central inventory service of Tillwire.' },
    servers: [{ url: PREFIX }],
  });

/** A web page in a browser on this machine must not read the ledger: exact Host, no foreign Origin (S3, F57). */
function refusalOf(request: IncomingMessage, hosts: string[]): { status: number; message: string } | null {
  const { host = '', origin } = request.headers;
  if (!hosts.includes(host)) return { status: 403, message: `This is ${hosts[0]}, not "${host}".` };
  if (origin !== undefined && !hosts.some((own) => origin === `http://${own}`)) {
    return { status: 403, message: 'Pages of other origins may not ask here.' };
  }
  if (request.method !== 'GET') return { status: 405, message: 'Only GET: the ledger is changed by facts alone.' };
  return null;
}

const indexOf = ({ trial, incarnation }: HttpOptions) => ({
  name: 'Tillwire central',
  trial,
  ...(trial
    ? { notice: 'Trial database: what it confirms does not survive a power cut. Use PostgreSQL for real.' }
    : {}),
  incarnation,
  openapi: DOCUMENT,
  stores: `${PREFIX}/stores`,
  stock: `${PREFIX}/stock`,
  deadLetters: `${PREFIX}/dead-letters`,
  conservation: `${PREFIX}/conservation`,
});

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    ...(status === 405 ? { allow: 'GET' } : {}),
  });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
