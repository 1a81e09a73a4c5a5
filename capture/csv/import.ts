// Imports one CSV file: every row captured, known already, not goods, or set aside with line and reason (D31).
import type { Captured, SetAside } from '../../core/captured.ts';
import { isMovement, isTransaction } from '../../core/fact.ts';
import { SET_ASIDE_BYTES_MAX } from '../../core/limits/files.ts';
import type { ImportResult } from '../../protocol/local/capture.ts';
import type { CaptureJournal } from '../ports.ts';
import { type AsideOrigin, asideItems } from './aside.ts';
import { type Columns, resolveColumns } from './columns.ts';
import { eachDocument } from './groups.ts';
import { jsonRecords } from './json-records.ts';
import { type CsvMapping, feedOf, nounOf } from './mapping.ts';
import { maskRow } from './mask-row.ts';
import { createPlacer, type Plan, type Verdict } from './place.ts';
import { csvRecords } from './records.ts';
import { rowReader } from './rows.ts';
import { type Bytes, ImportStopped, utf8Bytes } from './source.ts';
import { openSpill, type Spill, type SpilledRow } from './spill.ts';

export type ImportOptions = {
  /** The file's bytes, perhaps gzip. */
  source: Bytes;
  mapping: CsvMapping;
  store: string;
  fileName: string;
  journal: CaptureJournal;
  pseudonymKey: Uint8Array;
  /** Folder for the private temporary file; null where nothing may be written. */
  spillFolder: string | null;
  /** Rows read so far, and how many of them are placed or set aside. */
  onProgress?: ((progress: { rows: number; placed: number }) => void) | undefined;
  /** In the order in which they are settled: what cannot be read first. */
  onSettled?: ((settled: SettledDocument) => Promise<void>) | undefined;
};

/** What became of one document, or of rows that belong to none; `facts` is empty where it could not be read. */
export type SettledDocument = { receipt: string; rows: SpilledRow[]; facts: Captured[]; verdict: Verdict };

const ROWS_BETWEEN_PROGRESS = 2_000;

/**
 * Rejects with ImportStopped where the file as a whole can't be used or the journal takes nothing; importing the same
 * file again is always harmless: what is kept already counts as duplicate.
 */
export async function importCsv(options: ImportOptions): Promise<ImportResult> {
  const { mapping } = options;
  const spill = openSpill(options.spillFolder);
  try {
    const { columns, masked } = await spillRows(options, spill);
    const counts = newCounts(options, spill.rows(), masked);
    const origin = { feed: feedOf(mapping), source: `${options.fileName}#${spill.digest()}`, header: columns.header };
    await placeRows(options, spill, columns, origin, counts);
    return counts;
  } finally {
    spill.close();
  }
}

async function spillRows(options: ImportOptions, spill: Spill): Promise<{ columns: Columns; masked: number }> {
  const { mapping } = options;
  let masked = 0;
  const columns = await spillRecords(utf8Bytes(options.source, mapping.encoding), mapping, spill, 0, (painted) => {
    masked += painted;
    if (spill.rows() % ROWS_BETWEEN_PROGRESS === 0) options.onProgress?.({ rows: spill.rows(), placed: 0 });
  });
  options.onProgress?.({ rows: spill.rows(), placed: 0 });
  return { columns, masked };
}

/** Records of one CSV text into the spill, masked before they touch the disk. Throws ImportStopped without a header. */
export async function spillRecords(
  source: Bytes,
  mapping: CsvMapping,
  spill: Spill,
  item: number,
  onRow: (painted: number) => void,
): Promise<Columns> {
  let columns = mapping.format === 'csv' && mapping.header === true ? null : resolveColumns(mapping, null);
  let reader = columns === null ? null : rowReader(mapping, columns);
  const records =
    mapping.format === 'csv' ? csvRecords(source, mapping) : jsonRecords(source, mapping, columns?.names ?? []);
  for await (const record of records) {
    if (columns === null || reader === null) {
      columns = resolveColumns(mapping, record);
      reader = rowReader(mapping, columns);
      continue;
    }
    const row = maskRow(record, columns, mapping);
    const { cells, raw, ranges } = row;
    const problem = reader.shapeProblem(record, row);
    spill.add(reader.key(cells), { line: record.line, cells, raw, ranges, problem, item });
    onRow(ranges.length);
  }
  if (columns === null) throw new ImportStopped('bad-file', 'The file is empty: not even a header line is there.');
  return columns;
}

