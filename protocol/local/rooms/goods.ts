// The goods room: what comes from other stores and suppliers, what goes to other stores, what is damaged or wasted.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { GOODS_KINDS } from '../../../core/goods.ts';
import { GOODS_DOCUMENTS_MAX, TRANSFER_LINES_SHOWN_MAX, TRANSFERS_SHOWN_MAX } from '../../../core/limits/goods.ts';
import { STORES_MAX } from '../../../core/limits/positions.ts';
import { IDENTIFIER_LENGTH_MAX, LINES_MAX, NATURAL_KEY_LENGTH_MAX, TEXT_LENGTH_MAX } from '../../../core/limits.ts';

const Millis = z.int();
const Typed = z.string().max(TEXT_LENGTH_MAX);
const Sku = z.string().min(1).max(IDENTIFIER_LENGTH_MAX);
const Key = z.string().min(1).max(NATURAL_KEY_LENGTH_MAX);

export const GoodsKind = z.enum(GOODS_KINDS);

/** One article of a document as it is typed: quantities are text until the document is handed over. */
export const GoodsLine = z.strictObject({
  sku: Sku,
  /** As tills told it last; what a window sends of it is not kept. */
  name: z.string().max(TEXT_LENGTH_MAX).nullable(),
  /** Thousandths that the order announced; null where none did. */
  expected: z.int().nullable(),
  quantity: Typed,
  /** Of goods that arrive: how many came damaged, beside the good ones. */
  damaged: Typed,
});
export type GoodsLine = z.infer<typeof GoodsLine>;

export const GoodsContent = z.strictObject({
  kind: GoodsKind,
  /** The other store, or the supplier. */
  counterparty: Typed,
  transfer: Typed,
  /** The supplier's delivery note. */
  note: Typed,
  order: Typed,
  reason: Typed,
  lines: z.array(GoodsLine).max(LINES_MAX),
});
export type GoodsContent = z.infer<typeof GoodsContent>;

/** A document of goods that somebody began: its number is minted once, so that it can be handed over only once (L1). */
export const GoodsDraft = z.strictObject({
  id: z.string(),
  /** Number that it will have, unless the delivery note gives it one. */
  number: z.string(),
  version: z.int(),
  beganMs: Millis,
  changedMs: Millis,
  content: GoodsContent,
});
export type GoodsDraft = z.infer<typeof GoodsDraft>;

export const GoodsDocument = z.strictObject({
  key: z.string(),
  kind: GoodsKind,
  number: z.string(),
  workstation: z.string(),
  atMs: Millis,
  lines: z.int(),
  counterparty: z.string().nullable(),
  transfer: z.string().nullable(),
  order: z.string().nullable(),
  /** Number of the document that takes it back. */
  takenBackBy: z.string().nullable(),
});
export type GoodsDocument = z.infer<typeof GoodsDocument>;

/** Thousandths; `moved` is what this store received or sent of it so far. */
const TransferLine = z.strictObject({
  sku: z.string(),
  name: z.string().nullable(),
  ordered: z.int(),
  moved: z.int(),
});
export type TransferLine = z.infer<typeof TransferLine>;

/** open: nothing was moved yet. partly: less than ordered of some article. */
export const TRANSFER_STATES = ['open', 'partly', 'done'] as const;
export const TransferView = z.strictObject({
  transfer: z.string(),
  way: z.enum(['in', 'out']),
  other: z.string(),
  orderedMs: Millis,
  state: z.enum(TRANSFER_STATES),
  /** Articles of it, and those of which less was moved than ordered. */
  articles: z.int(),
  left: z.int(),
  /** The first of them, what is left before what is done. */
  lines: z.array(TransferLine).max(TRANSFER_LINES_SHOWN_MAX),
  documents: z.array(z.string()),
});
export type TransferView = z.infer<typeof TransferView>;

export const GoodsList = z.strictObject({
  /** Newest first. */
  transfers: z.array(TransferView).max(TRANSFERS_SHOWN_MAX),
  drafts: z.array(GoodsDraft.omit({ content: true }).extend({ kind: GoodsKind, about: z.string(), lines: z.int() })),
  documents: z.array(GoodsDocument).max(GOODS_DOCUMENTS_MAX),
});
export type GoodsList = z.infer<typeof GoodsList>;

