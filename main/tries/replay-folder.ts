// Reads the files of one drop folder once more under two readings, and tells what would come out otherwise.
import { createReadStream } from 'node:fs';
import { maskText } from '../../capture/mask.ts';
import { blurred } from '../../capture/preview/blur.ts';
import { previewJournal } from '../../capture/preview/journal.ts';
import { replayFile } from '../../capture/preview/replay.ts';
import { amountText } from '../../capture/preview/show.ts';
import type { Reading } from '../../capture/reading.ts';
import { formatQuantity } from '../../core/amounts.ts';
import {
  type ChangedDocument,
  type Difference,
  newCounts,
  openComparison,
  type ReadDocument,
  type Shown,
} from '../../core/dry-run/documents.ts';
import { TRY_DOCUMENTS_MAX, TRY_EXAMPLES_MAX, TRY_REASON_LENGTH_MAX } from '../../core/limits/tries.ts';
import { IDENTIFIER_LENGTH_MAX } from '../../core/limits.ts';
import type { TryExample, TryFeed } from '../../protocol/device/tries.ts';
import type { RawFile } from './raw-files.ts';
import type { FolderReading } from './readings.ts';

export type ReplayParts = {
  store: string;
  pseudonymKey: Uint8Array;
  spillFolder: string;
  /** After it no further file is begun. */
  isLate(): boolean;
  say(message: string): void;
};

const NO_CHANGES: TryFeed['changes'] = { 'set-aside': 0, placed: 0, changed: 0, appears: 0, disappears: 0 };

/** A folder of which nothing is read again. */
export const untried = (name: string, state: TryFeed['state'], problem: string | null, files: number): TryFeed => ({
  ...{
    name: name.slice(0, IDENTIFIER_LENGTH_MAX),
    state,
    problem: problem?.slice(0, TRY_REASON_LENGTH_MAX) ?? null,
    files,
    filesLeft: 0,
  },
  ...{ stopped: { before: 0, after: 0 }, before: newCounts(), after: newCounts(), changes: { ...NO_CHANGES } },
  ...{ differences: {}, codes: {}, uncompared: 0, examples: [] },
});

/** `before` null: until now nothing was read in this folder. */
export async function replayFolder(
  { name, before, after }: FolderReading & { after: Reading },
  { files, left }: { files: RawFile[]; left: number },
  parts: ReplayParts,
): Promise<TryFeed> {
  const examples: TryExample[] = [];
  let file = '';
  const comparison = openComparison(TRY_DOCUMENTS_MAX, (changed) => {
    if (examples.length < TRY_EXAMPLES_MAX) examples.push(exampleOf(file, changed));
  });
  const stopped = { before: 0, after: 0 };
  const sides = [
    { reading: before, side: 'before', journal: previewJournal({ store: parts.store }) },
    { reading: after, side: 'after', journal: previewJournal({ store: parts.store }) },
  ] as const;
  let read = 0;
  for (const raw of files) {
    if (parts.isLate()) break;
    parts.say(`Folder ${name}: file ${read + 1} of ${files.length} is read once more.`);
    file = raw.name;
    for (const { reading, side, journal } of sides) {
      if (reading === null) continue;
      const { store, pseudonymKey, spillFolder } = parts;
      const source = createReadStream(raw.path);
      const options = { reading, store, source, fileName: raw.name, journal, pseudonymKey, spillFolder };
      const why = await replayFile({ ...options, onRead: comparison[side] });
      if (why !== null) stopped[side]++;
    }
    comparison.endFile();
    read++;
  }
  const told = comparison.told();
  return { ...untried(name, 'tried', null, read), ...told, filesLeft: left + files.length - read, stopped, examples };
}

function exampleOf(file: string, { change, before, after, differences }: ChangedDocument): TryExample {
  return {
    ...{ change, file: file.slice(0, 255), place: ((before ?? after)?.place ?? '').slice(0, TRY_REASON_LENGTH_MAX) },
    number: numberOf(before, after),
    code: change === 'set-aside' ? (after?.code ?? null) : null,
    reason: change === 'set-aside' ? (after?.reason?.slice(0, TRY_REASON_LENGTH_MAX) ?? null) : null,
    differences: differences.map((what) => ({
      what,
      from: wordsOf(what, before?.shown ?? [], false),
      to: wordsOf(what, after?.shown ?? [], true),
    })),
  };
}

/** As it is known now; what only a new reading takes for a number may be anything. */
function numberOf(before: ReadDocument | null, after: ReadDocument | null): string {
  const known = before?.number ?? '';
  return maskText(known === '' ? blurred(after?.number ?? '') : known).text.slice(0, IDENTIFIER_LENGTH_MAX);
}

/** `isNew`: under the reading that is tried. */
function wordsOf(what: Difference, shown: readonly Shown[], isNew: boolean): string {
  const words = shown.map((one) => wordOf(what, one, isNew)).filter((word) => word !== '');
  return maskText([...new Set(words)].join(', ')).text.slice(0, TRY_REASON_LENGTH_MAX);
}

function wordOf(what: Difference, shown: Shown, isNew: boolean): string {
  const { total, currency, lines, units } = shown;
  switch (what) {
    case 'total':
      return total === null || currency === null ? '' : `${amountText(total, currency)} ${currency}`;
    case 'lines':
      return `${lines} lines, ${formatQuantity(units)} units`;
    case 'number':
    case 'till':
      return isNew ? blurred(shown[what]) : shown[what];
    case 'date':
    case 'time':
    case 'kind':
      return shown[what];
    case 'other':
      return '';
  }
}
