// The stock room: what the books of this store read, and why; and which article somebody types or scans.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { CATALOGUE_OUTCOMES } from '../../../core/catalogue.ts';
import { SEARCH_LENGTH_MAX, STOCK_PAGE_ROWS_MAX } from '../../../core/limits/goods.ts';
import { IDENTIFIER_LENGTH_MAX } from '../../../core/limits.ts';
import { AttributeName, AttributeValueSchema, PartySchema } from '../../catalogue.ts';
import { WaitingProposal } from '../../device/catalogue.ts';
import { ShelfStory } from '../exceptions.ts';

const Millis = z.int();
const Sku = z.string().min(1).max(IDENTIFIER_LENGTH_MAX);
const SearchText = z.string().max(SEARCH_LENGTH_MAX);

/** Name and GTIN as head office's catalogue has them, else as a till told them last. */
export const Article = z.strictObject({ sku: z.string(), name: z.string().nullable(), gtin: z.string().nullable() });
export type Article = z.infer<typeof Article>;

/** Thousandths. `known` is false until it was counted, received or loaded: then on-hand reads "not counted yet" (D28). */
export const Figures = z.strictObject({ onHand: z.int(), reserved: z.int(), known: z.boolean(), damaged: z.int() });
export type Figures = z.infer<typeof Figures>;

export const StockRow = z.strictObject({
  ...Article.shape,
  ...Figures.shape,
  /** Something in these figures is not confirmed by head office yet. */
  soFar: z.boolean(),
  /** Ordered for this store from other stores and not received yet. */
  coming: z.int(),
  /** Head office's catalogue does not have it; false also where there is no catalogue here. */
  unlisted: z.boolean(),
});
export type StockRow = z.infer<typeof StockRow>;

export const STOCK_ORDERS = ['sku', 'name', 'least', 'most'] as const;
export const StockQuery = z.strictObject({
  /** Parts of SKU, GTIN or name; all of the words must be in it. */
  text: SearchText,
  order: z.enum(STOCK_ORDERS),
  offset: z.int().nonnegative(),
  limit: z.int().positive().max(STOCK_PAGE_ROWS_MAX),
});
export type StockQuery = z.infer<typeof StockQuery>;
export const StockPage = z.strictObject({
  total: z.int(),
  rows: z.array(StockRow),
  /** Figures as head office had them then: this PC has not got the store's history yet. */
  asOfMs: Millis.optional(),
});
export type StockPage = z.infer<typeof StockPage>;

/** `exact`: the one that bears this SKU or GTIN. `rows`: those whose SKU, GTIN or name has all words, the first of them. */
export const ArticlesFound = z.strictObject({ exact: Article.nullable(), rows: z.array(Article) });
export type ArticlesFound = z.infer<typeof ArticlesFound>;

/** One shelf: as it reads now, as head office has confirmed it, when it was counted last, and why it reads so. */
export const ShelfCard = z.strictObject({
  row: StockRow,
  /** Null where head office has confirmed nothing of it. */
  confirmed: Figures.nullable(),
  lastCount: z.strictObject({ atMs: Millis, counted: z.int(), document: z.string() }).nullable(),
  story: ShelfStory,
  /** Figures as head office had them then, without why: this PC has not got the store's history yet. */
  asOfMs: Millis.optional(),
});
export type ShelfCard = z.infer<typeof ShelfCard>;

/** What head office's catalogue says of an article. `version`: what a proposal is based on. */
export const ProductValue = z.strictObject({
  attribute: z.string(),
  value: AttributeValueSchema,
  version: z.int(),
  decides: PartySchema,
});
export type ProductValue = z.infer<typeof ProductValue>;

/** `outcome`: what head office said of it; null while it has not heard of it. `sentence` in English. */
export const OwnProposal = z.strictObject({
  id: z.string(),
  sku: z.string(),
  attribute: z.string(),
  value: AttributeValueSchema,
  basedOn: z.int(),
  atMs: Millis,
  outcome: z.enum(CATALOGUE_OUTCOMES).nullable(),
  sentence: z.string().nullable(),
});
export type OwnProposal = z.infer<typeof OwnProposal>;

export const ProductCard = z.strictObject({
  /** Null where head office's catalogue does not have it. */
  values: z.array(ProductValue).nullable(),
  /** Of this store, newest first. */
  proposals: z.array(OwnProposal),
});
export type ProductCard = z.infer<typeof ProductCard>;

/** What another party proposes for an attribute that this store decides on; `name` of the article, where it has one. */
export const Proposed = z.strictObject({ ...WaitingProposal.shape, name: z.string().nullable() });
export type Proposed = z.infer<typeof Proposed>;

/** `basedOn`: the version that the person saw beside it. */
export const ProposalAnswer = z.strictObject({
  proposal: WaitingProposal.shape.id,
  accept: z.boolean(),
  basedOn: z.int().nonnegative(),
});
export type ProposalAnswer = z.infer<typeof ProposalAnswer>;

/** changed: somebody was first, or it is another value by now. unreached: head office hears no answer now. */
export const PROPOSAL_ANSWERED = ['done', 'changed', 'unreached'] as const;
export type ProposalAnswered = (typeof PROPOSAL_ANSWERED)[number];

/** The window mints the id: asked for twice it is proposed once. */
export const NewProposal = z.strictObject({
  id: z.string().regex(/^[0-9a-z-]{8,64}$/),
  sku: Sku,
  attribute: AttributeName,
  value: AttributeValueSchema,
  basedOn: z.int().nonnegative(),
});
export type NewProposal = z.infer<typeof NewProposal>;

export const stockContract = {
  /** Null where nothing is known of this SKU. */
  explain: oc.input(z.strictObject({ sku: Sku })).output(ShelfStory.nullable()),
  /** The shelves that have all these words, sorted. */
  list: oc.input(StockQuery).output(StockPage),
  shelf: oc.input(z.strictObject({ sku: Sku })).output(ShelfCard.nullable()),
  /** Null where no catalogue of head office is here. */
  product: oc.input(z.strictObject({ sku: Sku })).output(ProductCard.nullable()),
  /** Kept here until head office has heard of it. full: too many wait for its answer. */
  propose: oc.input(NewProposal).output(z.enum(['kept', 'full'])),
  /** What waits for an answer of this store, as head office last told it. */
  proposed: oc.output(z.array(Proposed)),
  answer: oc.input(ProposalAnswer).output(z.enum(PROPOSAL_ANSWERED)),
  /** What somebody types or scans. */
  find: oc.input(z.strictObject({ text: SearchText })).output(ArticlesFound),
};