/** What lacks in a document before it can be kept; `line` counts from 1 and is 0 where it is no line's matter. */
export const GOODS_PROBLEMS = [
  'no-lines',
  'no-counterparty',
  'no-transfer',
  'no-reason',
  'bad-quantity',
  'bad-damaged',
  'bad-text',
  'own-store',
  'too-many-lines',
] as const;
export const GoodsProblem = z.strictObject({ problem: z.enum(GOODS_PROBLEMS), line: z.int(), sku: z.string() });
export type GoodsProblem = z.infer<typeof GoodsProblem>;

export const GoodsKept = z.discriminatedUnion('result', [
  /** `was`: it was kept before, as it was then; asking again changes nothing. Thousandths. */
  z.strictObject({ result: z.literal('kept'), number: z.string(), key: z.string(), was: z.boolean() }),
  z.strictObject({ result: z.literal('incomplete'), problems: z.array(GoodsProblem) }),
  /** A document with this delivery note is there already. */
  z.strictObject({ result: z.literal('note-used'), earlier: z.array(GoodsDocument) }),
  /** Nobody knows of this draft any more. */
  z.strictObject({ result: z.literal('gone') }),
  z.strictObject({ result: z.literal('not-kept'), sentence: z.string() }),
]);
export type GoodsKept = z.infer<typeof GoodsKept>;

/** stale: somebody changed it elsewhere, and that is what is kept. kept: it has become a document meanwhile. */
export const GoodsSaved = z.discriminatedUnion('result', [
  z.strictObject({ result: z.literal('saved'), version: z.int() }),
  z.strictObject({ result: z.literal('stale'), draft: GoodsDraft }),
  z.strictObject({ result: z.literal('kept'), number: z.string() }),
  z.strictObject({ result: z.literal('gone') }),
]);
export type GoodsSaved = z.infer<typeof GoodsSaved>;

export const TakenBack = z.discriminatedUnion('result', [
  z.strictObject({ result: z.enum(['taken-back', 'already']), number: z.string() }),
  z.strictObject({ result: z.enum(['too-old', 'no-such-document']) }),
  z.strictObject({ result: z.literal('not-kept'), sentence: z.string() }),
]);
export type TakenBack = z.infer<typeof TakenBack>;

/** A store of the chain, as head office names it. */
export const StoreName = z.strictObject({ store: z.string(), name: z.string() });
export type StoreName = z.infer<typeof StoreName>;
export const StoreNames = z.array(StoreName).max(STORES_MAX);

const Id = z.strictObject({ id: z.string().min(1).max(IDENTIFIER_LENGTH_MAX) });

export const goodsContract = {
  list: oc.output(GoodsList),
  /** Begins a document, or gives the one that was begun for this transfer; null where too many are begun. */
  begin: oc
    .input(z.strictObject({ kind: GoodsKind, transfer: z.string().max(IDENTIFIER_LENGTH_MAX).optional() }))
    .output(GoodsDraft.nullable()),
  draft: oc.input(Id).output(GoodsDraft.nullable()),
  /** Keeps what is typed so far. `version`: that of the draft which it was typed into. */
  save: oc.input(Id.extend({ version: z.int(), content: GoodsContent })).output(GoodsSaved),
  /** What was typed is thrown away; false where it has become a document. */
  drop: oc.input(Id).output(z.boolean()),
  /** Hands it over. `another`: it is another delivery although its delivery note has the number of an earlier one. */
  keep: oc.input(Id.extend({ another: z.boolean() })).output(GoodsKept),
  /** Documents of goods received that bear this number of a delivery note. */
  earlier: oc.input(z.strictObject({ note: Typed })).output(z.array(GoodsDocument)),
  /** The other stores, as far as they are known here. */
  stores: oc.output(StoreNames),
  /** Takes an own document back, as if it had never been (R21). */
  takeBack: oc.input(z.strictObject({ key: Key })).output(TakenBack),
};
