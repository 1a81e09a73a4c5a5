// The window's own scheme: app://store/ and the built files below it; no other host, no file outside (S25).
import { readFile } from 'node:fs/promises';
import { contentType, WINDOW_HEADERS, windowFileAt } from '../window-files.ts';

export const SCHEME = 'app';
const HOST = 'store';
export const ORIGIN = `${SCHEME}://${HOST}`;

export const addressOf = (room?: string): string => `${ORIGIN}/${room === undefined ? '' : `#${room}`}`;

/** A page of ours made it in memory, to be saved where the user says. */
export const isOwnBlob = (url: string): boolean => url.startsWith(`blob:${ORIGIN}/`);

/** Absolute path of the file that an address means, or null. `root`: the built window. */
export function fileAt(root: string, address: string): string | null {
  const url = URL.parse(address);
  const isOurs = url?.protocol === `${SCHEME}:` && url.host === HOST && url.username === '' && url.password === '';
  return isOurs ? windowFileAt(root, url.pathname) : null;
}

export async function answer(root: string, { method, url }: Pick<Request, 'method' | 'url'>): Promise<Response> {
  const path = method === 'GET' ? fileAt(root, url) : null;
  if (path === null) return new Response(null, { status: 404, headers: WINDOW_HEADERS });
  return new Response(await readFile(path), { headers: { ...WINDOW_HEADERS, 'content-type': contentType(path) } });
}
