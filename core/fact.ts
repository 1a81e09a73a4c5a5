// What a store tells: a fact is one whole receipt, movement document, stocktake part or decision (D1).
import { canonicalJson } from './canonical.ts';
import type { Interval } from './clock.ts';
import { type Hash, hex, utf8 } from './hash.ts';
import type { Hlc } from './hlc.ts';

export const TRANSACTION_KINDS = ['sale', 'return', 'void'] as const;
export const MOVEMENT_KINDS = [
  'goods-received',
  'adjustment',
  'transfer-sent',
  'transfer-received',
  'reservation-collected',
] as const;
/** Facts that are neither a receipt nor a movement. */
export const OTHER_KINDS = ['stocktake', 'reversal', 'exception-decided', 'day-closed'] as const;
export const FACT_KINDS = [...TRANSACTION_KINDS, ...MOVEMENT_KINDS, ...OTHER_KINDS] as const;
export type TransactionKind = (typeof TRANSACTION_KINDS)[number];
export type MovementKind = (typeof MOVEMENT_KINDS)[number];
export type FactKind = (typeof FACT_KINDS)[number];

/** What becomes of goods that came back. */
export const DISPOSITIONS = ['resell', 'damaged', 'to-vendor'] as const;
export type Disposition = (typeof DISPOSITIONS)[number];

/** Names a receipt wherever it was sold; `store` is absent for the own store. */
export type ReceiptRef = {
  store?: string | undefined;
  workstation?: string | undefined;
  businessDate?: string | undefined;
  receipt: string;
  /** Line of that receipt, from 1. */
  line?: number | undefined;
};

export type TransactionLine = {
  sku: string;
  gtin?: string | undefined;
  description?: string | undefined;
  /** Thousandths, never zero. Positive follows the kind (a sale hands out, a return or void takes back); negative is the exchange. */
  quantity: number;
  /** Minor units of the receipt's currency, for the whole line. */
  amount?: number | undefined;
  /** Ten-thousandths of the currency's unit: fuel and small parts are priced below a cent. */
  unitPriceE4?: number | undefined;
  /** True where the line is a service, postage, voucher or fee: it is money, not stock. */
  notGoods?: boolean | undefined;
  /** Of goods that come back; absent is resell. */
  disposition?: Disposition | undefined;
  /** The sold line that a return refers to. */
  original?: ReceiptRef | undefined;
};

export type Tender = { type: string; amount: number };

export type TransactionContent = {
  kind: TransactionKind;
  workstation: string;
  receipt: string;
  /** YYYY-MM-DD, the till's trading day; never recomputed. */
  businessDate: string;
  /** The till's time, ISO 8601 with offset, as the till knew it. */
  occurred: string;
  /** ISO 4217. */
  currency?: string | undefined;
  lines: TransactionLine[];
  tenders?: Tender[] | undefined;
  /** Minor units, what the customer paid (a return: was paid back, negative). */
  total?: number | undefined;
  /** Keyed hash of the till's customer reference; the reference itself is never kept. */
  customer?: string | undefined;
  operator?: string | undefined;
  /** The receipt that a void takes back. */
  voids?: ReceiptRef | undefined;
};

export type MovementLine = {
  sku: string;
  gtin?: string | undefined;
  description?: string | undefined;
  /** Thousandths, never zero; only an adjustment may be negative. */
  quantity: number;
  /** Of goods received: they came damaged and do not go to the shelf. */
  disposition?: 'damaged' | undefined;
  /** Thousandths that the order or the sender announced; what differs is told. */
  expected?: number | undefined;
};

export type MovementContent = {
  kind: MovementKind;
  workstation: string;
  /** Number of the delivery note, transfer order or adjustment sheet. */
  document: string;
  businessDate: string;
  occurred: string;
  lines: MovementLine[];
  reason?: string | undefined;
  /** The supplier or the other store. */
  counterparty?: string | undefined;
  /** The transfer that both stores name. */
  transfer?: string | undefined;
  /** The purchase order that goods are received against. */
  order?: string | undefined;
  /** The reservation that a customer collected. */
  reservation?: string | undefined;
};

export type StocktakeLine = {
  sku: string;
  gtin?: string | undefined;
  description?: string | undefined;
  /** Thousandths found on the shelf, reserved units included; never negative. Several counters' parts are added up. */
  counted: number;
  /** Till time at which this line was counted; the document's time where absent. */
  occurred?: string | undefined;
};

/** One part of a stocktake; a SKU is in exactly one part, and what is not listed was not counted (D6, R9). */
export type StocktakeContent = {
  kind: 'stocktake';
  workstation: string;
  document: string;
  businessDate: string;
  occurred: string;
  /** When counting began, till time: a directive applied later was not known to the counter. */
  begun: string;
  /** Names all parts of one stocktake. */
  stocktake: string;
  lines: StocktakeLine[];
  reason?: string | undefined;
};

