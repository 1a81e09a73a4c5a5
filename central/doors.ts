// Where central listens: on 127.0.0.1, and where it is asked to with TLS on an address that others reach.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { DOOR_CONNECTIONS_MAX } from '../core/limits/devices.ts';
import type { Door } from './http-door.ts';

/** The door that others than this machine reach; all in PEM. */
export type HttpsOptions = {
  host: string;
  port: number;
  certificate: string;
  key: string;
  /** Names and addresses by which it is called; whatever else a request names is refused (S3). */
  names: readonly string[];
};

export type Doors = { url: string; httpsUrl: string | null; stop(): Promise<void> };

/** Never rejects. */
export type Answer = (request: IncomingMessage, response: ServerResponse, door: Door) => void;

const HTTPS_PORT = 443;

/** `port` 0 for a free one. Rejects where an address is taken, or key and certificate are not of each other. */
export async function openDoors(port: number, https: HttpsOptions | null, answer: Answer): Promise<Doors> {
  const plain = createServer();
  const bound = await listen(plain, { host: '127.0.0.1', port }, localDoor, answer);
  const url = `http://127.0.0.1:${bound}`;
  if (https === null) return { url, httpsUrl: null, stop: () => closed(plain) };
  try {
    const { certificate: cert, key, names } = https;
    const secure = createTlsServer({ cert, key, minVersion: 'TLSv1.2' });
    const at = await listen(secure, https, (own) => networkDoor(names, own), answer);
    return {
      url,
      httpsUrl: `https://${networkDoor(names, at).hosts[0]}`,
      stop: async () => {
        await Promise.all([closed(plain), closed(secure)]);
      },
    };
  } catch (error) {
    await closed(plain);
    throw error;
  }
}

async function listen(
  server: Server,
  at: { host: string; port: number },
  doorAt: (port: number) => Door,
  answer: Answer,
): Promise<number> {
  let door = doorAt(at.port);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => answer(request, response, door));
  await new Promise<void>((done, reject) => server.once('error', reject).listen(at.port, at.host, done));
  // A line that cannot be taken, for want of file handles, is one caller's matter and not the end of all.
  server.on('error', () => {});
  server.maxConnections = DOOR_CONNECTIONS_MAX;
  const bound = (server.address() as AddressInfo).port;
  door = doorAt(bound);
  return bound;
}

const localDoor = (port: number): Door => ({
  scheme: 'http:',
  hosts: [`127.0.0.1:${port}`, `localhost:${port}`],
  isLocal: true,
});

/** The usual port is not written in what a request names. */
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
