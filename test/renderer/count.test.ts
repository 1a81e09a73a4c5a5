// What the count room does in the page: reads figures as people type them, and writes each of them once, in order.
import { expect, test } from 'vitest';
import type { CountLine, SheetHead, Written } from '../../protocol/local/rooms/count.ts';
import { mintOp, mintSheet } from '../../renderer/store/count/ids.ts';
import { readQuantity } from '../../renderer/store/count/quantity.ts';
import { openSheet, type Sheet } from '../../renderer/store/count/sheet.ts';
import type { Client } from '../../renderer/store/dial.ts';

test.each([
  ['12', { quantity: 12_000 }],
  ['0', { quantity: 0 }],
  ['0,350', { quantity: 350 }],
  ['2.5', { quantity: 2_500 }],
  ['1200', { quantity: 1_200_000 }],
  ['1,200', { problem: 'two-ways' }],
  ['12.000', { problem: 'two-ways' }],
  ['4006381333931', { problem: 'barcode' }],
  ['', { problem: 'not-a-number' }],
  ['-3', { problem: 'not-a-number' }],
  ['two', { problem: 'not-a-number' }],
  ['1.2345', { problem: 'not-a-number' }],
])('%s is read as it is meant, or asked about', (text, read) => {
  expect(readQuantity(text)).toEqual(read);
});

test('names that the window mints are what the program takes', () => {
  expect(mintSheet()).toMatch(/^[0-9A-Z]{8}$/);
  expect(mintOp()).toMatch(/^[0-9A-Za-z]{12}$/);
  expect(new Set(Array.from({ length: 100 }, mintOp)).size).toBe(100);
});

/** An agent whose first answer to each change is lost, after it wrote. */
function forgetfulAgent() {
  const written = new Map<string, CountLine>();
  const order: string[] = [];
  let isLost = false;
  const head = (): SheetHead => ({
    ...{ sheet: 'SHELF001', number: 'C-1', area: 'Shelf 4', state: 'open', begunMs: 0, finishedMs: null },
    ...{ revision: written.size, lines: written.size, articles: written.size, units: 0, counters: [] },
    ...{ expected: 0, uncounted: 0, oldestMs: null },
  });
  const add = async ({ op, sku, quantity, sure }: { op: string; sku: string; quantity: number; sure: boolean }) => {
    if (sku === 'MANY' && !sure) return { result: 'question', sum: quantity, books: 1_000 } as Written;
    const line = { line: written.size + 1, counter: 'Anna', sku, quantity, atMs: 0, removed: false, revision: 1 };
    isLost = !written.has(op);
    if (isLost) {
      order.push(sku);
      written.set(op, line);
    }
    return { result: 'written', head: head(), line: written.get(op) ?? line } as Written;
  };
  const client = { count: { add, lines: async () => ({ head: head(), lines: [] }) } } as unknown as Client;
  return {
    order,
    ask: async <Answer>(question: (of: Client, abort: AbortSignal) => Promise<Answer>): Promise<Answer | null> => {
      const answer = await question(client, new AbortController().signal);
      if (!isLost) return answer;
      isLost = false;
      return null;
    },
  };
}

const job = (sku: string) => ({ kind: 'add', sku, quantity: 1_000, more: true }) as const;

/** As the window does whenever it hears of anything. */
async function untilWritten(sheet: Sheet): Promise<void> {
  for (let tries = 0; tries < 50 && sheet.waiting.value > 0; tries++) {
    await sheet.follow();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('what is not answered is sent again under its name: written once, in the order of the scans', async () => {
  const agent = forgetfulAgent();
  const sheet = openSheet(agent, 'SHELF001');
  const scans = ['A', 'B', 'C', 'A'];
  for (const sku of scans) void sheet.write('Anna', job(sku));
  await untilWritten(sheet);
  await sheet.write('Anna', job('D'));
  await untilWritten(sheet);
  expect(agent.order).toEqual([...scans, 'D']);
  expect(sheet.waiting.value).toBe(0);
  expect(sheet.isStuck.value).toBe(false);
});

test('a question holds back what comes behind it, until a person is sure or not', async () => {
  const agent = forgetfulAgent();
  const always: typeof agent = {
    ...agent,
    ask: async (question) => (await agent.ask(question)) ?? agent.ask(question),
  };
  const sheet = openSheet(always, 'SHELF001');
  await sheet.write('Anna', job('MANY'));
  await sheet.write('Anna', job('B'));
  expect(sheet.question.value).toMatchObject({ sum: 1_000, books: 1_000 });
  expect(agent.order).toEqual([]);
  await sheet.answer(true);
  expect(agent.order).toEqual(['MANY', 'B']);
  await sheet.write('Anna', job('MANY'));
  await sheet.answer(false);
  expect(sheet.question.value).toBeNull();
  expect(sheet.waiting.value).toBe(0);
  expect(agent.order).toEqual(['MANY', 'B']);
  expect(sheet.stopped.value).toBeNull();
});
