// The POSLog feed (ARTS/NRF IXRetail, versions 2 to 6): a document of any length, one transaction at a time.

import { POSLOG_TRANSACTION_LENGTH_MAX } from '../../../core/limits/feeds.ts';
import { ImportStopped } from '../../csv/source.ts';
import type { Feed, FeedContext, FeedItem } from '../feed.ts';
import { asideItem } from '../figures.ts';
import { decodedText } from './decode.ts';
import type { XmlElement } from './element.ts';
import { numberOf, workstationOf } from './head.ts';
import { createMemory, type Memory } from './memory.ts';
import { type Cut, createSplitter, type Splitter } from './split.ts';
import { outcomeOf } from './transaction.ts';

const IDENTIFIERS = [
  'ItemID',
  'POSItemID',
  'AlternateID',
  'ScannedItemID',
  'ScanData',
  'Item',
  'ItemNumber',
  'UPCNumber',
  'SerialNumber',
  'SequenceNumber',
  'LineItemSequenceNumber',
  'ReceiptNumber',
  'TransactionID',
  'RetailStoreID',
  'UnitID',
  'WorkstationID',
  'TillID',
  'OperatorID',
  'SerialFormID',
] as const;

export const poslog: Feed = { name: 'poslog', read, identifiers: IDENTIFIERS };

async function* read(source: AsyncIterable<Uint8Array>, context: FeedContext): AsyncGenerator<FeedItem> {
  const splitter = createSplitter();
  const memory = createMemory();
  for await (const piece of decodedText(source)) yield* step(splitter, context, memory, () => splitter.write(piece));
  yield* step(splitter, context, memory, () => splitter.end());
}

/** What stood before the place where a document breaks off is given first. */
function* step(splitter: Splitter, context: FeedContext, memory: Memory, parse: () => void): Generator<FeedItem> {
  let stopped: ImportStopped | null = null;
  try {
    parse();
  } catch (error) {
    if (!(error instanceof ImportStopped)) throw error;
    stopped = error;
  }
  for (const cut of splitter.take()) yield itemOf(cut, context, memory);
  if (stopped !== null) throw stopped;
}

function itemOf(cut: Cut, context: FeedContext, memory: Memory): FeedItem {
  if (cut.kind === 'namespace') {
    const what = `The document is in the namespace "${cut.uri.slice(0, 200)}", not in that of ARTS/NRF (http://www.nrf-arts.org/IXRetail/namespace/): it is read all the same, by the names of its elements.`;
    return { kind: 'passed', place: 'the document', what };
  }
  if (cut.kind === 'oversized') {
    const reason = `The transaction is larger than ${POSLOG_TRANSACTION_LENGTH_MAX} characters or has too many elements, and only its beginning is kept: leave out images and journals, or post its goods by hand.`;
    return asideItem(`transaction ${cut.index}`, cut.raw, 'too-large', reason);
  }
  const { index, element, raw } = cut;
  const place = placeOf(index, element, context);
  const outcome = outcomeOf(element, context, memory);
  switch (outcome.kind) {
    case 'documents':
      return { kind: 'document', place, raw, documents: outcome.documents };
    case 'passed':
      return { kind: 'passed', place, what: outcome.what };
    default:
      return asideItem(place, raw, outcome.code, outcome.reason, numberOf(element)?.slice(0, 64));
  }
}

function placeOf(index: number, element: XmlElement, context: FeedContext): string {
  const number = numberOf(element)?.slice(0, 64);
  if (number === undefined) return `transaction ${index}`;
  return `transaction ${index} (till ${workstationOf(element, context).slice(0, 64)}, number ${number})`;
}
