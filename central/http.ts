// Central's HTTP API by protocol/hq/contract.ts: on this machine, and over HTTPS for stores and people elsewhere.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { OpenAPIGenerator } from '@orpc/openapi';
import { OpenAPIHandler } from '@orpc/openapi/node';
import { ORPCError, onError } from '@orpc/server';
import { BodyLimitPlugin } from '@orpc/server/node';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { PUBLISH_BYTES_MAX } from '../core/limits/configuration.ts';
import { ENROLMENT_FILE_BYTES_MAX } from '../core/limits/devices.ts';
import { DECISION_BYTES_MAX } from '../core/limits.ts';
import { deviceContract, enrolmentContract } from '../protocol/device/contract.ts';
import { hqContract } from '../protocol/hq/contract.ts';
import { openKeeper } from './accounts/who.ts';
import { DEVICE_PREFIX, openDeviceDoor } from './devices/door.ts';
import type { DeviceParts } from './devices/parts.ts';
import { type Doors, type HttpsOptions, openDoors } from './doors.ts';
import { openPage } from './fleet/page.ts';
import { admit, type Door, PREFIX, strangerOf } from './http-door.ts';
import { requestSentence } from './issues.ts';
import { type Log, messageOf } from './log.ts';
import { centralRouter, type RouterParts } from './router.ts';
import { readStatus } from './status.ts';

export type HttpOptions = Omit<RouterParts, 'keeper' | 'devices'> & {
  trial: boolean;
  /** Of whoever may read central's data folder. */
  operatorToken: string;
  devices: Omit<DeviceParts, 'keeper' | 'centralUrl'>;
  randomHex(bytes: number): string;
  log: Log;
};

/** Bodies about the stores of a whole chain. */
const LARGE = new Map([
  [`${PREFIX}/enrolment-files`, ENROLMENT_FILE_BYTES_MAX],
  [`${PREFIX}/configuration/revisions`, PUBLISH_BYTES_MAX],
  [`${PREFIX}/configuration/tries`, PUBLISH_BYTES_MAX],
]);
const DOCUMENT = `${PREFIX}/openapi.json`;

/** Listens on 127.0.0.1 (D20, S1), and where it is asked to with TLS on an address that others reach (S11). */
export async function serveHttp(options: HttpOptions, port: number, https: HttpsOptions | null = null): Promise<Doors> {
  const keeper = openKeeper(options);
  let doors: Doors | null = null;
  const centralUrl = (): string => options.devices.setup.central.url ?? doors?.httpsUrl ?? doors?.url ?? '';
  const parts = { ...options, keeper, devices: { ...options.devices, keeper, centralUrl } };
  const devices = openDeviceDoor(parts);
  const router = centralRouter(parts);
  const restUpTo = (maxBodySize: number) =>
    new OpenAPIHandler(router, {
      interceptors: [
        onError((error) => {
          // What is declined is told to whoever asked.
          if (error instanceof ORPCError && error.status < 500) return;
          options.log.warn({ reason: messageOf(error) }, 'a request failed');
        }),
      ],
      clientInterceptors: [onError(tellPlainly)],
      plugins: [new BodyLimitPlugin({ maxBodySize })],
    });
  const rest = restUpTo(DECISION_BYTES_MAX);
  const large = new Map([...LARGE].map(([path, bytes]) => [path, restUpTo(bytes)]));
  const document = JSON.stringify(await centralOpenApi());
  const page = openPage();

  const answer = async (request: IncomingMessage, response: ServerResponse, door: Door): Promise<void> => {
    const stranger = strangerOf(request, door);
    if (stranger !== null) return send(response, 403, { message: stranger });
    if (request.url?.startsWith(DEVICE_PREFIX) === true) return devices(request, response);
    if (page(request, response)) return;
    const admission = await admit(request, door, keeper);
    if ('status' in admission) return send(response, admission.status, { message: admission.message });
    const path = (request.url ?? '/').split('?')[0];
    if (path === '/') return send(response, 200, await indexOf(options));
    if (path === DOCUMENT) return send(response, 200, document);
    const handler = large.get(path ?? '') ?? rest;
    const { matched } = await handler.handle(request, response, { prefix: PREFIX, context: admission });
    if (!matched) send(response, 404, { message: `There is nothing at ${path}. What there is: ${DOCUMENT}` });
  };
  doors = await openDoors(port, https, (request, response, door) => {
    response.setHeader('cache-control', 'no-store');
    response.setHeader('x-content-type-options', 'nosniff');
    answer(request, response, door).catch((error) => {
      options.log.error({ reason: messageOf(error) }, 'a request failed');
      if (!response.headersSent) send(response, 500, { message: 'Central could not answer. Its log says why.' });
      else response.destroy();
    });
  });
  return doors;
}

export const centralOpenApi = (): Promise<unknown> =>
  new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] }).generate(
    { ...hqContract, device: { ...enrolmentContract, ...deviceContract } },
    {
      info: { title: 'Tillwire central', version: '1', description: 'The central inventory service of Tillwire.' },
      servers: [{ url: PREFIX }],
    },
  );

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

async function indexOf({ db, trial }: { db: RouterParts['db']; trial: boolean }) {
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
