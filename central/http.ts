// Central's HTTP API by protocol/hq/contract.ts: loopback only. The local operator needs no account.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OpenAPIGenerator } from '@orpc/openapi';
import { OpenAPIHandler } from '@orpc/openapi/node';
import { implement, ORPCError, onError } from '@orpc/server';
import { BodyLimitPlugin } from '@orpc/server/node';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { DECISION_BYTES_MAX } from '../core/limits.ts';
import { hqContract } from '../protocol/hq/contract.ts';
import { findImbalances } from './conservation.ts';
import { readCut, readCutShelves } from './cut.ts';
import { decideRequest } from './decisions.ts';
import { closeClaims } from './desk-claims.ts';
import type { Desk } from './desk-decide.ts';
import { listClaims, listTransfers } from './desk-lists.ts';
import { listExceptions } from './exceptions.ts';
import { explainShelf } from './explain.ts';
import { requestSentence } from './issues.ts';
import { type Log, messageOf } from './log.ts';
import { closePeriod } from './periods.ts';
import type { OnlineHints } from './presence.ts';
import {
  findReceipt,
  listDeadLetters,
  listDirectives,
  listEntries,
  listPostings,
  listStock,
  listStores,
} from './queries.ts';
import type { Db } from './schema.ts';
import { readStatus } from './status.ts';

export type HttpOptions = {
  db: Db;
  trial: boolean;
  hints: OnlineHints;
  desk: Desk;
  /** There is work on the desk that should not wait for its next look. */
  wakeDesk(): void;
  wallMs(): number;
  log: Log;
};

const PREFIX = '/v1';
const DOCUMENT = `${PREFIX}/openapi.json`;

/** Listens on 127.0.0.1 only (D20, S1). */
export async function serveHttp(options: HttpOptions, port: number): Promise<{ url: string; stop(): Promise<void> }> {
  const rest = new OpenAPIHandler(routerOf(options), {
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
    const refusal = refusalOf(request, hosts);
    if (refusal !== null) return send(response, refusal.status, { message: refusal.message });
    const path = (request.url ?? '/').split('?')[0];
    if (path === '/') return send(response, 200, await indexOf(options));
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

function routerOf({ db, hints, desk, wakeDesk, wallMs }: HttpOptions) {
  const api = implement(hqContract);
  return api.router({
    status: api.status.handler(() => readStatus(db)),
    stores: api.stores.handler(({ input }) => listStores(db, input, wallMs(), hints.isOnline)),
    stock: api.stock.handler(({ input }) => listStock(db, input)),
    ledger: api.ledger.handler(({ input }) => listPostings(db, input)),
    receipt: api.receipt.handler(({ input }) => findReceipt(db, input.store, input.receipt)),
    entries: api.entries.handler(({ input }) => listEntries(db, input)),
    directives: api.directives.handler(({ input }) => listDirectives(db, input)),
    explain: api.explain.handler(({ input }) => explainShelf(db, input)),
    deadLetters: api.deadLetters.handler(({ input }) => listDeadLetters(db, input)),
    cut: api.cut.handler(async ({ input: { store } }) => known(await readCut(desk.intake.ledger, store), store)),
    cutShelves: api.cutShelves.handler(async ({ input: { store, bucket } }) =>
      known(await readCutShelves(desk.intake.ledger, store, bucket), store),
    ),
    exceptions: api.exceptions.handler(({ input }) => listExceptions(db, input, wallMs())),
    claims: api.claims.handler(({ input }) => listClaims(db, input)),
    transfers: api.transfers.handler(({ input }) => listTransfers(db, input, wallMs())),
    decide: api.decide.handler(async ({ input }) => {
      const decided = await decideRequest(desk, input);
      wakeDesk();
      if ('code' in decided) throw new ORPCError(decided.code, { message: decided.message });
      return decided;
    }),
    closePeriod: api.closePeriod.handler(async ({ input }) => {
      const closed = await closePeriod(db, desk, input);
      wakeDesk();
      if ('code' in closed) throw new ORPCError(closed.code, { message: closed.message });
      return closed;
    }),
    closeClaims: api.closeClaims.handler(async ({ input: { sale, line, by } }) => {
      if (!(await closeClaims(desk, { sale, line, by }))) {
        throw new ORPCError('NOT_FOUND', { message: `sale: nothing of line ${line} of ${sale} was returned so far.` });
      }
      wakeDesk();
      return { sale, line };
    }),
    conservation: api.conservation.handler(({ input }) => findImbalances(db, input)),
  });
}

function known<T>(answer: T | null, store: string): T {
  if (answer !== null) return answer;
  throw new ORPCError('NOT_FOUND', { message: `store: no store ${store} has ever reported here. Check its name.` });
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
  if (request.method === 'GET') return null;
  const path = (request.url ?? '/').split('?')[0] ?? '';
  if (request.method !== 'POST' || !DECIDING.some((route) => route.test(path))) {
    return { status: 405, message: 'Only GET here: the ledger is changed by facts and decisions alone.' };
  }
  return request.headers['content-type']?.split(';')[0]?.trim() === 'application/json'
    ? null
    : { status: 415, message: 'content-type: send application/json.' };
}

/** Routes that take a decision. */
const DECIDING = Object.values(hqContract).flatMap((procedure) => {
  const { method, path = '' } = procedure['~orpc'].route;
  return method === 'POST' ? [new RegExp(`^${PREFIX}${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`)] : [];
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
    ...(status === 405 ? { allow: 'GET' } : {}),
  });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
