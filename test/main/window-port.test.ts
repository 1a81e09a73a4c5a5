// A window behind a message port: what is no message harms nothing, and one that says too much or never reads is closed.
import { MessageChannel } from 'node:worker_threads';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WINDOW_MESSAGE_BYTES_MAX, WINDOW_UNREAD_BYTES_MAX } from '../../core/limits.ts';
import { serveWindowPort } from '../../main/window-port.ts';
import { electronShaped, openRouter } from '../renderer/window-ports.ts';
import { temporaryFolder } from '../temporary.ts';

async function open() {
  const { router, close } = await openRouter(temporaryFolder());
  onTestFinished(close);
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port2.close());
  const heard: string[] = [];
  const closed = new Promise<true>((resolve) => port2.once('close', () => resolve(true)));
  port2.on('message', (message: string) => heard.push(message));
  serveWindowPort(router(1), electronShaped(port1));
  const ask = (id: string, path: string, json: unknown = undefined): void =>
    port2.postMessage(JSON.stringify({ i: id, p: { u: path, b: { json } } }));
  return { port: port2, heard, closed, ask };
}

const answers = (heard: string[], id: string) =>
  vi.waitFor(() => expect(heard.some((message) => JSON.parse(message).i === id)).toBe(true));

test('what is no message of the contract harms nothing', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  onTestFinished(() => void vi.restoreAllMocks());
  const { port, heard, ask } = await open();
  for (const nonsense of ['', '{', 'null', '[]', '{"i":1}', '{"i":"1","p":{"u":"//["}}']) port.postMessage(nonsense);
  ask('7', '/needs/list');
  await answers(heard, '7');
});

test.each([
  ['longer than a message may be', 'x'.repeat(WINDOW_MESSAGE_BYTES_MAX + 1)],
  ['no text', { i: '1' }],
])('%s closes the port', async (_what, message) => {
  const { port, closed } = await open();
  port.postMessage(message);
  expect(await closed).toBe(true);
});

test('a window to which much was told while it said nothing is closed, one that says it reads is not', async () => {
  const { heard, closed, ask } = await open();
  let isClosed = false;
  void closed.then(() => {
    isClosed = true;
  });
  ask('1', '/watch');
  await vi.waitFor(() => expect(heard.length).toBeGreaterThan(1));
  const bytes = (): number => heard.reduce((sum, message) => sum + message.length, 0);
  // Questions are told apart by their id: each is a word of the window, so nothing is left unread.
  for (let id = 2; bytes() < WINDOW_UNREAD_BYTES_MAX + 100_000; id += 1) {
    ask(String(id), '/now/chart', { bucketMs: 1_000, buckets: 400 });
    await answers(heard, String(id));
  }
  expect(isClosed).toBe(false);
  // All at once: the answers pile up without a word in between.
  for (let id = 1_000; id < 1_100; id += 1) ask(String(id), '/now/chart', { bucketMs: 1_000, buckets: 400 });
  expect(await closed).toBe(true);
});
