// The door for tills on the store's network: TLS only, till tokens only; it follows its setting while the agent runs.
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { CaptureHandler } from '../capture/http.ts';
import type { Door } from '../capture/http-admission.ts';
import {
  LAN_CONNECTIONS_MAX,
  LAN_CONNECTIONS_PER_ADDRESS_MAX,
  LAN_HANDSHAKE_WAIT_MS,
  LAN_HEADERS_BYTES_MAX,
  LAN_HEADERS_WAIT_MS,
  LAN_LOOK_MS,
  LAN_REQUEST_WAIT_MS,
} from '../core/limits/feeds.ts';
import { LAST_ANSWERS_WAIT_MS } from '../core/limits.ts';
import type { LanState } from '../protocol/local/window.ts';
import type { Certificate } from './lan-certificate.ts';
import { hostHeaders, lanNames, lanUrls } from './lan-names.ts';
import { type LanSettings, readLan } from './lan-settings.ts';
import { portTaken } from './loopback.ts';
import type { Log } from './runtime.ts';

export type LanParts = {
  folder: string;
  wallMs(): number;
  /** The capture door behind this one. */
  capture(door: Pick<Door, 'hosts' | 'pages' | 'token'>): CaptureHandler;
  onChange(): void;
  log: Log;
};

export type Lan = { state(): LanState | null; close(): Promise<void> };

type Open = { server: Server; port: number; settings: LanSettings; names: string[]; certificate: Certificate };

/** Resolves after the first look, whatever came of it: sales of this PC do not wait for its network. */
export async function startLan(parts: LanParts): Promise<Lan> {
  let open: Open | null = null;
  let problem: string | null = null;
  const capture = parts.capture({
    hosts: () => (open === null ? [] : hostHeaders(open.names, open.port)),
    pages: false,
    token: null,
  });
  const shut = async (): Promise<void> => {
    const before = open;
    open = null;
    if (before !== null) await closeServer(before.server);
  };
  const follow = async (): Promise<void> => {
    const settings = readLan(parts.folder);
    if (open !== null && !sameDoor(open.settings, settings)) await shut();
    if (!settings.on) return;
    const names = lanNames(settings);
    // Most agents never need it, and loading it is most of their start.
    const { openCertificate } = await import('./lan-certificate.ts');
    const certificate = await openCertificate(parts.folder, names, parts.wallMs());
    if (open === null) {
      const server = makeServer(certificate, capture);
      open = { server, port: await listen(server, settings), settings, names, certificate };
    } else {
      if (open.certificate.cert !== certificate.cert) open.server.setSecureContext(certificate);
      open = { ...open, settings, names, certificate };
    }
  };
  const look = async (): Promise<void> => {
    const before = told();
    const failed = await follow().then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (failed !== null && failed !== problem) parts.log.warn({ reason: failed }, 'the door for tills is not open');
    problem = failed;
    if (told() !== before) parts.onChange();
  };
  const state = (): LanState | null => {
    if (open === null) return problem === null ? null : { urls: [], fingerprint: null, pin: null, problem };
    const { names, port, certificate } = open;
    const { fingerprint, pin } = certificate;
    return { urls: lanUrls(names, port), fingerprint, pin, problem };
  };
  const told = (): string => JSON.stringify(state());
  let looking = look();
  await looking;
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, LAN_LOOK_MS).unref();
  return {
    state,
    async close() {
      clearInterval(timer);
      await looking;
      await shut();
    },
  };
}

/** A new name or address of this PC changes the certificate only; lines that are open stay. */
const sameDoor = (one: LanSettings, other: LanSettings): boolean =>
  other.on && one.address === other.address && one.port === other.port;

function makeServer({ key, cert }: Certificate, capture: CaptureHandler): Server {
  const server = createServer(
    {
      ...{ key, cert, minVersion: 'TLSv1.2', handshakeTimeout: LAN_HANDSHAKE_WAIT_MS },
      ...{ maxHeaderSize: LAN_HEADERS_BYTES_MAX, headersTimeout: LAN_HEADERS_WAIT_MS },
      ...{ requestTimeout: LAN_REQUEST_WAIT_MS, connectionsCheckingInterval: LAN_LOOK_MS },
    },
    (request, response) => {
      capture(request, response)
        .then((answered) => {
          if (!answered) response.writeHead(404, { 'content-type': 'text/plain', connection: 'close' }).end();
        })
        .catch(() => response.destroy());
    },
  );
  server.maxConnections = LAN_CONNECTIONS_MAX;
  server.on('connection', boundPerAddress());
  return server;
}

/** One machine cannot take all lines. */
function boundPerAddress(): (socket: Socket) => void {
  const lines = new Map<string, number>();
  return (socket) => {
    const { remoteAddress = '' } = socket;
    const now = (lines.get(remoteAddress) ?? 0) + 1;
    if (now > LAN_CONNECTIONS_PER_ADDRESS_MAX) {
      socket.destroy();
      return;
    }
    lines.set(remoteAddress, now);
    socket.once('close', () => {
      const left = (lines.get(remoteAddress) ?? 1) - 1;
      if (left === 0) lines.delete(remoteAddress);
      else lines.set(remoteAddress, left);
    });
  };
}

async function listen(server: Server, { address, port }: LanSettings): Promise<number> {
  try {
    server.listen(port, address);
    await once(server, 'listening');
  } catch (error) {
    throw portTaken(error, port);
  }
  // A line that cannot be taken is one till's matter and not the end of all.
  server.on('error', () => {});
  return (server.address() as AddressInfo).port;
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((done) => server.close(done));
  const patience = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS_WAIT_MS);
  await closed;
  clearTimeout(patience);
}
