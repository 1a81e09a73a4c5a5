// The store window tries a file through the agent: it is shown what would become of it, and nothing is kept.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TRY_BYTES_MAX, TRY_SHOWN_MAX } from '../../core/limits/feeds.ts';
import { PreviewMessage } from '../../protocol/local/preview.ts';
import { type Door, openDoor } from './door.ts';
import { linesText, saleLine, settingsOf } from './feeds.ts';

const WINDOW = 'the-token-of-the-window';
let door: Door;
beforeEach(async () => {
  door = await openDoor({ windowToken: WINDOW });
});
afterEach(() => door.close());

const header = (reading: unknown): string => Buffer.from(JSON.stringify(reading)).toString('base64url');

async function tryFile(body: string | Buffer, reading: unknown = settingsOf(), token = WINDOW) {
  const headers = {
    ...{ authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
    ...{ 'x-tillwire-mapping': header(reading), 'x-tillwire-file': 'day.jsonl' },
  };
  const { status, data } = await door.client.post<string>('/v1/try', Buffer.from(body), { headers });
  return {
    status,
    data,
    messages: () =>
      data
        .trim()
        .split('\n')
        .map((line) => PreviewMessage.parse(JSON.parse(line))),
  };
}

test('each thing in the file first, the sums last; nothing is kept', async () => {
  const { status, messages } = await tryFile(linesText(saleLine('1'), 'x'));
  expect(status).toBe(200);
  expect(messages()).toMatchObject([
    { item: { outcome: 'captured', number: '1', key: 'S001|1|2026-11-21|1|sale' } },
    { item: { outcome: 'set-aside', place: 'line 2', code: 'bad-row' } },
    { summary: { items: 2, captured: 1, setAside: 1 }, stopped: null },
  ]);
  expect([door.journal.facts.length, door.journal.items.length]).toEqual([0, 0]);
});

test('of a large file the first things are shown, and all are counted', async () => {
  const lines = Array.from({ length: TRY_SHOWN_MAX + 100 }, (_, nth) => saleLine(`${nth}`));
  const { messages } = await tryFile(linesText(...lines));
  expect(messages()).toHaveLength(TRY_SHOWN_MAX + 1);
  expect(messages().at(-1)).toMatchObject({ summary: { captured: TRY_SHOWN_MAX + 100 } });
});

test('a file beyond the bound is told, without being read to its end', async () => {
  const { messages } = await tryFile(Buffer.alloc(TRY_BYTES_MAX + 1_000_000, `${' '.repeat(99_999)}\n`));
  expect(messages()).toMatchObject([
    { stopped: { code: 'bad-file', reason: expect.stringContaining('larger than 64 MB') } },
  ]);
});

test('only the window and programs of this PC may; the window may do nothing else', async () => {
  expect((await tryFile('x', settingsOf(), 'wrong')).status).toBe(401);
  expect((await door.client.post('/v1/try', 'x', { headers: { authorization: '' } })).status).toBe(401);
  const other = await door.client.post('/v1/imports', 'x', { headers: { authorization: `Bearer ${WINDOW}` } });
  expect(other.status).toBe(401);
  const foreign = await door.client.post('/v1/try', 'x', { headers: { origin: 'http://elsewhere.example' } });
  expect(foreign.status).toBe(403);
});

test('settings that cannot be used are told by field', async () => {
  const { status, data } = await tryFile('x', { feed: 'jsonl', timezone: 'UTC' });
  expect(status).toBe(400);
  expect(JSON.parse(data)).toMatchObject({ error: { code: 'bad-mapping', issues: [{ field: 'timezone' }] } });
});
