// Head office's page over HTTP: types, caching, the strict header, and nothing but its own files.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPage } from '../../../central/fleet/page.ts';

const SCRIPT = 'console.log("a page");'.repeat(50);
let server: Server;
let url: string;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-page-'));
  mkdirSync(join(folder, 'hq'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'hq/index.html'), '<!doctype html><title>Tillwire</title>');
  writeFileSync(join(folder, 'assets/hq-AbC_12-x.js'), SCRIPT);
  writeFileSync(join(folder, 'assets/notes.txt'), 'not for anybody');
  writeFileSync(join(folder, 'assets/plain.js'), 'has no name of its own');
  const page = openPage(folder);
  // It is in memory from now on.
  rmSync(folder, { recursive: true });
  server = createServer((request, response) => {
    if (!page(request, response)) response.writeHead(418).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((done) => server.close(done)));

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(url + path, { method, headers });
const html = { accept: 'text/html,application/xhtml+xml' };

test('a browser gets the page, which is asked for anew each time; a program gets the index', async () => {
  const page = await get('/', html);
  expect([page.status, page.headers.get('content-type'), page.headers.get('cache-control')]).toEqual([
    ...[200, 'text/html; charset=utf-8', 'no-cache'],
  ]);
  expect(await page.text()).toContain('<title>Tillwire</title>');
  expect((await get('/', { accept: 'application/json' })).status).toBe(418);
  const again = await get('/', { ...html, 'if-none-match': page.headers.get('etag') ?? '' });
  expect([again.status, await again.text()]).toEqual([304, '']);
});

test('nothing but its own files may run in it, and it stands in no frame (S24)', async () => {
  const policy = (await get('/', html)).headers.get('content-security-policy') ?? '';
  const rules = new Map(policy.split('; ').map((rule) => [rule.split(' ')[0], rule.split(' ').slice(1).join(' ')]));
  expect(rules.get('default-src')).toBe("'none'");
  expect(rules.get('script-src')).toBe("'self'");
  expect(rules.get('style-src')).toBe("'self'");
  expect(rules.get('frame-ancestors')).toBe("'none'");
  expect(policy).not.toContain('unsafe');
});

test('what the build named by its content is kept for ever, packed where that is understood', async () => {
  const script = await get('/assets/hq-AbC_12-x.js');
  expect([script.headers.get('content-type'), script.headers.get('cache-control')]).toEqual([
    ...['text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
  ]);
  expect(script.headers.get('content-encoding')).toBe('gzip');
  expect(await script.text()).toBe(SCRIPT);
  const plain = await get('/assets/hq-AbC_12-x.js', { 'accept-encoding': 'identity' });
  expect([plain.headers.get('content-encoding'), plain.headers.get('content-length')]).toEqual([
    ...[null, String(SCRIPT.length)],
  ]);
  const head = await get('/assets/hq-AbC_12-x.js', {}, 'HEAD');
  expect([head.status, await head.text()]).toEqual([200, '']);
});

test.each([
  '/assets/notes.txt',
  '/assets/plain.js',
  '/hq/index.html',
  '/assets/../hq/index.html',
  '/..%2f..%2fpackage.json',
])('%s is nothing of the page', async (path) => expect((await get(path, html)).status).toBe(418));

test('nothing is changed here, and without a build there is no page', async () => {
  expect((await get('/', html, 'POST')).status).toBe(418);
  const none = openPage(join(tmpdir(), 'tillwire-no-such-page'));
  expect(none({ method: 'GET', url: '/', headers: html } as never, {} as never)).toBe(false);
});
