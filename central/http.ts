// Central's HTTP API by protocol/hq/contract.ts: on this machine, and over HTTPS for stores and people elsewhere.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { OpenAPIGenerator } from '@orpc/openapi';
import { OpenAPIHandler } from '@orpc/openapi/node';
import { ORPCError, onError } from '@orpc/server';
import { BodyLimitPlugin } from '@orpc/server/node';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { ENROLMENT_FILE_BYTES_MAX } from '../core/limits/devices.ts';
import { deviceContract, enrolmentContract } from '../protocol/device/contract.ts';
import { hqContract } from '../protocol/hq/contract.ts';
import { openKeeper } from './accounts/who.ts';
import { DEVICE_PREFIX, openDeviceDoor } from './devices/door.ts';
import type { DeviceParts } from './devices/parts.ts';
import { openPage } from './fleet/page.ts';
import { admit, type Door, LOCAL_SCHEME, PREFIX, strangerOf } from './http-door.ts';
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

/** The door that others than this machine reach; all in PEM. */
export type HttpsOptions = {
  host: string;
  port: number;
  certificate: string;
  key: string;
  /** Names and addresses by which it is called; whatever else a request names is refused (S3). */
  names: readonly string[];
};

export type Http = { url: string; httpsUrl: string | null; stop(): Promise<void> };

const DOCUMENT = `${PREFIX}/openapi.json`;
const HTTPS_PORT = 443;

/** Listens on 127.0.0.1 (D20, S1), and where it is asked to with TLS on an address that others reach (S11). */
export async function serveHttp(options: HttpOptions, port: number, https: HttpsOptions | null = null): Promise<Http> {
  const keeper = openKeeper(options);
  let url = '';
  let httpsUrl: string | null = null;
  const centralUrl = (): string => options.devices.setup.central.url ?? httpsUrl ?? url;
  const parts = { ...options, keeper, devices: { ...options.devices, keeper, centralUrl } };
  const devices = openDeviceDoor(parts);
  const rest = new OpenAPIHandler(centralRouter(parts), {
    interceptors: [
      onError((error) => {
        // What is declined is told to whoever asked.
        if (error instanceof ORPCError && error.status < 500) return;
        options.log.warn({ reason: messageOf(error) }, 'a request failed');
      }),
    ],
    clientInterceptors: [onError(tellPlainly)],
    plugins: [new BodyLimitPlugin({ maxBodySize: ENROLMENT_FILE_BYTES_MAX })],
  });
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
    const { matched } = await rest.handle(request, response, { prefix: PREFIX, context: admission });
    if (!matched) send(response, 404, { message: `There is nothing at ${path}. What there is: ${DOCUMENT}` });
  };
  const listen = async (server: Server, at: { host: string; port: number }, doorAt: (port: number) => Door) => {
    let door: Door = doorAt(0);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      response.setHeader('cache-control', 'no-store');
      response.setHeader('x-content-type-options', 'nosniff');
      answer(request, response, door).catch((error) => {
        options.log.error({ reason: messageOf(error) }, 'a request failed');
        if (!response.headersSent) send(response, 500, { message: 'Central could not answer. Its log says why.' });
        else response.destroy();
      });
    });
    await new Promise<void>((done, reject) => server.once('error', reject).listen(at.port, at.host, done));
    const bound = (server.address() as AddressInfo).port;
    door = doorAt(bound);
    return bound;
  };

  const plain = createServer();
  url = `http://127.0.0.1:${await listen(plain, { host: '127.0.0.1', port }, localDoor)}`;
  const servers: Server[] = [plain];
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map(closed));
  };
  if (https !== null) {
    const { certificate: cert, key, names } = https;
    const secure = createTlsServer({ cert, key, minVersion: 'TLSv1.2' });
    servers.push(secure);
    const at = await listen(secure, https, (own) => networkDoor(names, own)).catch(async (error: unknown) => {
      await closed(plain);
      throw error;
    });
    httpsUrl = `https://${networkDoor(names, at).hosts[0]}`;
  }
  return { url, httpsUrl, stop };
}

const localDoor = (port: number): Door => ({
  scheme: LOCAL_SCHEME,
  hosts: [`127.0.0.1:${port}`, `localhost:${port}`],
  isLocal: true,
});

const networkDoor = (names: readonly string[], port: number): Door => ({
  scheme: 'https:',
  hosts: names.flatMap((name) => {
    const host = name.includes(':') && !name.startsWith('[') ? `[${name}]` : name;
    return port === HTTPS_PORT ? [host, `${host}:${port}`] : [`${host}:${port}`];
  }),
  isLocal: false,
});

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

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