async function placeRows(
  options: ImportOptions,
  spill: Spill,
  columns: Columns,
  origin: AsideOrigin,
  counts: ImportResult,
): Promise<void> {
  const { mapping, journal } = options;
  let aside: SetAside[] = [];
  let placed = 0;
  let told = 0;
  const flushAside = async (): Promise<void> => {
    const items = aside;
    aside = [];
    if (items.length > 0) counts.setAsideNew += await journal.keepAside(items);
  };
  const keep = async (items: SetAside[]): Promise<void> => {
    aside.push(...items);
    const bytes = aside.reduce((sum, item) => sum + item.raw.length, 0);
    if (aside.length >= 100 || bytes >= SET_ASIDE_BYTES_MAX) await flushAside();
  };
  const progress = (rows: number): void => {
    placed += rows;
    if (placed - told < ROWS_BETWEEN_PROGRESS && placed < counts.rows) return;
    told = placed;
    options.onProgress?.({ rows: counts.rows, placed });
  };
  const placer = createPlacer(journal, nounOf(mapping), async (plan, verdict) => {
    countPlan(counts, plan, verdict);
    if (verdict.kind === 'aside') await keep(asideItems(origin, plan.receipt, plan.rows, verdict));
    await options.onSettled?.({ ...plan, verdict });
    progress(plan.rows.length);
  });
  const { store, pseudonymKey, fileName } = options;
  const context = { mapping, store, pseudonymKey, fileName, journal };
  for await (const step of eachDocument(spill, rowReader(mapping, columns), origin, context)) {
    if (step.kind === 'plan') {
      await placer.add(step.plan);
      continue;
    }
    counts.rowsSetAside += step.rows.length;
    counts.receipts += step.receipts;
    counts.setAside += step.receipts;
    await keep(step.items);
    const receipt = step.items[0]?.receipt ?? '';
    await options.onSettled?.({ receipt, rows: step.rows, facts: [], verdict: { kind: 'aside', ...step.why } });
    progress(step.rows.length);
  }
  await placer.end();
  await flushAside();
}

function countPlan(counts: ImportResult, plan: Plan, verdict: Verdict): void {
  counts.receipts++;
  if (verdict.kind === 'aside') {
    counts.setAside++;
    counts.rowsSetAside += plan.rows.length;
    return;
  }
  const goods = plan.rows.length - plan.rowsNotGoods;
  counts.rowsNotGoods += plan.rowsNotGoods;
  if (verdict.kind === 'captured') {
    counts.captured++;
    counts.rowsCaptured += goods;
  } else {
    counts.duplicates++;
    counts.rowsDuplicate += goods;
  }
  for (const { content } of plan.facts) {
    if (content.kind === 'adjustment') counts.adjustments++;
    else if (content.kind === 'return') counts.returns++;
    else if (isTransaction(content)) counts.sales++;
    else if (isMovement(content)) counts.movements++;
  }
  // A sheet may be cut into several facts.
  if (plan.facts.some(({ content }) => content.kind === 'stocktake')) counts.counts++;
}

const newCounts = (options: ImportOptions, rows: number, masked: number): ImportResult => ({
  file: options.fileName,
  mapping: options.mapping.name,
  rows,
  rowsCaptured: 0,
  rowsDuplicate: 0,
  rowsNotGoods: 0,
  rowsSetAside: 0,
  receipts: 0,
  sales: 0,
  returns: 0,
  adjustments: 0,
  movements: 0,
  counts: 0,
  captured: 0,
  duplicates: 0,
  setAside: 0,
  setAsideNew: 0,
  masked,
});
