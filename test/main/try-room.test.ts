// A file that is tried through the window's contract: pieces up, what it would become down, nothing kept, all bounded.
import { createRouterClient } from '@orpc/server';
import { afterEach, expect, test, vi } from 'vitest';
import { TRIES_AT_ONCE_MAX, TRY_BYTES_MAX, TRY_SHOWN_MAX } from '../../core/limits/feeds.ts';
import { IMPORT_IDLE_MS } from '../../core/limits/files.ts';
import { TRY_PIECE_BYTES, TRY_SHOWN_CHARACTERS_MAX } from '../../core/limits/window.ts';
import { tryRoom } from '../../main/rooms/try.ts';
import type { TryMessage } from '../../protocol/local/rooms/try.ts';
import { linesText, saleLine, settingsOf } from '../capture/feeds.ts';

afterEach(() => void vi.useRealTimers());

const open = () => createRouterClient(tryRoom({ storage: { store: 'S001' } }));
type Room = ReturnType<typeof open>;

const begin = (room: Room, reading: unknown, signal?: AbortSignal) =>
  room.begin({ name: 'day.jsonl', reading: JSON.stringify(reading) }, signal === undefined ? {} : { signal });

async function ticketOf(messages: AsyncIterator<TryMessage>): Promise<string> {
  const { value } = await messages.next();
  return 'ticket' in value ? value.ticket : '';
}

/** Sends until no more is wanted; how many bytes that were. */
async function send(room: Room, ticket: string, body: Buffer): Promise<number> {
  for (let from = 0; ; from += TRY_PIECE_BYTES) {
    const piece = body.subarray(from, from + TRY_PIECE_BYTES);
    const last = from + TRY_PIECE_BYTES >= body.length;
    const { wanted } = await room.piece({ ticket, base64: piece.toString('base64'), last });
    if (!wanted) return from + piece.length;
  }
}

async function tryFile(body: string | Buffer, reading: unknown = settingsOf(), room = open()) {
  const stream = await begin(room, reading);
  const ticket = await ticketOf(stream);
  const sent = send(room, ticket, Buffer.from(body));
  const messages: TryMessage[] = [];
  for await (const message of stream) messages.push(message);
  return { messages, sent: await sent };
}

test('each thing in the file first, the sums last', async () => {
  const { messages } = await tryFile(linesText(saleLine('1'), 'x'));
  expect(messages).toMatchObject([
    { item: { outcome: 'captured', number: '1', key: 'S001|1|2026-11-21|1|sale' } },
    { item: { outcome: 'set-aside', place: 'line 2', code: 'bad-row' } },
    { summary: { items: 2, captured: 1, setAside: 1 }, stopped: null },
  ]);
});

test('an empty file has an end too', async () => {
  const { messages } = await tryFile('');
  expect(messages.at(-1)).toMatchObject({ summary: { items: 0 } });
});

test('of a large file the first things are shown, and all are counted', async () => {
  const lines = Array.from({ length: TRY_SHOWN_MAX + 100 }, (_, nth) => saleLine(`${nth}`));
  const { messages } = await tryFile(linesText(...lines));
  expect(messages).toHaveLength(TRY_SHOWN_MAX + 1);
  expect(messages.at(-1)).toMatchObject({ summary: { captured: TRY_SHOWN_MAX + 100 } });
});

test('of large things fewer are shown: never more than a window may leave unread', async () => {
  const line = { sku: 'A', quantity: '1', description: 'd'.repeat(150) };
  const large = (nth: number) => ({
    ...saleLine(`${nth}`),
    lines: Array.from({ length: 100 }, () => line),
  });
  const { messages } = await tryFile(linesText(...Array.from({ length: 60 }, (_, nth) => large(nth))));
  expect(messages.at(-1)).toMatchObject({ summary: { items: 60 } });
  expect(messages.length).toBeLessThan(60);
  expect(JSON.stringify(messages).length).toBeLessThan(TRY_SHOWN_CHARACTERS_MAX + 4_000);
});

test('a file beyond the bound is told, without being read to its end', async () => {
  const body = Buffer.alloc(TRY_BYTES_MAX + 10 * TRY_PIECE_BYTES, `${' '.repeat(99_999)}\n`);
  const { messages, sent } = await tryFile(body);
  expect(messages).toMatchObject([
    { stopped: { code: 'bad-file', reason: expect.stringContaining('larger than 64 MB') } },
  ]);
  expect(sent).toBeLessThan(body.length);
});

test('settings that cannot be used are told by field', async () => {
  const messages = await begin(open(), { feed: 'jsonl', timezone: 'UTC' });
  expect((await messages.next()).value).toMatchObject({ problem: expect.stringContaining('timezone') });
  expect((await messages.next()).done).toBe(true);
});

test('a few at a time; one whose window goes makes room, and its pieces are not wanted any more', async () => {
  const room = open();
  const windows = Array.from({ length: TRIES_AT_ONCE_MAX }, () => new AbortController());
  const begun = await Promise.all(windows.map(({ signal }) => begin(room, settingsOf(), signal)));
  const tickets = await Promise.all(begun.map(ticketOf));
  const turnedAway = await begin(room, settingsOf());
  expect((await turnedAway.next()).value).toMatchObject({ problem: expect.stringContaining('being tried') });

  const waiting = begun[0]?.next();
  windows[0]?.abort();
  expect((await waiting)?.done).toBe(true);
  expect(await room.piece({ ticket: tickets[0] ?? '', base64: '', last: false })).toEqual({ wanted: false });
  const { messages } = await tryFile(linesText(saleLine('1')), settingsOf(), room);
  expect(messages).toHaveLength(2);
  await begun[1]?.return?.(undefined);
});

test('a ticket that nobody has, and a second piece beside the first, are not wanted', async () => {
  const room = open();
  expect(await room.piece({ ticket: 'guessed', base64: 'AAAA', last: false })).toEqual({ wanted: false });
  const stream = await begin(room, settingsOf());
  const ticket = await ticketOf(stream);
  const pieces = ['AAAA', 'BBBB'].map((base64) => room.piece({ ticket, base64, last: false }));
  expect(await pieces[1]).toEqual({ wanted: false });
  await stream.return?.(undefined);
  expect(await pieces[0]).toEqual({ wanted: false });
});

test('a window that stops sending is not waited for', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const room = open();
  const stream = await begin(room, settingsOf());
  const ticket = await ticketOf(stream);
  const line = (number: string): string => Buffer.from(`${JSON.stringify(saleLine(number))}\n`).toString('base64');
  const told = stream.next();
  for (const number of ['1', '2', '3']) {
    expect(await room.piece({ ticket, base64: line(number), last: false })).toEqual({ wanted: true });
    // Each piece begins the wait anew.
    await vi.advanceTimersByTimeAsync(IMPORT_IDLE_MS - 1);
  }
  await vi.advanceTimersByTimeAsync(1);
  expect((await told).value).toMatchObject({ item: { number: '1' } });
  for (const number of ['2', '3']) expect((await stream.next()).value).toMatchObject({ item: { number } });
  expect((await stream.next()).value).toMatchObject({ stopped: { reason: 'The file stopped arriving.' } });
});
