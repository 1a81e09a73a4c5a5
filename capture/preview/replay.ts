// Reads a file once more as it would be read, and says of each document what would come of it; nothing is kept.

import { canonicalJson } from '../../core/canonical.ts';
import type { Captured } from '../../core/captured.ts';
import type { ReadDocument, Shown } from '../../core/dry-run/documents.ts';
import { showFact } from '../../core/dry-run/documents.ts';
import { contentHash, documentNumber, naturalKey } from '../../core/fact.ts';
import { sha256 } from '../../protocol/sha256.ts';
import { importCsv, type SettledDocument } from '../csv/import.ts';
import { type Bytes, ImportStopped } from '../csv/source.ts';
import { runFeed, type Settled } from '../feeds/import.ts';
import type { CaptureJournal } from '../ports.ts';
import type { Reading } from '../reading.ts';
import { withoutCells } from './blur.ts';

export type ReplayOptions = {
  reading: Reading;
  store: string;
  source: Bytes;
  fileName: string;
  /** One for all files of a drop folder, as `previewJournal` makes it: what comes twice is a duplicate here too. */
  journal: CaptureJournal;
  /** The same for both readings, else customers would differ. */
  pseudonymKey: Uint8Array;
  spillFolder: string | null;
  onRead(read: ReadDocument): void;
};

/** Why the file could not be read to its end; null where it was. What stands before is told all the same. */
export async function replayFile(options: ReplayOptions): Promise<string | null> {
  try {
    return await (options.reading.kind === 'feed' ? replayFeed(options) : replayCsv(options));
  } catch (error) {
    if (error instanceof ImportStopped) return withoutCells(error.message, textOf(options.reading));
    throw error;
  }
}

const textOf = (reading: Reading): string =>
  JSON.stringify(reading.kind === 'mapping' ? reading.mapping : reading.settings);

async function replayFeed({ reading, store, onRead, ...rest }: ReplayOptions): Promise<string | null> {
  if (reading.kind !== 'feed') return null;
  const { feed, settings } = reading;
  const known = textOf(reading);
  const { stopped } = await runFeed({
    ...{ ...rest, feed, settings, store },
    onSettled: async (settled) => onRead(ofFeed(store, settled, known)),
  });
  return stopped === null ? null : withoutCells(stopped.message, known);
}

function ofFeed(store: string, { plan, verdict }: Settled, known: string): ReadDocument {
  const { place } = plan.item;
  const number = plan.item.kind === 'aside' ? (plan.item.receipt ?? '') : numberOf(plan.facts);
  return documentOf({ store, place, number, facts: plan.facts, verdict }, known);
}

async function replayCsv({ reading, store, onRead, ...rest }: ReplayOptions): Promise<string | null> {
  if (reading.kind !== 'mapping') return null;
  const known = textOf(reading);
  let partOf = '';
  await importCsv({
    ...{ ...rest, mapping: reading.mapping, store },
    async onSettled({ receipt, rows, facts, verdict }: SettledDocument) {
      // A receipt that is too large for one item is set aside in parts.
      const part =
        facts.length === 0 && receipt !== '' && verdict.kind === 'aside' ? `${receipt} ${verdict.reason}` : '';
      if (part !== '' && part === partOf) return;
      partOf = part;
      const place = `line ${rows.reduce((first, { line }) => Math.min(first, line), rows[0]?.line ?? 0)}`;
      onRead(documentOf({ store, place, number: receipt, facts, verdict }, known));
    },
  });
  return null;
}

/** Of a digest: enough to tell two documents of one file apart. */
const HASH_DIGITS = 32;

type Found = {
  store: string;
  place: string;
  number: string;
  facts: Captured[];
  verdict: Settled['verdict'];
};

function documentOf({ store, place, number, facts, verdict }: Found, known: string): ReadDocument {
  if (verdict.kind === 'aside') {
    const reason = withoutCells(verdict.reason, known);
    return { place, number, outcome: 'set-aside', shown: [], bytes: 0, code: verdict.code, reason };
  }
  if (verdict.kind === 'passed') return { place, number, outcome: 'passed', shown: [], bytes: 0 };
  let bytes = 0;
  const shown = facts.map(({ content }): Shown => {
    bytes += Buffer.byteLength(canonicalJson({ key: naturalKey(store, content), content }));
    return showFact(content, contentHash(sha256, content).slice(0, HASH_DIGITS));
  });
  return { place, number, outcome: verdict.kind, shown, bytes };
}

function numberOf(facts: readonly Captured[]): string {
  const [first] = facts;
  return first === undefined ? '' : documentNumber(first.content);
}
