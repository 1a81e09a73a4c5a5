// A journal in a temporary folder, with a clock and chance that the test owns.
import { onTestFinished } from 'vitest';
import type { Captured } from '../../core/captured.ts';
import type { TransactionContent } from '../../core/fact.ts';
import { type Journal, type JournalOptions, openJournal } from '../../storage/journal.ts';
import { openReader } from '../../storage/reader.ts';

export const DAY = '2026-11-21';
export const NOON_MS = Date.parse('2026-11-21T12:00:00Z');

export type TestClock = {
  wallMs: () => number;
  monotonicMs: () => number;
  pass(ms: number): void;
  step(ms: number): void;
};

export function testClock(startMs: number = NOON_MS): TestClock {
  let wall = startMs;
  let monotonic = 0;
  return {
    wallMs: () => wall,
    monotonicMs: () => monotonic,
    pass: (ms) => {
      wall += ms;
      monotonic += ms;
    },
    step: (ms) => {
      wall += ms;
    },
  };
}

/** Different lives in each call, the same in each run. */
function testHex(): (bytes: number) => string {
  let drawn = 0;
  return (bytes) =>
    (++drawn)
      .toString(16)
      .padStart(2, '0')
      .repeat(bytes)
      .slice(0, bytes * 2);
}
const randomHex = testHex();

export const GIGABYTE = 2 ** 30;

/** Closed at the end of the test unless the test did. */
export function openTest(folder: string, more: Partial<JournalOptions> = {}): Journal {
  const options = { folder, store: 'S001', clock: testClock(), randomHex, freeBytes: () => 10 * GIGABYTE, ...more };
  const journal = openJournal(options);
  let closed = false;
  const close = (): void => {
    if (!closed) journal.close();
    closed = true;
  };
  onTestFinished(close);
  return { ...journal, close };
}

export function sale(number: number | string, more: Partial<TransactionContent> = {}): Captured {
  const content: TransactionContent = {
    kind: 'sale',
    workstation: 'T1',
    receipt: `R${number}`,
    businessDate: DAY,
    occurred: `${DAY}T10:15:00+01:00`,
    currency: 'EUR',
    total: 250,
    lines: [{ sku: 'APPLE', quantity: 1000, amount: 250 }],
    ...more,
  };
  return { content, feed: 'http' };
}

export const sales = (from: number, to: number): Captured[] =>
  Array.from({ length: to - from + 1 }, (_, index) => sale(from + index));

/** Hashes of the confirmed shelves, as they lie in the folder. */
export function shelvesOf(folder: string): Map<string, string> {
  const reader = openReader(folder);
  try {
    return reader.book().shelves;
  } finally {
    reader.close();
  }
}

/** Receipt numbers of all that counts, in order, read from the bytes. */
export function receiptsOf(journal: Journal): string[] {
  return journal.epochs().flatMap(({ epoch }) => {
    const found: string[] = [];
    for (let after = 0; ; ) {
      const page = journal.page(epoch, after, 100, 1_000_000);
      for (const { bytes } of page) found.push(JSON.parse(Buffer.from(bytes).toString()).content.receipt as string);
      const last = page.at(-1);
      if (last === undefined) return found;
      after = last.seq;
    }
  });
}

export const numbers = (from: number, to: number): string[] => sales(from, to).map((_, index) => `R${from + index}`);

export const noticeCodes = (journal: Journal): string[] => journal.snapshot(DAY).notices.map((notice) => notice.code);
