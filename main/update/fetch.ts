// Asks the address for releases: small statements, and installers that go on where they were broken off.
import { closeSync, fsyncSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import axios from 'axios';
import {
  UPDATE_DOWNLOAD_MS,
  UPDATE_IDLE_MS,
  UPDATE_REDIRECTS_MAX,
  UPDATE_STATEMENT_BYTES_MAX,
} from '../../core/limits/updates.ts';
import type { Version } from '../../core/update-release.ts';
import type { NetworkSettings, UpdateSettings } from '../../protocol/settings.ts';
import { axiosFor } from '../outgoing.ts';
import { UpdateRefused } from './signed.ts';

/** Where releases come from, up to which version, and by which way out of this PC. */
export type UpdateSource = UpdateSettings & {
  upTo?: Version | undefined;
  network?: NetworkSettings | undefined;
};

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])$/;

/** HTTPS, or this very computer. */
export function addressOf(text: string): URL {
  const url = new URL(text.endsWith('/') ? text : `${text}/`);
  assertSafe(url.protocol, url.hostname);
  return url;
}

function assertSafe(protocol: string, hostname: string): void {
  if (protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname))) return;
  throw new UpdateRefused('The address for updates must begin with https.');
}

/** Every request is made once: the loop alone decides when it is made again. */
const http = axios.create({
  maxRedirects: UPDATE_REDIRECTS_MAX,
  beforeRedirect: ({ protocol, hostname }: Record<string, unknown>) => assertSafe(String(protocol), String(hostname)),
  // A file that is sent packed could not be gone on with, nor bounded by its size.
  headers: { 'accept-encoding': 'identity' },
  decompress: false,
  responseType: 'stream',
  validateStatus: () => true,
});

/** Ends a request that takes too long as a whole, or says nothing for too long. */
function patience(signal: AbortSignal, wholeMs: number) {
  const quiet = new AbortController();
  let timer = setTimeout(() => quiet.abort(), UPDATE_IDLE_MS);
  return {
    signal: AbortSignal.any([signal, quiet.signal, AbortSignal.timeout(wholeMs)]),
    heard(): void {
      clearTimeout(timer);
      timer = setTimeout(() => quiet.abort(), UPDATE_IDLE_MS);
    },
    end: (): void => clearTimeout(timer),
  };
}

/** Null where there is none. Throws where the server fails or sends more than any statement has. */
export async function fetchStatement(url: URL, signal: AbortSignal, network?: NetworkSettings): Promise<string | null> {
  const waiting = patience(signal, UPDATE_IDLE_MS);
  try {
    const answer = await http.get<Readable>(url.href, { ...axiosFor(url.href, { network }), signal: waiting.signal });
    if (answer.status === 404 || answer.status === 410) {
      answer.data.destroy();
      return null;
    }
    if (answer.status !== 200) {
      answer.data.destroy();
      throw new Error(`the server answered ${answer.status}`);
    }
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of answer.data) {
      length += (chunk as Buffer).length;
      if (length > 2 * UPDATE_STATEMENT_BYTES_MAX) throw new UpdateRefused('The server sends more than a statement.');
      chunks.push(chunk as Buffer);
    }
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    waiting.end();
  }
}

/**
 * Goes on where an earlier attempt was broken off; `path` has exactly `size` bytes, synced, when it returns. Takes no
 * byte more, whatever the server sends: then nothing is kept.
 */
export async function download(
  { url, network }: { url: URL; network?: NetworkSettings | undefined },
  path: string,
  size: number,
  signal: AbortSignal,
): Promise<void> {
  const had = lengthOf(path);
  if (had === size) return;
  if (had > size) rmSync(path, { force: true });
  const have = had > size ? 0 : had;
  const waiting = patience(signal, UPDATE_DOWNLOAD_MS);
  try {
    const headers = have === 0 ? {} : { range: `bytes=${have}-` };
    const answer = await http.get<Readable>(url.href, {
      ...axiosFor(url.href, { network }),
      signal: waiting.signal,
      headers,
    });
    if (answer.status !== 200 && answer.status !== 206) {
      answer.data.destroy();
      // A server that can't go on there: the next attempt begins anew.
      if (answer.status === 416) rmSync(path, { force: true });
      throw new Error(`the server answered ${answer.status}`);
    }
    const range = String(answer.headers['content-range'] ?? '');
    const goesOn = answer.status === 206 && range.startsWith(`bytes ${have}-`);
    await keep(answer.data, path, goesOn ? have : 0, size, waiting.heard);
  } finally {
    waiting.end();
  }
}

async function keep(body: Readable, path: string, from: number, size: number, heard: () => void): Promise<void> {
  const handle = openSync(path, from === 0 ? 'w' : 'a', 0o600);
  let at = from;
  try {
    for await (const chunk of body) {
      heard();
      const bytes = chunk as Buffer;
      if (at + bytes.length > size) {
        rmSync(path, { force: true });
        throw new UpdateRefused('The server sends more than the installer has.');
      }
      for (let written = 0; written < bytes.length; ) written += writeSync(handle, bytes, written);
      at += bytes.length;
    }
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  if (at < size) throw new Error(`the download ended after ${at} of ${size} bytes`);
}

const lengthOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
