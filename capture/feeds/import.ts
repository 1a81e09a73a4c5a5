// Reads one file of a feed: every document in it captured, known already, set aside with its reason, or passed over.
import type { SetAside } from '../../core/captured.ts';
import { type FactContent, isTransaction, lineSkus, naturalKey } from '../../core/fact.ts';
import { ASIDES_HELD_MAX, ITEMS_BETWEEN_PROGRESS } from '../../core/limits/feeds.ts';
import { SET_ASIDE_BYTES_MAX } from '../../core/limits/files.ts';
import type { FeedResult } from '../../protocol/local/capture.ts';
import { type Bytes, ImportStopped, utf8Bytes } from '../csv/source.ts';
import { keptParts } from '../documents.ts';
import { createPlacer, type Verdict } from '../place.ts';
import type { CaptureJournal } from '../ports.ts';
import { WAYS } from '../ways.ts';
import { type Left, leftItems } from './aside.ts';
import type { Feed } from './feed.ts';
import { type FeedPlan, feedId, numberOf, planItem } from './plan.ts';
import type { FeedSettings } from './settings.ts';

/** What became of one thing in the input. */
export type Settled = { plan: FeedPlan; verdict: Verdict | { kind: 'passed' } };

export type FeedImport = {
  /** The file's bytes, perhaps gzip. */
  source: Bytes;
  feed: Feed;
  settings: FeedSettings;
  store: string;
  fileName: string;
  journal: CaptureJournal;
  pseudonymKey: Uint8Array;
  /** Documents read so far, and how many of them are placed or set aside. */
  onProgress?: ((progress: { rows: number; placed: number }) => void) | undefined;
  /** In the order of the input. */
  onSettled?: ((settled: Settled) => Promise<void>) | undefined;
};

export type FeedRun = { result: FeedResult /** Why the rest could not be read. */; stopped: ImportStopped | null };

/**
 * Rejects with ImportStopped where the file cannot be read to its end or the journal takes nothing; importing the same
 * file again is always harmless: what is kept already counts as duplicate.
 */
export async function importFeed(options: FeedImport): Promise<FeedResult> {
  const { result, stopped } = await runFeed(options);
  if (stopped === null) return result;
  throw new ImportStopped('bad-file', `${stopped.message} ${keptSentence(result)}`);
}

function keptSentence({ items, captured, duplicates, setAside }: FeedResult): string {
  if (items === 0) return 'Nothing of it was captured.';
  return `What stands before it is kept: ${captured} captured, ${duplicates} known already, ${setAside} set aside. Mend the file and import it again: what is kept counts as known already.`;
}

/** What came before a place that cannot be read is settled all the same. */
export async function runFeed(options: FeedImport): Promise<FeedRun> {
  const { feed, settings, store, fileName, journal, pseudonymKey } = options;
  const result = newResult(fileName, feedId(settings));
  const asides = openAsides(options, result);
  const context = { settings, store, journal, pseudonymKey, fileName };
  const placer = createPlacer<FeedPlan & { together?: boolean }>(journal, measure, async (plan, found) => {
    const verdict = await verdictOn(plan, found, options);
    count(result, plan, verdict);
    if (verdict.kind === 'aside') await asides.keep(leftOf(plan, verdict));
    await options.onSettled?.({ plan, verdict });
  });
  const stopped = await untilUnreadable(async () => {
    for await (const item of feed.read(utf8Bytes(options.source, 'utf-8'), {
      settings,
      store,
      timeZone: timeZoneOf(settings),
    })) {
      result.items++;
      await placer.add(await planItem(item, context));
      if (result.items % ITEMS_BETWEEN_PROGRESS === 0) {
        const placed = result.captured + result.duplicates + result.setAside + result.passed;
        options.onProgress?.({ rows: result.items, placed });
      }
    }
  });
  await placer.end();
  await asides.flush();
  options.onProgress?.({ rows: result.items, placed: result.items });
  return { result, stopped };
}

