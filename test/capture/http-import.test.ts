// The command line hands a file to the running agent over HTTP, streamed both ways.
import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { IMPORTS_AT_ONCE_MAX } from '../../core/limits/files.ts';
import { BODY_WAIT_MS } from '../../core/limits.ts';
import { CaptureError, ImportLine, RedriveResult } from '../../protocol/local/capture.ts';
import { type Door, openDoor, TOKEN } from './door.ts';
import { mappingOf } from './imports.ts';

let door: Door;
beforeEach(async () => {
  door = await openDoor();
});
afterEach(() => door.close());

const HEAD = 'receipt,sku,quantity,time';
const header = (mapping: unknown): string => Buffer.from(JSON.stringify(mapping)).toString('base64url');
const rows = (count: number): string =>
  [HEAD, ...Array.from({ length: count }, (_, nth) => `${nth},A,1,2026-11-21T10:15:00`), ''].join('\n');

async function importFile(body: unknown, mapping: unknown = mappingOf(), file = 'sales%20of%20today.csv') {
  const headers = {
    'content-type': 'application/octet-stream',
    'x-tillwire-mapping': header(mapping),
    'x-tillwire-file': file,
  };
  const response = await door.client.post<string>('/v1/imports', body, { headers });
  const lines = response.data.trim().split('\n');
  return { status: response.status, lines: lines.map((line) => ImportLine.parse(JSON.parse(line))) };
}

test('a file is imported: progress first, the result last', async () => {
  const { status, lines } = await importFile(Readable.from([gzipSync(rows(5_000))]));
  expect(status).toBe(200);
  expect(lines.at(-1)).toMatchObject({
    result: { file: 'sales of today.csv', mapping: 'test', rows: 5_000, captured: 5_000, setAside: 0 },
  });
  expect(lines[0]).toEqual({ progress: { rows: 2_000, placed: 0 } });
  expect(lines.at(-2)).toEqual({ progress: { rows: 5_000, placed: 5_000 } });
  expect(door.journal.facts).toHaveLength(5_000);
});

test('what cannot be used is told before anything is kept', async () => {
  const wrong = await importFile(Buffer.from(rows(1)), { ...mappingOf(), till: undefined });
  expect(wrong).toMatchObject({
    status: 400,
    lines: [{ error: { code: 'bad-mapping', issues: [{ field: 'till' }] } }],
  });
  const other = await importFile(Buffer.from(`a,b\n${'1,2\n'.repeat(200_000)}`));
  expect(other).toMatchObject({ status: 200, lines: [{ error: { code: 'bad-file' } }] });
  expect(door.journal.facts).toEqual([]);
  const unmapped = await door.client.post('/v1/imports', Buffer.from('x'), { headers: { 'content-type': 'text/csv' } });
  expect(unmapped.status).toBe(400);
});

test('a journal that fails says so in the last line; importing again goes on', async () => {
  let left = 300;
  door.journal.interfere = () => (left-- > 0 ? null : new Error('secret path'));
  const broken = await importFile(Buffer.from(rows(1_000)));
  expect(broken.lines.at(-1)).toMatchObject({ error: { code: 'unknown' } });
  expect(JSON.stringify(broken)).not.toContain('secret');
  door.journal.interfere = () => ({ kind: 'refused', reason: 'disk-full', message: 'The disk is nearly full.' });
  expect((await importFile(Buffer.from(rows(1_000)))).lines.at(-1)).toMatchObject({ error: { code: 'disk-full' } });
  door.journal.interfere = () => null;
  const again = await importFile(Buffer.from(rows(1_000)));
  expect(again.lines.at(-1)).toMatchObject({ result: { captured: 700, duplicates: 300 } });
});

test('no more than so many imports at once', async () => {
  const held: (() => void)[] = [];
  const kept = door.journal.appendMany;
  door.journal.appendMany = async (captures) => {
    await new Promise<void>((resolve) => held.push(resolve));
    return kept(captures);
  };
  const running = Array.from({ length: IMPORTS_AT_ONCE_MAX }, (_, nth) => importFile(Buffer.from(rows(nth + 1))));
  await vi.waitFor(() => expect(held).toHaveLength(IMPORTS_AT_ONCE_MAX));
  expect(await importFile(Buffer.from(rows(1)))).toMatchObject({ status: 503, lines: [{ error: { code: 'busy' } }] });
  for (const release of held) release();
  expect((await Promise.all(running)).map(({ status }) => status)).toEqual([200, 200]);
});

test('senders that go away leave nothing running and nothing kept', async () => {
  const head = [
    'POST /v1/imports HTTP/1.1',
    `host: ${new URL(door.url).host}`,
    `authorization: Bearer ${TOKEN}`,
    `x-tillwire-mapping: ${header(mappingOf())}`,
    'content-length: 1000000',
  ];
  for (let nth = 0; nth < IMPORTS_AT_ONCE_MAX; nth++) {
    const socket = connect(Number(new URL(door.url).port), '127.0.0.1');
    socket.write(`${head.join('\r\n')}\r\n\r\n${rows(3_000)}`);
    // The first progress line.
    await once(socket, 'data');
    socket.destroy();
  }
  await vi.waitFor(async () => expect((await importFile(Buffer.from(rows(3)))).status).toBe(200));
  expect(door.journal.facts).toHaveLength(3);
});

test('set-aside input is driven again through the running agent', async () => {
  await importFile(
    Buffer.from('receipt;sku;quantity;time\n1;A;1,5;2026-11-21T10:15:00\n'),
    mappingOf({ delimiter: ';' }),
  );
  expect(door.journal.items).toHaveLength(1);
  const mapping = mappingOf({ delimiter: ';', decimalComma: true });
  const response = await door.client.post<string>('/v1/set-aside/redrive', { mapping });
  expect(RedriveResult.parse(JSON.parse(response.data))).toMatchObject({ items: 1, resolved: 1, left: 0, captured: 1 });
  const wrong = await door.client.post<string>('/v1/set-aside/redrive', { mapping: {} });
  expect(CaptureError.parse(JSON.parse(wrong.data)).error.code).toBe('bad-mapping');
  const none = await door.client.post<string>('/v1/set-aside/redrive', Buffer.from('null'), {
    headers: { 'content-type': 'application/json' },
  });
  expect(none.status).toBe(400);
});

test('a body that does not arrive is given up', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const socket = connect(Number(new URL(door.url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => {
      answer += String(chunk);
    });
    const head = [
      'POST /v1/transactions HTTP/1.1',
      `host: ${new URL(door.url).host}`,
      `authorization: Bearer ${TOKEN}`,
      'content-type: application/json',
      'idempotency-key: slow',
      'content-length: 1000',
      'expect: 100-continue',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    // "100 Continue" says that the door is waiting for the body.
    await once(socket, 'data');
    await new Promise((resolve) => setImmediate(resolve));
    vi.advanceTimersByTime(BODY_WAIT_MS);
    await once(socket, 'data');
    expect(answer).toContain('408');
    expect(answer).toContain('"too-slow"');
    socket.destroy();
  } finally {
    vi.useRealTimers();
  }
});
