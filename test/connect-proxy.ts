// An HTTP proxy as retailers have it: it only lets lines pass (CONNECT), and notes where to and who asked.
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { listenOnLoopback } from '../main/loopback.ts';

export type ConnectProxy = { url: string; targets: string[]; logins: string[]; others: string[] };

/** `map` leads a name that does not exist to a port of this computer; `login` is "user:password" that it asks for. */
export async function connectProxy({
  map = {},
  login,
}: {
  map?: Record<string, number>;
  login?: string;
} = {}): Promise<ConnectProxy> {
  const proxy: ConnectProxy = { url: '', targets: [], logins: [], others: [] };
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    proxy.others.push(`${request.method} ${request.url}`);
    response.writeHead(405).end();
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.on('connect', (request: IncomingMessage, near: Socket) => {
    const [, basic = ''] = /^Basic (.+)$/.exec(request.headers['proxy-authorization'] ?? '') ?? [];
    const shown = Buffer.from(basic, 'base64').toString();
    proxy.logins.push(shown);
    if (login !== undefined && shown !== login)
      return void near.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const target = request.url ?? '';
    proxy.targets.push(target);
    const port = map[target] ?? Number(target.split(':').at(-1));
    const far = connect(port, '127.0.0.1', () => {
      near.write('HTTP/1.1 200 Connection established\r\n\r\n');
      near.pipe(far).pipe(near);
    });
    sockets.add(far);
    far.on('error', () => near.destroy());
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  proxy.url = `http://127.0.0.1:${await listenOnLoopback(server)}`;
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return proxy;
}
