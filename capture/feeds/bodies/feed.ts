// Feeds of JSON bodies: each value of the input is read by itself, and nothing in it is dropped in silence.
import type { TransactionInput } from '../../../protocol/local/transaction.ts';
import type { Feed, FeedContext, FeedDocument, FeedItem } from '../feed.ts';
import { asideItem } from '../figures.ts';
import type { FeedName } from '../settings.ts';
import { businessDay, instantOf } from '../times.ts';
import { Unreadable, unreadable, wordOf } from './fields.ts';
import { type BodyNode, isFields, readJson } from './node.ts';
import { jsonPieces } from './split.ts';

/** What came beside the body, at the door only. */
export type BodyTold = {
  /** "orders/paid": what the vendor says that the body is. */
  topic?: string | undefined;
};

export type BodyContext = FeedContext & BodyTold;
export type BodyLine = TransactionInput['lines'][number];

/** Items of one JSON object; may throw Unreadable for all of it. */
export type BodyReader = (node: BodyNode, context: BodyContext) => FeedItem[];

export function bodyFeed(name: FeedName, identifiers: readonly string[], read: BodyReader, told: BodyTold = {}): Feed {
  return {
    name,
    identifiers,
    async *read(source, context) {
      for await (const { text, nth } of jsonPieces(source)) {
        const place = `document ${nth}`;
        const json = readJson(text);
        if (!json.ok) yield asideItem(place, text, 'bad-row', json.reason);
        else if (!isFields(json.value)) yield asideItem(place, text, 'bad-row', NO_OBJECT);
        else {
          const node = { fields: json.value, raw: text };
          yield* safely(place, node, () => read(node, { ...context, ...told }));
        }
      }
    },
  };
}

const NO_OBJECT = 'It is no JSON object: let the relay post the object as the vendor sends it.';

/** What cannot be read is set aside, and the next one is read. */
export function safely(place: string, node: BodyNode, make: () => FeedItem[], receipt?: string): FeedItem[] {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return [asideItem(place, node.raw, error.code, error.message, receipt)];
  }
}

export const passed = (place: string, what: string): FeedItem => ({ kind: 'passed', place, what });

export const emptyList = (key: string): FeedItem => passed(key, `The list "${key}" is empty.`);

export const documentItem = (place: string, { raw }: BodyNode, document: FeedDocument): FeedItem => ({
  kind: 'document',
  place,
  raw,
  documents: [document],
});

/** A receipt with amounts needs a currency: where the body names none, the settings must. */
export function transactionItem(place: string, node: BodyNode, body: TransactionInput): FeedItem {
  const hasMoney = body.total !== undefined || body.lines.some((line) => line.amount !== undefined);
  if (hasMoney && body.currency === undefined) {
    return unreadable('currency', 'is missing, and there are amounts', 'name it in the settings, for example "EUR"');
  }
  return documentItem(place, node, { way: 'transactions', body });
}

/** What no rule knows is kept for a person: it may have moved goods. */
export const unknownItem = (place: string, node: BodyNode, what: string): FeedItem =>
  asideItem(place, node.raw, 'unknown-kind', what);

/** Set aside where the settings name another store; a document that names none is not compared. */
export function checkStore(location: string | undefined, field: string, { settings }: BodyContext): void {
  const { storeNumber } = settings;
  if (storeNumber === undefined || location === undefined || location === storeNumber) return;
  const fix = 'post it to the PC of that store, or mend storeNumber in the settings';
  unreadable(field, `is ${location}, and this journal is of store ${storeNumber}`, fix);
}

/** A list of several stores stays together until the settings say which of them this is. */
export function checkOneStore(elements: BodyNode[], field: string, { settings }: BodyContext): void {
  const stores = new Set(elements.flatMap(({ fields }) => wordOf(fields, field) ?? []));
  if (stores.size <= 1 || settings.storeNumber !== undefined) return;
  const named = [...stores].slice(0, 3).join(', ');
  unreadable(field, `names several stores (${named})`, 'say in the settings, as storeNumber, which is this one');
}

/** When it happened, and the trading day of that moment; the day is part of the document's identity. */
export function timesOf(
  value: unknown,
  field: string,
  { settings, timeZone }: BodyContext,
): { businessDate: string; occurred: string } {
  const read = instantOf(value, timeZone);
  if (!read.ok) return unreadable(field, read.problem, read.fix);
  const businessDate = businessDay(read.instant, timeZone, settings.dayStartsAt);
  return { businessDate, occurred: read.instant };
}

export const workstationOf = ({ settings }: BodyContext, own?: string | undefined): string =>
  own ?? settings.workstation ?? settings.feed;

/** Codes that the settings call no goods. */
export function markNotGoods(lines: BodyLine[], { settings }: BodyContext): BodyLine[] {
  const codes = new Set(settings.notGoods);
  return lines.map((line) => (codes.has(line.sku) ? { ...line, notGoods: true } : line));
}
