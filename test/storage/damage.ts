// Damage to the two copies of a journal, and the proof that nothing is missing afterwards.
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { systemDisk } from '../../storage/disk.ts';
import type { Journal, JournalOptions } from '../../storage/journal.ts';
import { scanRecords } from '../../storage/mirror-record.ts';
import { temporaryFolder } from '../temporary.ts';
import { numbers, openTest, receiptsOf, sale, sales } from './shop.ts';

/** Few entries to a file, so that there are many files. */
export const SMALL = { mirrorSegmentBytes: 3_000 };

export const mirrorFiles = (folder: string): string[] =>
  readdirSync(join(folder, 'mirror'))
    .filter((name) => name.endsWith('.mirror'))
    .sort();

export function mirroredReceipts(folder: string): string[] {
  return mirrorFiles(folder).flatMap((name) => {
    const found: string[] = [];
    scanRecords(systemDisk, join(folder, 'mirror', name), (meta, payload) => {
      if (meta.kind === 'entry' && meta.carried !== true)
        found.push(JSON.parse(Buffer.from(payload).toString()).content.receipt);
      return true;
    });
    return found;
  });
}

/** The folder as a power cut would leave it: a copy taken while the journal is open. */
function cutPower(folder: string): string {
  const left = temporaryFolder();
  cpSync(folder, left, { recursive: true });
  return left;
}

/** Captures 1 to `last` one by one and leaves the folder as a power cut would. */
export function shopAfterPowerCut(last: number, options: Partial<JournalOptions> = {}): string {
  const folder = temporaryFolder();
  const journal = openTest(folder, options);
  for (const captured of sales(1, last)) journal.appendGroup([captured]);
  const left = cutPower(folder);
  journal.close();
  return left;
}

export function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  writeFileSync(path, bytes);
}

/** Wherever the text lies in the file: SQLite leaves older copies of a page behind. */
export function flipEach(path: string, text: string): void {
  const bytes = readFileSync(path);
  for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + text.length)) {
    bytes[at + text.length - 2] = 0x39;
  }
  writeFileSync(path, bytes);
}

/** All there, in order, in both copies, and the next sale goes behind them. */
export function expectWhole(folder: string, journal: Journal, last: number): void {
  expect(receiptsOf(journal)).toEqual(numbers(1, last));
  expect(mirroredReceipts(folder)).toEqual(numbers(1, last));
  expect(journal.appendGroup([sale(1), sale(last + 1)]).map((outcome) => outcome.kind)).toEqual([
    'duplicate',
    'captured',
  ]);
  expect(mirroredReceipts(folder)).toEqual(numbers(1, last + 1));
}