/** Takes back an own movement document or count that was entered wrongly, as if it had never been (R21). */
export type ReversalContent = {
  kind: 'reversal';
  workstation: string;
  document: string;
  businessDate: string;
  occurred: string;
  /** Natural key of what is taken back. */
  reverses: string;
  /** What was taken back, word for word, so that every side reverses the same. */
  original: {
    content: MovementContent | StocktakeContent;
    lo: number | null;
    hi: number;
    frame: number;
    frameStart: number;
  };
  reason?: string | undefined;
};

/** The store decided something that was asked of a person (R18). */
export type ExceptionDecidedContent = {
  kind: 'exception-decided';
  workstation: string;
  document: string;
  businessDate: string;
  occurred: string;
  exception: string;
  option: string;
  note?: string | undefined;
};

/** A stretch of the agent's clock, and when it began. */
export type LineFrame = { frame: number; frameStart: number };

/** The Z report of a till: what it says it did that day, to be compared with what was captured. */
export type DayClosedContent = {
  kind: 'day-closed';
  workstation: string;
  /** Number of the Z report. */
  document: string;
  businessDate: string;
  occurred: string;
  receipts?: number | undefined;
  /** Minor units; returns and voids are positive here. */
  sales?: number | undefined;
  returns?: number | undefined;
  voids?: number | undefined;
  currency?: string | undefined;
  firstReceipt?: string | undefined;
  lastReceipt?: string | undefined;
};

export type FactContent =
  | TransactionContent
  | MovementContent
  | StocktakeContent
  | ReversalContent
  | ExceptionDecidedContent
  | DayClosedContent;

/** What the journal keeps: the content and what can't be known later (D7). */
export type Fact = {
  /** Version of this shape. */
  v: 1;
  store: string;
  /** Natural key, the identity of the till's document for ever, over all epochs and feeds (D3). */
  key: string;
  content: FactContent;
  /** The way it came in. */
  feed: string;
  recorded: Hlc;
  /** Agent's wall clock at capture, where `recorded` runs ahead of it: after a clock that was wrong, for years perhaps. */
  wallMs?: number | undefined;
  /** Interval in agent time, frozen at capture; lo null is minus infinity (R6). */
  lo: Interval['lo'];
  hi: Interval['hi'];
  frame: number;
  frameStart: number;
  /** Milliseconds the till's clock was behind ours, and the bound of that; absent where unmeasured. */
  skewMs?: number | undefined;
  skewBoundMs?: number | undefined;
  /** Last directive the store had applied. */
  seen: number;
  /** Of a count: the last directive applied when counting began (H6 of the law). */
  known?: number | undefined;
  /** Of a stocktake whose lines have times of their own: the interval of each line. */
  lineIntervals?: Interval[] | undefined;
  /** Of a count that took longer than a stretch of the agent's clock: in which one each line was counted (R6). */
  lineFrames?: LineFrame[] | undefined;
  /** Configuration revision it was captured under. */
  revision: number;
  /** W3C traceparent. */
  trace?: string | undefined;
};

/** When it was captured, in the agent time of its interval. */
export const capturedMs = ({ recorded, wallMs }: Pick<Fact, 'recorded' | 'wallMs'>): number => wallMs ?? recorded.ms;

export const isTransaction = (content: FactContent): content is TransactionContent => 'receipt' in content;
export const isMovement = (content: FactContent): content is MovementContent =>
  (MOVEMENT_KINDS as readonly string[]).includes(content.kind);

/** SKUs of a document, once for each line; those of a reversal are what it takes back. */
export function lineSkus(content: FactContent): string[] {
  if (content.kind === 'reversal') return lineSkus(content.original.content);
  return 'lines' in content ? content.lines.map(({ sku }) => sku) : [];
}

/** The number a person would look for: of the receipt, or of the movement document. */
export const documentNumber = (content: FactContent): string =>
  isTransaction(content) ? content.receipt : content.document;

/** Identifiers cannot hold the separator, so the key is unambiguous. */
export function naturalKey(store: string, content: FactContent): string {
  return [store, content.workstation, content.businessDate, documentNumber(content), content.kind].join('|');
}

/** What a natural key says of its document. */
export function readNaturalKey(key: string): {
  workstation: string;
  businessDate: string;
  number: string;
  kind: string;
} {
  const [, workstation = '', businessDate = '', number = '', kind = ''] = key.split('|');
  return { workstation, businessDate, number, kind };
}

/** Key of a receipt that another document of this store names; what it leaves out is as in the document. */
export function receiptKeys(
  store: string,
  named: ReceiptRef,
  by: { workstation: string; businessDate: string },
): string[] {
  const workstation = named.workstation ?? by.workstation;
  const businessDate = named.businessDate ?? by.businessDate;
  return ['sale', 'return'].map((kind) => [store, workstation, businessDate, named.receipt, kind].join('|'));
}

/** Digest by which "the same body" is judged (L1): the content only, never when or how it arrived. 64 hex digits. */
export const contentHash = (hash: Hash, content: FactContent): string => hex(hash(utf8(canonicalJson(content))));

export const factBytes = (fact: Fact): Uint8Array => utf8(canonicalJson(fact));
