// The built window's files for whoever serves them (loopback HTTP, app://): which file, which type, which headers.
import { realpathSync, statSync } from 'node:fs';
import { extname, join, sep } from 'node:path';

const PAGE = 'store/index.html';
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** S24: nothing but our own files, no frames. */
export const WINDOW_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

export const contentType = (path: string): string => TYPES[extname(path)] ?? 'application/octet-stream';

/** Names that a build makes. Nothing is decoded: what is written with %, \, : or a leading dot is none of them. */
const WINDOW_PATH = /^\/(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*(?:[A-Za-z0-9_-][A-Za-z0-9._-]*)?$/;

/** Absolute path of the file at an address's path (`/`: the store window), or null. Links that lead out count as none. */
export function windowFileAt(root: string, pathname: string): string | null {
  if (!WINDOW_PATH.test(pathname)) return null;
  const wanted = pathname === '/' ? PAGE : pathname.endsWith('/') ? `${pathname}index.html` : pathname;
  const path = join(root, wanted);
  try {
    const inside = realpathSync(path).startsWith(realpathSync(root) + sep);
    return inside && statSync(path).isFile() ? path : null;
  } catch {
    return null;
  }
}
