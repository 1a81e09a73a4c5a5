// The door of the local capture API: who may come in, and which room serves which address.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../core/clock.ts';
import { sameSecret } from '../protocol/secret.ts';
import { captureDocument } from './http-capture.ts';
import { discardBody, refuse, sendJson } from './http-exchange.ts';
import { importFile, redriveSetAside } from './http-import.ts';
import { captureOpenApi } from './openapi.ts';
import type { CaptureJournal } from './ports.ts';
import { WAYS_IN } from './ways.ts';

export type CaptureHandlerOptions = {
  journal: CaptureJournal;
  store: string;
  /** Bearer token. */
  token: string;
  /** Of this device, for customer references. */
  pseudonymKey: Uint8Array;
  clock: Clock;
  /** Folder for the private files of an import while it runs. */
  spillFolder: string;
  /** Version told in the OpenAPI document. */
  version?: string | undefined;
};

/** True when it answered, false where the path is not its own. Never rejects. */
export type CaptureHandler = (req: IncomingMessage, res: ServerResponse) => Promise<boolean>;

type Room = {
  method: 'GET' | 'POST';
  open?: boolean | undefined;
  serve(req: IncomingMessage, res: ServerResponse): Promise<void>;
};

export function captureHandler(options: CaptureHandlerOptions): CaptureHandler {
  const imports = { running: 0 };
  let document: Promise<string> | undefined;
  const rooms = new Map<string, Room>([
    ...WAYS_IN.map((name): [string, Room] => [
      `/v1/${name}`,
      { method: 'POST', serve: (req, res) => captureDocument(name, req, res, options) },
    ]),
    ['/v1/imports', { method: 'POST', serve: (req, res) => importFile(req, res, options, imports) }],
    ['/v1/set-aside/redrive', { method: 'POST', serve: (req, res) => redriveSetAside(req, res, options, imports) }],
    [
      '/v1/openapi.json',
      {
        method: 'GET',
        open: true,
        serve: async (_req, res) => {
          document ??= captureOpenApi(options.version).then((made) => JSON.stringify(made));
          sendJson(res, 200, await document);
        },
      },
    ],
  ]);
  return async (req, res) => {
    const room = rooms.get((req.url ?? '').split('?', 1)[0] ?? '');
    if (room === undefined) return false;
    try {
      if (await admitted(req, res, room, options.token)) await room.serve(req, res);
    } catch {
      // Our own fault or a broken connection: the caller can't know, so it must ask again (L1).
      if (!res.headersSent) refuse(res, 'unknown');
      else res.destroy();
    }
    return true;
  };
}

/** A web page or another machine may not reach a till's door by way of this PC's browser or name (F57). */
async function admitted(req: IncomingMessage, res: ServerResponse, room: Room, token: string): Promise<boolean> {
  const port = req.socket.localPort;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host = '', origin, authorization = '' } = req.headers;
  if (!hosts.includes(host)) return turnedAway(req, res, 'wrong-host');
  if (origin !== undefined && origin !== `http://${host}`) return turnedAway(req, res, 'wrong-origin');
  if (req.method !== room.method) {
    res.setHeader('allow', room.method);
    return turnedAway(req, res, 'wrong-method');
  }
  if (room.open !== true && !sameSecret(authorization, `Bearer ${token}`)) {
    res.setHeader('www-authenticate', 'Bearer');
    return turnedAway(req, res, 'no-token');
  }
  return true;
}

async function turnedAway(
  req: IncomingMessage,
  res: ServerResponse,
  code: 'wrong-host' | 'wrong-origin' | 'wrong-method' | 'no-token',
): Promise<false> {
  await discardBody(req);
  refuse(res, code);
  return false;
}
