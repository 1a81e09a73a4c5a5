// The agent's one loopback listener: the tills' API, the store window's files, and the window's WebSocket.
import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { RPCHandler } from '@orpc/server/ws';
import { WebSocketServer } from 'ws';
import { HEADERS_BYTES_MAX } from '../core/limits/files.ts';
import {
  LAST_ANSWERS_WAIT_MS,
  LOCAL_CONNECTIONS_MAX,
  WINDOW_LOOK_MS,
  WINDOW_MESSAGE_BYTES_MAX,
  WINDOW_UNREAD_BYTES_MAX,
} from '../core/limits.ts';
import type { Snapshot } from '../protocol/local/window.ts';
import { PROOF_PATH, proofOfSecret, sameSecret } from '../protocol/secret.ts';
import { listenOnLoopback } from './loopback.ts';
import type { WindowRouter } from './window.ts';
import { contentType, WINDOW_HEADERS, windowFileAt } from './window-files.ts';

export type HttpParts = {
  port: number;
  token: string;
  windowToken: string;
  /** Answers what is its own; false leaves the request to the window's files. */
  capture(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  router: WindowRouter;
  /** The state for programs: GET /v1/status with the bearer token. */
  status(): Promise<Snapshot>;
};

/** The built window; the bundle of this program knows where it lies beside it (build/program-places.ts). */
const FILES = resolve(fileURLToPath(new URL('../dist/renderer/', import.meta.url)));
const PROTOCOL = 'tillwire';

/** Bound to 127.0.0.1 only (S1). */
export async function openAgentHttp(parts: HttpParts): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer({ maxHeaderSize: HEADERS_BYTES_MAX }, (request, response) => {
    // Nothing that comes in here may end the program: tills could not capture any more.
    serve(parts, request, response).catch(() => breakOff(response));
  });
  // A large import takes as long as it takes; each way in bounds its own bodies (BODY_WAIT_MS, IMPORT_IDLE_MS).
  server.requestTimeout = 0;
  server.maxConnections = LOCAL_CONNECTIONS_MAX;
  const windows = openWindows(server, parts);
  const port = await listenOnLoopback(server, parts.port);
  // A line that cannot be taken, for want of file handles, is one till's matter and not the end of all.
  server.on('error', () => {});
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      windows.close();
      const closed = new Promise((done) => server.close(done));
      const patience = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS_WAIT_MS);
      await closed;
      clearTimeout(patience);
    },
  };
}

/** The windows' sockets: each is cut off where it says nonsense or does not read what it is told (L11). */
function openWindows(server: Server, { router, windowToken }: HttpParts): { close(): void } {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: WINDOW_MESSAGE_BYTES_MAX,
    handleProtocols: () => PROTOCOL,
  });
  const rpc = new RPCHandler(router);
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    if (!mayOpenWindow(server, request, windowToken)) return refuse(socket);
    sockets.handleUpgrade(request, socket, head, (ws) => {
      ws.on('error', () => ws.terminate());
      void rpc.upgrade(ws, { context: {} });
    });
  });
  const looking = setInterval(() => {
    for (const client of sockets.clients) if (client.bufferedAmount > WINDOW_UNREAD_BYTES_MAX) client.terminate();
  }, WINDOW_LOOK_MS).unref();
  return {
    close() {
      clearInterval(looking);
      for (const client of sockets.clients) client.terminate();
    },
  };
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

async function serve(parts: HttpParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'GET' && request.url === '/v1/status') return sayStatus(parts, request, response);
  if (request.method === 'GET' && request.url?.startsWith(PROOF_PATH) === true) {
    return sayProof(parts, request, response);
  }
  if (await parts.capture(request, response)) return;
  if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405, 'Only GET is answered here.');
  const pathname = pathOf(request.url ?? '/');
  const path = pathname === null ? null : windowFileAt(FILES, pathname);
  if (path === null) return end(response, 404, 'There is nothing here. The store window is at /.');
  response.writeHead(200, { ...WINDOW_HEADERS, 'content-type': contentType(path) });
  if (request.method === 'HEAD') response.end();
  else await pipeline(createReadStream(path), response);
}

/** Whoever asked can't know what became of it, and asks again. */
function breakOff(response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else end(response, 500, 'That went wrong in the agent: try again.');
}

async function sayStatus(parts: HttpParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const shown = (request.headers.authorization ?? '').replace(/^Bearer /, '');
  if (!sameSecret(shown, parts.token)) return end(response, 401, 'Send the bearer token of this agent.');
  const body = JSON.stringify(await parts.status());
  response.writeHead(200, { ...WINDOW_HEADERS, 'content-type': 'application/json' });
  response.end(body);
}

/** To those who know the token already: another program may have this port by the time that they ask. */
function sayProof({ token }: HttpParts, request: IncomingMessage, response: ServerResponse): void {
  const challenge = (request.url ?? '').slice(PROOF_PATH.length);
  if (request.headers.host !== `127.0.0.1:${request.socket.localPort}`) end(response, 403, 'Ask at 127.0.0.1.');
  else if (!/^[0-9a-f]{64}$/.test(challenge)) end(response, 400, 'A challenge has 64 hex digits.');
  else end(response, 200, proofOfSecret(token, challenge));
}

/** Null for what is no path: a scanner, or a page that means harm, may ask for anything. */
function pathOf(target: string): string | null {
  try {
    return new URL(target, 'http://local').pathname;
  } catch {
    return null;
  }
}

/** Exact Host, own Origin, and the token, which a page of another site cannot know (S3). */
function mayOpenWindow(server: Server, request: IncomingMessage, token: string): boolean {
  const { host, origin } = request.headers;
  const port = portOf(server);
  if (request.url !== '/rpc' || (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`)) return false;
  if (origin !== `http://${host}`) return false;
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const shown = offered.find((name) => name.startsWith('token.'))?.slice('token.'.length) ?? '';
  return sameSecret(shown, token);
}

function refuse(socket: Duplex): void {
  socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
}

function end(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { ...WINDOW_HEADERS, 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(`${message}\n`);
}