/** The settings' zone, or the one of this PC. */
export const timeZoneOf = ({ timeZone }: FeedSettings): string =>
  timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

async function untilUnreadable(work: () => Promise<void>): Promise<ImportStopped | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof ImportStopped && error.code === 'bad-file') return error;
    throw error;
  }
}

const measure = (plan: FeedPlan) => ({
  what: plan.item.place,
  rows: 1,
  bytes: plan.kind === 'passed' ? plan.item.what.length : plan.item.raw.length,
});

async function verdictOn(plan: FeedPlan, found: Verdict, options: FeedImport): Promise<Settled['verdict']> {
  if (plan.kind === 'passed') return { kind: 'passed' };
  if (plan.kind === 'aside') return { kind: 'aside', code: plan.item.code, reason: plan.item.reason };
  if (found.kind === 'aside' && found.code === 'key-conflict' && (await isKept(plan, options))) {
    return { kind: 'duplicate' };
  }
  return found;
}

/** A count of a whole store is the same count, whatever the book held when its zeros were written. */
export async function isKept(
  plan: FeedPlan,
  { journal, store }: Pick<FeedImport, 'journal' | 'store'>,
): Promise<boolean> {
  const [fact] = plan.facts;
  if (plan.kind !== 'document' || fact === undefined || plan.item.documents.length !== 1) return false;
  const [{ way, body }] = plan.item.documents;
  const parts = await keptParts(journal, naturalKey(store, fact.content));
  const contents = parts.map((part) => part.fact.content);
  return WAYS[way].isKept?.(body, contents) ?? false;
}

function leftOf(plan: FeedPlan, { code, reason }: Extract<Verdict, { kind: 'aside' }>): Left {
  const { item } = plan;
  if (item.kind === 'passed') return { place: item.place, raw: item.what, code, reason };
  const receipt = item.kind === 'aside' ? item.receipt : numberOf(item.documents[0]);
  return { place: item.place, raw: item.raw, code, reason, receipt };
}

/** A transaction of the journal for each of them would take longer than the whole import. */
function openAsides({ journal, settings, feed, fileName }: FeedImport, result: FeedResult) {
  const origin = { feed: feedId(settings), source: fileName, identifiers: feed.identifiers };
  let held: SetAside[] = [];
  let length = 0;
  const flush = async (): Promise<void> => {
    const items = held;
    held = [];
    length = 0;
    if (items.length > 0) result.setAsideNew += await journal.keepAside(items);
  };
  return {
    flush,
    async keep(left: Left): Promise<void> {
      const items = leftItems(origin, left);
      for (const item of items) result.masked += item.masked.length;
      held.push(...items);
      length += left.raw.length;
      if (held.length >= ASIDES_HELD_MAX || length >= SET_ASIDE_BYTES_MAX) await flush();
    },
  };
}

function count(result: FeedResult, plan: FeedPlan, verdict: Settled['verdict']): void {
  if (verdict.kind === 'passed') result.passed++;
  if (verdict.kind === 'aside') result.setAside++;
  if (verdict.kind !== 'captured' && verdict.kind !== 'duplicate') return;
  if (verdict.kind === 'captured') result.captured++;
  else result.duplicates++;
  if (plan.kind === 'document') result.masked += plan.masked;
  for (const { content } of plan.facts) countFact(result, content);
}

function countFact(result: FeedResult, content: FactContent): void {
  result.lines += lineSkus(content).length;
  if (content.kind === 'stocktake') result.counts++;
  else if (!isTransaction(content)) result.movements++;
  else if (content.kind === 'sale') result.sales++;
  else if (content.kind === 'return') result.returns++;
  else result.voids++;
}

const newResult = (file: string, feed: string): FeedResult => ({
  file,
  feed,
  items: 0,
  captured: 0,
  duplicates: 0,
  setAside: 0,
  setAsideNew: 0,
  passed: 0,
  sales: 0,
  returns: 0,
  voids: 0,
  movements: 0,
  counts: 0,
  lines: 0,
  masked: 0,
});
