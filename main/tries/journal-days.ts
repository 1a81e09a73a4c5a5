// What this computer captured in the last days, counted by day and by the way in; read beside the running journal.
import { setImmediate as turn } from 'node:timers/promises';
import type { TrafficDay } from '../../core/dry-run/traffic.ts';
import { capturedMs, type Fact } from '../../core/fact.ts';
import { text } from '../../core/hash.ts';
import { TRY_ENTRIES_MAX, TRY_ENTRIES_PAGE, TRY_WAYS_MAX } from '../../core/limits/tries.ts';
import { BATCH_BYTES_MAX, IDENTIFIER_LENGTH_MAX } from '../../core/limits.ts';
import { type JournalReader, openReader, type ReaderEpoch } from '../../storage/reader.ts';

export type JournalDays = {
  /** Days by this computer's clock, in order; those without an entry are not there. */
  days: TrafficDay[];
  /** Most first; what is beyond the bound is told together. */
  ways: { way: string; documents: number }[];
};

const OTHER_WAYS = 'other ways';

/** Of entries captured since then; the newest ones where they are more than are counted. */
export async function journalDays(folder: string, sinceMs: number): Promise<JournalDays> {
  const reader = openReader(folder);
  try {
    const days = new Map<string, TrafficDay>();
    const ways = new Map<string, number>();
    let left = TRY_ENTRIES_MAX;
    for (const epoch of reader.epochs().toReversed()) {
      const first = Math.max(firstSince(reader, epoch, sinceMs), epoch.seq - left + 1);
      left -= Math.max(0, epoch.seq - first + 1);
      for (let after = first - 1; after < epoch.seq; ) {
        const page = reader.page(epoch, after, TRY_ENTRIES_PAGE, BATCH_BYTES_MAX);
        const last = page.at(-1)?.seq;
        if (last === undefined) break;
        for (const { bytes } of page) countEntry(days, ways, bytes);
        after = last;
        // Tills go first.
        await turn();
      }
      if (first > 1 || left <= 0) break;
    }
    const sorted = [...days.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
    return { days: sorted, ways: mostOf(ways) };
  } finally {
    reader.close();
  }
}

function countEntry(days: Map<string, TrafficDay>, ways: Map<string, number>, bytes: Uint8Array): void {
  const fact = JSON.parse(text(bytes)) as Fact;
  const date = localDate(capturedMs(fact));
  const day = days.get(date) ?? { date, entries: 0, bytes: 0 };
  days.set(date, { date, entries: day.entries + 1, bytes: day.bytes + bytes.length });
  const way = fact.feed.slice(0, IDENTIFIER_LENGTH_MAX);
  ways.set(way, (ways.get(way) ?? 0) + 1);
}

/** Times in a journal grow, but for a clock that was set: then the answer is one of the places where it passes by. */
function firstSince(reader: JournalReader, epoch: ReaderEpoch, sinceMs: number): number {
  let [from, to] = [1, epoch.seq + 1];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    const [entry] = reader.page(epoch, middle - 1, 1, BATCH_BYTES_MAX);
    if (entry === undefined) return from;
    if (capturedMs(JSON.parse(text(entry.bytes)) as Fact) >= sinceMs) to = middle;
    else from = middle + 1;
  }
  return from;
}

function localDate(ms: number): string {
  const at = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function mostOf(ways: Map<string, number>): JournalDays['ways'] {
  const all = [...ways].map(([way, documents]) => ({ way, documents })).sort((a, b) => b.documents - a.documents);
  if (all.length <= TRY_WAYS_MAX) return all;
  const rest = all.slice(TRY_WAYS_MAX - 1).reduce((sum, { documents }) => sum + documents, 0);
  return [...all.slice(0, TRY_WAYS_MAX - 1), { way: OTHER_WAYS, documents: rest }];
}
