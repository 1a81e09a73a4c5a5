// Reads EPCIS in tests as the product does: bytes in pieces, items out.
import { epcis } from '../../capture/feeds/epcis/feed.ts';
import type { FeedContext, FeedDocument, FeedItem } from '../../capture/feeds/feed.ts';
import { FeedSettings } from '../../capture/feeds/settings.ts';
import { WAYS } from '../../capture/ways.ts';
import { memoryJournal } from './memory-journal.ts';

type Told = { feed?: Record<string, unknown>; epcis?: Record<string, unknown> };

export const contextOf = ({ feed = {}, epcis: own = {} }: Told = {}): FeedContext => ({
  settings: FeedSettings.parse({ feed: 'epcis', ...feed, epcis: own }),
  store: 'S001',
  timeZone: 'Europe/Berlin',
});

export async function* pieces(bytes: Uint8Array, size = bytes.length): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export async function readBytes(bytes: Uint8Array, context = contextOf(), size?: number): Promise<FeedItem[]> {
  const items: FeedItem[] = [];
  for await (const item of epcis.read(pieces(bytes, size), context)) items.push(item);
  return items;
}

export const readText = (text: string, told: Told = {}, size?: number): Promise<FeedItem[]> =>
  readBytes(Buffer.from(text), contextOf(told), size);

/** The one item that one event becomes. */
export async function readOne(
  event: unknown,
  epcisSettings: Record<string, unknown> = {},
  feed = {},
): Promise<FeedItem> {
  const [item, ...others] = await readText(JSON.stringify(event), { epcis: epcisSettings, feed });
  if (item === undefined || others.length > 0) throw new Error('one event is one item');
  return item;
}

export function documentIn(item: FeedItem | undefined): FeedDocument {
  if (item?.kind !== 'document') throw new Error(`no document but ${JSON.stringify(item)}`);
  return item.documents[0];
}

export function reasonIn(item: FeedItem | undefined): string {
  if (item?.kind !== 'aside') throw new Error(`not set aside but ${JSON.stringify(item)}`);
  return item.reason;
}

/** What the pipeline makes of it: null, or why it is no fact. */
export async function refusal(document: FeedDocument): Promise<string | null> {
  const context = { store: 'S001', feed: 'epcis:main', pseudonymKey: new Uint8Array(32) };
  const prepared = await WAYS[document.way].prepare(document.body, context, memoryJournal());
  return prepared.ok ? null : JSON.stringify(prepared);
}

export const STORE = 'urn:epc:id:sgln:0012345.11111.0';
export const OTHER_STORE = 'urn:epc:id:sgln:4012345.00225.0';
export const ITEM = '10614141073464';
export const epc = (serial: string): string => `urn:epc:id:sgtin:0614141.107346.${serial}`;

/** Receiving of two instances of one article, listed thrice. */
export const event = (fields: Record<string, unknown> = {}) => ({
  type: 'ObjectEvent',
  eventTime: '2026-11-21T09:15:00.123456789Z',
  eventTimeZoneOffset: '+01:00',
  eventID: 'urn:uuid:374D95fc-9457-4a51-bd6a-0bba133845a8',
  epcList: [epc('1'), epc('2'), epc('2')],
  action: 'OBSERVE',
  bizStep: 'receiving',
  bizLocation: { id: STORE },
  ...fields,
});

/** What was read before it stopped, and why it stopped. */
export async function outcomeOf(bytes: Uint8Array): Promise<{ items: FeedItem[]; stopped: string | null }> {
  const items: FeedItem[] = [];
  const source = (async function* () {
    yield bytes;
  })();
  try {
    for await (const item of epcis.read(source, contextOf())) items.push(item);
    return { items, stopped: null };
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ImportStopped') throw error;
    return { items, stopped: error.message };
  }
}
