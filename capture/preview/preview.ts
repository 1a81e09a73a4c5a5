// Tries a file: everything in it goes the way of a capture, and what would come of it is told; nothing is kept.
import { randomBytes } from 'node:crypto';
import type { AppendOutcome, Captured, SetAside } from '../../core/captured.ts';
import type { FactContent } from '../../core/fact.ts';
import type { PreviewItem, PreviewSummary } from '../../protocol/local/preview.ts';
import { importCsv } from '../csv/import.ts';
import { type Bytes, ImportStopped } from '../csv/source.ts';
import { runFeed, type Settled } from '../feeds/import.ts';
import { maskText } from '../mask.ts';
import type { Reading } from '../reading.ts';
import { previewJournal } from './journal.ts';
import { showDocument } from './show.ts';
import { openSums } from './sums.ts';

export type PreviewOptions = {
  reading: Reading;
  store: string;
  source: Bytes;
  fileName: string;
  /** In the order of the file; of a CSV file, whose receipts may lie anywhere in it, group by group. */
  onItem: (item: PreviewItem) => Promise<void>;
};

/** `stopped`: why the rest could not be read. */
export type Preview = { summary: PreviewSummary; stopped: { code: string; reason: string } | null };

/** Of a key that nobody has: customers are not shown. */
const nobodysKey = (): Uint8Array => randomBytes(32);

export async function previewFile(options: PreviewOptions): Promise<Preview> {
  const teller = openTeller(options);
  const stopped = await (options.reading.kind === 'feed' ? tryFeed(options, teller) : tryCsv(options, teller));
  return { summary: teller.summary(), stopped };
}

type Teller = ReturnType<typeof openTeller>;

/** Counts and tells what is found. */
function openTeller({ store, onItem }: PreviewOptions) {
  const sums = openSums();
  const counts = { items: 0, captured: 0, duplicates: 0, setAside: 0, passed: 0, masked: 0 };
  return {
    async kept(place: string, contents: FactContent[], outcome: 'captured' | 'duplicate'): Promise<void> {
      const item = ++counts.items;
      if (outcome === 'captured') counts.captured++;
      else counts.duplicates++;
      for (const content of contents) {
        if (outcome === 'captured') sums.add(content);
        await onItem({ outcome, item, place, ...showDocument(store, content) });
      }
    },
    async aside(place: string, code: string, reason: string, number: string | undefined): Promise<void> {
      counts.setAside++;
      await onItem({ outcome: 'set-aside', item: ++counts.items, place, code, reason: maskText(reason).text, number });
    },
    async passed(place: string, what: string): Promise<void> {
      counts.passed++;
      await onItem({ outcome: 'passed', item: ++counts.items, place, reason: maskText(what).text });
    },
    masked(count: number): void {
      counts.masked = count;
    },
    summary: (): PreviewSummary => ({ ...counts, ...sums.told() }),
  };
}

async function tryFeed(
  { reading, store, source, fileName }: PreviewOptions,
  teller: Teller,
): Promise<Preview['stopped']> {
  if (reading.kind !== 'feed') return null;
  const { feed, settings } = reading;
  const { result, stopped } = await runFeed({
    ...{ source, feed, settings, store, fileName },
    journal: previewJournal({ store }),
    pseudonymKey: nobodysKey(),
    onSettled: (settled) => tellSettled(teller, settled),
  });
  teller.masked(result.masked);
  return stopped === null ? null : { code: stopped.code, reason: stopped.message };
}

async function tellSettled(teller: Teller, { plan, verdict }: Settled): Promise<void> {
  const { item } = plan;
  if (item.kind === 'passed') return teller.passed(item.place, item.what);
  if (verdict.kind === 'aside') {
    const number = item.kind === 'aside' ? item.receipt : undefined;
    return teller.aside(item.place, verdict.code, verdict.reason, number);
  }
  const contents = plan.facts.map(({ content }) => content);
  return teller.kept(item.place, contents, verdict.kind === 'duplicate' ? 'duplicate' : 'captured');
}

/** "day.csv line 4" is told as "line 4": there is only the one file. */
const placeIn = (fileName: string, position = ''): string =>
  position.startsWith(`${fileName} `) ? position.slice(fileName.length + 1) : position;

async function tryCsv(
  { reading, store, source, fileName }: PreviewOptions,
  teller: Teller,
): Promise<Preview['stopped']> {
  if (reading.kind !== 'mapping') return null;
  const journal = previewJournal({
    store,
    onKept: ({ content, cursor }: Captured, { kind }: AppendOutcome) =>
      kind === 'captured' || kind === 'duplicate'
        ? teller.kept(placeIn(fileName, cursor?.position), [content], kind)
        : Promise.resolve(),
    async onAside(items: SetAside[]) {
      for (const { place, code, reason, receipt } of items) await teller.aside(place, code, reason, receipt);
    },
  });
  try {
    const { mapping } = reading;
    const pseudonymKey = nobodysKey();
    const result = await importCsv({ source, mapping, store, fileName, journal, pseudonymKey, spillFolder: null });
    teller.masked(result.masked);
    return null;
  } catch (error) {
    if (error instanceof ImportStopped) return { code: error.code, reason: error.message };
    throw error;
  }
}
