// Drives what was set aside again, with a mended mapping: what can be placed now is captured once and resolved.
import { REASONS_TOLD_MAX, REDRIVE_PAGE_ITEMS } from '../../core/limits/files.ts';
import type { RedriveResult } from '../../protocol/local/capture.ts';
import type { CaptureJournal } from '../ports.ts';
import type { AsideOrigin } from './aside.ts';
import type { Columns } from './columns.ts';
import { eachDocument } from './groups.ts';
import { spillRecords } from './import.ts';
import { type CsvMapping, feedOf, nounOf } from './mapping.ts';
import { createPlacer, type Plan } from './place.ts';
import { rowReader } from './rows.ts';
import { ImportStopped } from './source.ts';
import { openSpill, type Spill, type SpilledRow } from './spill.ts';

export type RedriveOptions = {
  journal: CaptureJournal;
  mapping: CsvMapping;
  store: string;
  pseudonymKey: Uint8Array;
  spillFolder: string;
};

/**
 * Takes the open items of the mapping's feed. Items of one file are read together, for a mended mapping may put rows
 * into one receipt that lay in several items. An item is resolved when all its rows are placed, in the transaction of
 * its capture where there is one; otherwise it stays as it is, once.
 */
export async function redrive(options: RedriveOptions): Promise<RedriveResult> {
  const result: RedriveResult = {
    mapping: options.mapping.name,
    items: 0,
    resolved: 0,
    left: 0,
    captured: 0,
    duplicates: 0,
    reasons: [],
  };
  for (const [source, ids] of await openItems(options)) await redriveSource(options, source, ids, result);
  return result;
}

/** Ids by source; the texts are read later, one at a time. */
async function openItems({ journal, mapping }: RedriveOptions): Promise<Map<string, number[]>> {
  const sources = new Map<string, number[]>();
  for (let after = 0; ; ) {
    const page = await journal.listAside({ after, limit: REDRIVE_PAGE_ITEMS });
    for (const item of page) {
      after = item.id;
      if (item.feed !== feedOf(mapping) || item.resolvedMs !== null) continue;
      sources.set(item.source, [...(sources.get(item.source) ?? []), item.id]);
    }
    if (page.length < REDRIVE_PAGE_ITEMS) return sources;
  }
}

async function redriveSource(
  options: RedriveOptions,
  source: string,
  ids: number[],
  result: RedriveResult,
): Promise<void> {
  const spill = openSpill(options.spillFolder);
  try {
    const items = createItems(options.journal, result);
    let columns: Columns | null = null;
    for (const id of ids) columns = (await spillItem(options, spill, id, items)) ?? columns;
    if (columns !== null) await placeAgain(options, spill, columns, source, items, result);
    result.items += ids.length;
    result.left += items.left();
  } finally {
    spill.close();
  }
}

type Items = ReturnType<typeof createItems>;

/** How many rows of each item are still to be placed. */
function createItems(journal: CaptureJournal, result: RedriveResult) {
  const remaining = new Map<number, number>();
  const reasons = new Map<number, string>();
  const perItem = (rows: SpilledRow[]): Map<number, number> => {
    const counts = new Map<number, number>();
    for (const row of rows) counts.set(row.item, (counts.get(row.item) ?? 0) + 1);
    return counts;
  };
  return {
    add: (id: number, rows: number): void => {
      remaining.set(id, rows);
    },
    fail(rows: SpilledRow[] | number, reason: string): void {
      const ids = typeof rows === 'number' ? [rows] : perItem(rows).keys();
      for (const id of ids) {
        if (reasons.has(id)) continue;
        reasons.set(id, reason);
        if (result.reasons.length < REASONS_TOLD_MAX) result.reasons.push({ id, reason });
      }
    },
    /** The one item that these rows are all of, or undefined. */
    whole(rows: SpilledRow[]): number | undefined {
      const [first, second] = perItem(rows);
      return second === undefined && first !== undefined && remaining.get(first[0]) === first[1] ? first[0] : undefined;
    },
    async placed(rows: SpilledRow[]): Promise<void> {
      for (const [id, count] of perItem(rows)) {
        const left = (remaining.get(id) ?? 0) - count;
        remaining.set(id, left);
        if (left > 0) continue;
        await journal.resolveAside(id);
        result.resolved++;
      }
    },
    left: (): number => [...remaining.values()].filter((rows) => rows > 0).length,
  };
}

async function spillItem(options: RedriveOptions, spill: Spill, id: number, items: Items): Promise<Columns | null> {
  const [item] = await options.journal.listAside({ after: id - 1, limit: 1 });
  if (item?.id !== id) return null;
  const before = spill.rows();
  items.add(id, item.rows);
  try {
    // What is kept is UTF-8 and unpacked, whatever the file was.
    const columns = await spillRecords(once(Buffer.from(item.raw)), options.mapping, spill, id, () => undefined);
    items.add(id, Math.max(1, spill.rows() - before));
    return columns;
  } catch (error) {
    if (!(error instanceof ImportStopped) || error.code !== 'bad-file') throw error;
    items.fail(id, error.message);
    return null;
  }
}

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function placeAgain(
  options: RedriveOptions,
  spill: Spill,
  columns: Columns,
  source: string,
  items: Items,
  result: RedriveResult,
): Promise<void> {
  const { journal, mapping } = options;
  const origin: AsideOrigin = { feed: feedOf(mapping), source, header: columns.header };
  const { store, pseudonymKey } = options;
  const context = { mapping, store, pseudonymKey, fileName: source, journal };
  const placer = createPlacer(journal, nounOf(mapping), async (plan, verdict) => {
    if (verdict.kind === 'aside') return items.fail(plan.rows, verdict.reason);
    if (verdict.kind === 'captured') result.captured++;
    else result.duplicates++;
    await items.placed(plan.rows);
  });
  for await (const step of eachDocument(spill, rowReader(mapping, columns), origin, context)) {
    if (step.kind === 'plan') await placer.add(resolving(step.plan, items.whole(step.plan.rows)));
    else items.fail(step.rows, step.why.reason);
  }
  await placer.end();
}

/** The last fact of a plan takes its item with it, in one transaction. */
function resolving(plan: Plan, item: number | undefined): Plan {
  if (item === undefined) return plan;
  const last = plan.facts.length - 1;
  return { ...plan, facts: plan.facts.map((fact, nth) => (nth === last ? { ...fact, resolves: item } : fact)) };
}
