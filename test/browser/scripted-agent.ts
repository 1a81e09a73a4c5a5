// An agent made of scripted data, behind the real contract, the real page and the page's real security header.
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve } from 'node:path';
import { EventPublisher, implement } from '@orpc/server';
import { RPCHandler } from '@orpc/server/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import {
  type Bucket,
  type RecentRow,
  type SetAsideRow,
  type Snapshot,
  windowContract,
} from '../../protocol/local/window.ts';

const built = resolve(import.meta.dirname, '../../dist/renderer');
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** What the scripted agent knows; `rows` newest first. */
export type Script = { state: Snapshot; rows: RecentRow[]; buckets: Bucket[]; setAside: SetAsideRow[] };

export type ScriptedAgent = {
  script: Script;
  /** Address of the window with its token. */
  url: () => string;
  /** Tells open windows about a change. */
  change: (changed: Partial<Snapshot>) => void;
  /** As if the program hung: the line stays, the chart's question is never answered. */
  hang: () => void;
  /** Questions answered so far, by name. */
  asked: Record<string, number>;
  start: () => Promise<void>;
  /** As if the program was killed: all lines drop. */
  stop: () => Promise<void>;
};

const olderThan = (before: { epoch: number; seq: number } | undefined, { epoch, seq }: RecentRow): boolean =>
  before === undefined || epoch < before.epoch || (epoch === before.epoch && seq < before.seq);

function fileFor(path: string): string | null {
  const name = path === '/' || path === '/store/' ? '/store/index.html' : path;
  const file = join(built, name);
  return file.startsWith(built) && existsSync(file) ? file : null;
}

function createPages(): Server {
  return createServer((request, response) => {
    const file = fileFor(new URL(request.url ?? '/', 'http://localhost').pathname);
    response.setHeader('content-security-policy', CSP);
    if (file === null) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
    response.end(request.method === 'HEAD' ? undefined : readFileSync(file));
  });
}

const hasToken = (request: IncomingMessage, token: string): boolean =>
  (request.headers['sec-websocket-protocol'] ?? '').split(/, */).includes(`token.${token}`);

type Mood = { hanging: boolean };

function createRouter(
  script: Script,
  asked: Record<string, number>,
  changes: EventPublisher<{ state: Snapshot }>,
  mood: Mood,
) {
  const os = implement(windowContract);
  const count = (name: string): void => {
    asked[name] = (asked[name] ?? 0) + 1;
  };
  return os.router({
    watch: os.watch.handler(async function* ({ signal }) {
      yield script.state;
      yield* changes.subscribe('state', { signal });
    }),
    recent: os.recent.handler(({ input }) => {
      count('recent');
      const from = script.rows.findIndex((row) => olderThan(input.before, row));
      return from === -1 ? [] : script.rows.slice(from, from + input.limit);
    }),
    chart: os.chart.handler(async () => {
      count('chart');
      if (mood.hanging) await new Promise(() => {});
      return script.buckets;
    }),
    setAside: os.setAside.handler(({ input }) =>
      script.setAside.filter(({ id }) => id > (input.after ?? 0)).slice(0, input.limit),
    ),
  });
}

export function scriptedAgent(script: Script, token = 'open-sesame'): ScriptedAgent {
  const asked: Record<string, number> = {};
  const mood: Mood = { hanging: false };
  const changes = new EventPublisher<{ state: Snapshot }>({ maxBufferedEvents: 100 });
  const handler = new RPCHandler(createRouter(script, asked, changes, mood));
  const lines = new Set<WebSocket>();
  let pages: Server | null = null;
  let port = 0;

  async function start(): Promise<void> {
    const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'tillwire' });
    pages = createPages();
    pages.on('upgrade', (request, socket, head) => {
      if (request.url !== '/rpc' || !hasToken(request, token)) {
        socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
        return;
      }
      sockets.handleUpgrade(request, socket, head, (line) => {
        lines.add(line);
        line.on('close', () => lines.delete(line));
        void handler.upgrade(line);
      });
    });
    const listening = pages;
    await new Promise<void>((done) => listening.listen(port, '127.0.0.1', done));
    port = (pages.address() as AddressInfo).port;
  }

  async function stop(): Promise<void> {
    for (const line of lines) line.terminate();
    const closing = pages;
    pages = null;
    closing?.closeAllConnections();
    await new Promise<void>((done) => (closing === null ? done() : closing.close(() => done())));
  }

  function change(changed: Partial<Snapshot>): void {
    script.state = { ...script.state, ...changed, nowMs: Date.now() };
    changes.publish('state', script.state);
  }

  const hang = (): void => {
    mood.hanging = true;
  };
  return { script, url: () => `http://127.0.0.1:${port}/store/#token=${token}`, change, hang, asked, start, stop };
}
