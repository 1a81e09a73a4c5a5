// Head office's page for browsers: its built files, held in memory, so that no path of a request reaches the disk.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

type File = { type: string; bytes: Buffer; packed: Buffer; tag: string; isForEver: boolean };

const BUILT = fileURLToPath(new URL('../../dist/hq/', import.meta.url));
const PAGE = 'hq/index.html';
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
/** The build names them by what they hold: under one name there is never something else. */
const FOR_EVER = /^assets\/.+-[A-Za-z0-9_-]{8}\.\w+$/;

/** S24: nothing but our own files, no frames, no inline scripts. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Answers what is a browser's; false leaves the request to the API. Holds no secrets: anybody may fetch it. */
export type Page = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Without a build there is no page, and "/" is the API's own index. */
export function openPage(folder = BUILT): Page {
  const files = readFiles(folder);
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const isPage = path === '/' && (request.headers.accept ?? '').includes('text/html');
    const file = files.get(isPage ? PAGE : path.slice(1));
    if (file === undefined || (path !== '/' && !file.isForEver)) return false;
    answer(file, request, response);
    return true;
  };
}

function answer(file: File, { method, headers }: IncomingMessage, response: ServerResponse): void {
  const caching = file.isForEver ? 'public, max-age=31536000, immutable' : 'no-cache';
  const told = { ...HEADERS, 'cache-control': caching, etag: file.tag, vary: 'Accept, Accept-Encoding' };
  if (headers['if-none-match'] === file.tag) {
    response.writeHead(304, told).end();
    return;
  }
  const isPacked = /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''));
  const body = isPacked ? file.packed : file.bytes;
  const encoding = isPacked ? { 'content-encoding': 'gzip' } : {};
  response.writeHead(200, { ...told, ...encoding, 'content-type': file.type, 'content-length': body.length });
  response.end(method === 'HEAD' ? undefined : body);
}

function readFiles(folder: string): Map<string, File> {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'));
  } catch {
    return new Map();
  }
  return new Map(
    names.flatMap((name): [string, File][] => {
      const type = TYPES[extname(name)];
      if (type === undefined) return [];
      const bytes = readFileSync(join(folder, name));
      const tag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
      return [[name, { type, bytes, packed: gzipSync(bytes), tag, isForEver: FOR_EVER.test(name) }]];
    }),
  );
}
