// Imports a CSV text into a journal in memory.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { importCsv } from '../../capture/csv/import.ts';
import { type CsvMapping, parseMapping } from '../../capture/csv/mapping.ts';
import { redrive } from '../../capture/csv/redrive.ts';
import type { CaptureJournal } from '../../capture/ports.ts';
import type { ImportResult, RedriveResult } from '../../protocol/local/capture.ts';

export const pseudonymKey = Buffer.alloc(32, 7);
export const spillFolder = mkdtempSync(join(tmpdir(), 'tillwire-spill-'));
afterAll(() => rmSync(spillFolder, { recursive: true, force: true }));

/** Columns receipt,sku,quantity,time and till 1 in London, with anything changed. */
export function mappingOf(changes: Record<string, unknown> = {}): CsvMapping {
  const parsed = parseMapping({
    name: 'test',
    columns: { receipt: 'receipt', sku: 'sku', quantity: 'quantity', time: 'time' },
    till: { constant: '1' },
    timeZone: 'Europe/London',
    receiptScope: 'ever',
    ...changes,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.mapping;
}

export async function* bytesOf(content: string | Uint8Array, chunk = 1_000): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
}

export const importText = (
  journal: CaptureJournal,
  content: string | Uint8Array,
  mapping: CsvMapping,
  fileName = 'sales.csv',
): Promise<ImportResult> =>
  importCsv({ source: bytesOf(content), mapping, store: 'S001', fileName, journal, pseudonymKey, spillFolder });

export const redriveAll = (journal: CaptureJournal, mapping: CsvMapping): Promise<RedriveResult> =>
  redrive({ journal, mapping, store: 'S001', pseudonymKey, spillFolder });

/** Every row in exactly one class, every receipt in exactly one outcome (D31). */
export const balanced = (result: ImportResult): boolean =>
  result.rows === result.rowsCaptured + result.rowsDuplicate + result.rowsNotGoods + result.rowsSetAside &&
  result.receipts === result.captured + result.duplicates + result.setAside;
