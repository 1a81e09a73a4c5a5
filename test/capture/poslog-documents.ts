// POSLog documents for tests, and what the feed reads out of them.
import type { Feed, FeedContext, FeedItem } from '../../capture/feeds/feed.ts';
import { poslog } from '../../capture/feeds/poslog/feed.ts';
import { FeedSettings } from '../../capture/feeds/settings.ts';
import { WAYS } from '../../capture/ways.ts';
import type { FactContent } from '../../core/fact.ts';
import { memoryJournal } from './memory-journal.ts';

export const NRF = 'http://www.nrf-arts.org/IXRetail/namespace/';

type Settings = Partial<Omit<FeedSettings, 'feed'>>;
export const contextOf = (settings: Settings = {}): FeedContext => ({
  settings: FeedSettings.parse({ feed: 'poslog', ...settings }),
  store: 'S001',
  timeZone: 'Europe/Berlin',
});

/** A document of transactions in the namespace of ARTS/NRF. */
export const documentOf = (...transactions: string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<POSLog xmlns="${NRF}">${transactions.join('\n')}</POSLog>`;

export type Sold = { attributes?: string; inner?: string; retail?: string; number?: string | number; head?: string };

/** A Transaction around a RetailTransaction; `inner` holds its lines and totals. */
export const retail = ({ attributes = '', inner = '', retail = '', number = 1, head = '' }: Sold): string =>
  `<Transaction ${attributes}><RetailStoreID>9</RetailStoreID><WorkstationID>34</WorkstationID><SequenceNumber>${number}</SequenceNumber><BusinessDayDate>2026-11-20</BusinessDayDate><BeginDateTime>2026-11-20T10:14:00</BeginDateTime><EndDateTime>2026-11-20T10:15:00</EndDateTime><OperatorID OperatorName="Cashier">7</OperatorID><CurrencyCode>EUR</CurrencyCode>${head}<RetailTransaction Version="2.1" ${retail}>${inner}</RetailTransaction></Transaction>`;

export type LineXml = {
  name?: string;
  number?: number;
  flags?: string;
  sku?: string;
  quantity?: string | number | null;
  amount?: string | number;
  price?: string;
  type?: string;
  more?: string;
};

export const line = (given: LineXml = {}): string => {
  const {
    name = 'Sale',
    number = 1,
    flags = '',
    sku = 'A',
    quantity = 1,
    amount,
    price,
    type = 'Stock',
    more = '',
  } = given;
  const parts = [
    price === undefined ? '' : `<ActualSalesUnitPrice>${price}</ActualSalesUnitPrice>`,
    amount === undefined ? '' : `<ExtendedAmount>${amount}</ExtendedAmount>`,
    quantity === null ? '' : `<Quantity>${quantity}</Quantity>`,
  ];
  return `<LineItem ${flags}><SequenceNumber>${number}</SequenceNumber><${name} ItemType="${type}"><ItemID>${sku}</ItemID>${parts.join('')}${more}</${name}></LineItem>`;
};

export const tender = (amount: string | number, { type = 'Cash', code = 'Sale', flags = '', more = '' } = {}): string =>
  `<LineItem ${flags}><SequenceNumber>90</SequenceNumber><Tender TenderType="${type}" TypeCode="${code}"><Amount>${amount}</Amount>${more}</Tender></LineItem>`;

export const grand = (amount: string | number): string => `<Total TotalType="TransactionGrandAmount">${amount}</Total>`;

export const link = (number: number | string, reason: string, more = ''): string =>
  `<TransactionLink ReasonCode="${reason}"><RetailStoreID>9</RetailStoreID><WorkstationID>34</WorkstationID><SequenceNumber>${number}</SequenceNumber>${more}</TransactionLink>`;

/** In pieces of at most `size` bytes. */
export async function* bytesOf(document: string | Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  const bytes = typeof document === 'string' ? Buffer.from(document) : document;
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Everything that was read, and the sentence with which it stopped. */
export async function readAll(source: AsyncIterable<Uint8Array>, context = contextOf(), feed: Feed = poslog) {
  const items: FeedItem[] = [];
  try {
    for await (const item of feed.read(source, context)) items.push(item);
    return { items, stopped: null };
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ImportStopped') throw error;
    return { items, stopped: error.message };
  }
}

export const itemsOf = async (document: string, settings: Settings = {}): Promise<FeedItem[]> => {
  const { items, stopped } = await readAll(bytesOf(document), contextOf(settings));
  if (stopped !== null) throw new Error(stopped);
  return items;
};

/** Nothing of these documents asks it anything. */
const JOURNAL = memoryJournal();

/** The contents of the facts that an item becomes; throws where it is none or would be refused. */
export async function factsOf(item: FeedItem | undefined): Promise<FactContent[]> {
  if (item?.kind !== 'document') throw new Error(`no document: ${JSON.stringify(item)}`);
  const contents: FactContent[] = [];
  const context = { store: 'S001', feed: 'poslog:main', pseudonymKey: Buffer.alloc(32, 1) };
  for (const { way, body } of item.documents) {
    const prepared = await WAYS[way].prepare(body, context, JOURNAL);
    if (!prepared.ok) throw new Error(JSON.stringify(prepared));
    contents.push(...prepared.captures.map(({ content }) => content));
  }
  return contents;
}

/** The one fact of the last transaction of a document. */
export async function factOf(document: string, settings: Settings = {}): Promise<FactContent> {
  const facts = await factsOf((await itemsOf(document, settings)).at(-1));
  const [fact] = facts;
  if (fact === undefined || facts.length !== 1) throw new Error(`${facts.length} facts`);
  return fact;
}

/** What a person would be told of the last transaction: why it is set aside or passed. */
export async function toldOf(document: string, settings: Settings = {}): Promise<string> {
  const item = (await itemsOf(document, settings)).at(-1);
  if (item?.kind === 'aside') return `${item.code}: ${item.reason}`;
  return item?.kind === 'passed' ? `passed: ${item.what}` : `document: ${JSON.stringify(item)}`;
}
