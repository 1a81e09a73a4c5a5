// A static server of releases for tests: serves a folder as any HTTPS server would, ranges included, and can misbehave.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { listenOnLoopback } from '../main/loopback.ts';

/** ranges: it can go on; whole: it can't; cut: it ends after some bytes; endless: it never stops; slow: it takes its time. */
export type Manner = 'ranges' | 'whole' | 'cut' | 'endless' | 'slow';

export type ReleaseServer = {
  url: string;
  /** Of installers; statements are always served as they are. */
  manner: Manner;
  /** Paths that were asked for, with the range where there was one. */
  asked: string[];
  close(): Promise<void>;
};

const CHUNK = 16 * 1024;

export async function serveReleases(folder: string): Promise<ReleaseServer> {
  const server = createServer((request, response) => void answer(request, response));
  const port = await listenOnLoopback(server);
  const served: ReleaseServer = {
    url: `http://127.0.0.1:${port}`,
    manner: 'ranges',
    asked: [],
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = join(folder, new URL(request.url ?? '/', 'http://local').pathname);
    served.asked.push(`${request.url} ${request.headers.range ?? ''}`.trim());
    if (!existsSync(path) || !statSync(path).isFile()) return void response.writeHead(404).end('none');
    const bytes = readFileSync(path);
    if (path.endsWith('.json')) return void response.writeHead(200).end(bytes);
    const from = served.manner === 'whole' ? 0 : Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const range = { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` };
    response.writeHead(from > 0 ? 206 : 200, from > 0 ? range : {});
    if (served.manner === 'cut') {
      response.write(bytes.subarray(from, from + CHUNK));
      setTimeout(() => response.destroy(), 50);
      return;
    }
    for (let at = from; at < bytes.length; at += CHUNK) {
      response.write(bytes.subarray(at, at + CHUNK));
      if (served.manner === 'slow') await new Promise((resolve) => setTimeout(resolve, 30));
    }
    while (served.manner === 'endless' && !response.destroyed) {
      response.write(Buffer.alloc(CHUNK));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    response.end();
  }
  return served;
}
