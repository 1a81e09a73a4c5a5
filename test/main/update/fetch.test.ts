// Downloads: whole, gone on with, too long, cut, through a proxy; never more bytes than were signed.

import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { listenOnLoopback } from '../../../main/loopback.ts';
import { addressOf, download, fetchStatement } from '../../../main/update/fetch.ts';
import { type Manner, type ReleaseServer, serveReleases } from '../../release-server.ts';
import { temporaryFolder } from '../../temporary.ts';

const SIZE = 200_000;
const BYTES = Buffer.alloc(SIZE, 'tillwire ');
const never = new AbortController().signal;

async function serve(manner: Manner): Promise<{ server: ReleaseServer; url: URL; path: string; folder: string }> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'installer'), BYTES);
  const server = await serveReleases(folder);
  server.manner = manner;
  onTestFinished(server.close);
  return { server, folder, url: new URL('installer', `${server.url}/`), path: join(temporaryFolder(), 'part') };
}

test.each<Manner>(['ranges', 'whole'])('goes on after a cut where the server can (%s)', async (then) => {
  const { server, url, path } = await serve('cut');
  await expect(download({ url }, path, SIZE, never)).rejects.toThrow();
  const had = statSync(path).size;
  expect(had).toBeGreaterThan(0);
  server.manner = then;
  await download({ url }, path, SIZE, never);
  expect(readFileSync(path)).toEqual(BYTES);
  expect(server.asked).toEqual(['/installer', `/installer bytes=${had}-`]);
});

test('takes nothing beyond the signed size, and keeps nothing of it', async () => {
  const { url, path } = await serve('endless');
  await expect(download({ url }, path, SIZE, never)).rejects.toThrow(/more than the installer has/);
  expect(existsSync(path)).toBe(false);
});

test('a part that is longer than the file is begun anew', async () => {
  const { url, path } = await serve('ranges');
  writeFileSync(path, Buffer.alloc(SIZE + 1));
  await download({ url }, path, SIZE, never);
  expect(readFileSync(path)).toEqual(BYTES);
});

test('a file that is shorter than signed is not whole', async () => {
  const { url, path } = await serve('ranges');
  await expect(download({ url }, path, SIZE + 1, never)).rejects.toThrow(/ended after 200000 of 200001/);
});

test('a statement that is none is refused before it fills the memory', async () => {
  const { server, folder } = await serve('ranges');
  writeFileSync(join(folder, 'big.json'), Buffer.alloc(1_000_000));
  await expect(fetchStatement(new URL(`${server.url}/big.json`), never)).rejects.toThrow(/more than a statement/);
  expect(await fetchStatement(new URL(`${server.url}/none.json`), never)).toBeNull();
});

test('only https, or this computer; also after a redirection', async () => {
  expect(() => addressOf('http://updates.example')).toThrow(/https/);
  expect(addressOf('https://updates.example/tillwire').href).toBe('https://updates.example/tillwire/');
  const server = createServer((_request, response) =>
    response.writeHead(302, { location: 'http://updates.example/x' }).end(),
  );
  const port = await listenOnLoopback(server);
  onTestFinished(() => void server.close());
  await expect(fetchStatement(new URL(`http://127.0.0.1:${port}/x.json`), never)).rejects.toThrow(/https/);
});

test('https goes through the proxy of the environment, in a tunnel', async () => {
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.end('HTTP/1.1 502 no\r\n\r\n');
  });
  const port = await listenOnLoopback(proxy);
  onTestFinished(() => void proxy.close());
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${port}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(fetchStatement(new URL('https://updates.example/x.json'), never)).rejects.toThrow();
  expect(asked).toEqual(['updates.example:443']);
});

test('ends at once when the agent does', async () => {
  const { url, path } = await serve('slow');
  const ending = new AbortController();
  const downloading = download({ url }, path, SIZE, ending.signal);
  ending.abort();
  await expect(downloading).rejects.toThrow();
});
