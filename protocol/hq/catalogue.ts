// Products, their attributes, owners and proposals: as central's API takes and tells them.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { CATALOGUE_OUTCOMES } from '../../core/catalogue.ts';
import { IMPORT_PRODUCTS_MAX, PRODUCT_ATTRIBUTES_MAX } from '../../core/limits/catalogue.ts';
import { SEARCH_LENGTH_MAX } from '../../core/limits/goods.ts';
import { PAGE_ROWS_MAX } from '../../core/limits.ts';
import { AttributeName, AttributeValueSchema, PartySchema } from '../catalogue.ts';
import { Identifier, Text } from '../fact.ts';
import { IdempotencyKey } from '../local/capture.ts';

const Millis = z.int().nonnegative();
const Version = z.int().nonnegative();
const Limit = z.coerce.number().int().positive().max(PAGE_ROWS_MAX).default(PAGE_ROWS_MAX);

const AttributeRow = z.strictObject({
  value: AttributeValueSchema,
  version: Version.meta({ description: 'How often it was changed: an edit names the one that it is based on' }),
  owner: PartySchema.meta({ description: 'Whose edits count; those of all others are proposals' }),
});

export const ProductRow = z
  .strictObject({ sku: z.string(), attributes: z.record(z.string(), AttributeRow) })
  .meta({ id: 'Product' });
export type ProductRow = z.infer<typeof ProductRow>;

export const ProductPage = z
  .strictObject({
    version: Version.meta({ description: 'Of the whole catalogue: it grows with each change' }),
    products: z.int().meta({ description: 'How many there are in all' }),
    rows: z.array(ProductRow),
    next: z.string().nullable().meta({ description: 'Page on with it as "after"' }),
  })
  .meta({ id: 'ProductPage' });
export type ProductPage = z.infer<typeof ProductPage>;

export const ProductValues = z.strictObject({
  sku: Identifier,
  values: z
    .record(AttributeName, AttributeValueSchema)
    .refine((values) => Object.keys(values).length <= PRODUCT_ATTRIBUTES_MAX, {
      error: `a product has at most ${PRODUCT_ATTRIBUTES_MAX} attributes`,
    })
    .meta({ description: 'What is not named stays as it is; null takes a value away; prices in minor units' }),
});
export type ProductValues = z.infer<typeof ProductValues>;

export const ImportRequest = z.strictObject({
  products: z.array(ProductValues).min(1).max(IMPORT_PRODUCTS_MAX),
  look: z.boolean().meta({ description: 'Only say what would come of it; nothing is changed' }),
  source: Text.optional().meta({ description: 'Where they come from, for the audit log: the name of a file' }),
});
export type ImportRequest = z.infer<typeof ImportRequest>;

const Count = z.int().nonnegative();

export const ImportAnswer = z
  .strictObject({
    version: Version.meta({ description: 'Of the catalogue afterwards; the same as before where nothing changed' }),
    fresh: Count.meta({ description: 'Products that were not in the catalogue' }),
    changed: Count.meta({ description: 'Products of which something changed' }),
    same: Count.meta({ description: 'Products that are as the request has them' }),
    proposed: Count.meta({ description: 'Values that others own: proposed to them, or waiting for them already' }),
    rejected: Count.meta({ description: 'Values that others own and have rejected before: they stay as they are' }),
    refused: z
      .array(z.strictObject({ sku: z.string(), sentence: z.string() }))
      .meta({ description: 'Values that cannot be taken; all others are' }),
  })
  .meta({ id: 'CatalogueImport' });
export type ImportAnswer = z.infer<typeof ImportAnswer>;

export const EntryAnswer = z
  .strictObject({
    id: z.string(),
    outcome: z.enum(CATALOGUE_OUTCOMES),
    version: Version.nullable().meta({ description: 'Of the attribute behind it' }),
    sentence: z.string(),
  })
  .meta({ id: 'CatalogueOutcome' });
export type EntryAnswer = z.infer<typeof EntryAnswer>;

export const ProposalRow = z
  .strictObject({
    id: z.string(),
    by: PartySchema,
    owner: PartySchema.meta({ description: 'Who decides' }),
    sku: z.string(),
    attribute: z.string(),
    value: AttributeValueSchema,
    basedOn: Version,
    now: AttributeValueSchema.meta({ description: 'What is there now' }),
    version: Version.meta({ description: 'Of what is there now: an answer is based on it' }),
    name: z.string().nullable().meta({ description: 'Of the product, where it has one' }),
    atMs: Millis,
  })
  .meta({ id: 'Proposal' });
export type ProposalRow = z.infer<typeof ProposalRow>;

export const ProposalPage = z.strictObject({ rows: z.array(ProposalRow), next: z.int().nullable() });
export type ProposalPage = z.infer<typeof ProposalPage>;

export const OwnerRow = z.strictObject({ attribute: z.string(), owner: PartySchema }).meta({ id: 'AttributeOwner' });
export type OwnerRow = z.infer<typeof OwnerRow>;

/** Nobody speaks for a region: what it owned could not be changed by anyone. */
export const Owner = PartySchema.refine(({ kind }) => kind !== 'region', {
  error: 'name head office or a store',
});

const named = { headers: z.object({ 'idempotency-key': IdempotencyKey }) };
const entryRoute = (path: `/${string}`, summary: string) =>
  oc.route({ method: 'POST', path, inputStructure: 'detailed', successStatus: 201, summary });

export const catalogueContract = {
  catalogueProducts: oc
    .route({ method: 'GET', path: '/catalogue/products', summary: 'Products of the catalogue, by SKU' })
    .input(
      z.object({
        sku: z.string().optional().meta({ description: 'This one only' }),
        search: z
          .string()
          .max(SEARCH_LENGTH_MAX)
          .optional()
          .meta({ description: 'Words of which all stand in SKU, name or GTIN' }),
        after: z.string().optional().meta({ description: 'Page on from this SKU' }),
        limit: Limit,
      }),
    )
    .output(ProductPage),
  catalogueImport: oc
    .route({
      method: 'POST',
      path: '/catalogue/products',
      summary: 'Bring products in, or look what would come of it',
      description: 'All of a request or nothing. The same again changes nothing and makes no new version.',
    })
    .input(ImportRequest)
    .output(ImportAnswer),
  catalogueEdit: entryRoute('/catalogue/edits', 'Change an attribute of a product')
    .input(
      z.object({
        ...named,
        body: z.strictObject({
          sku: Identifier,
          attribute: AttributeName,
          value: AttributeValueSchema,
          basedOn: Version.meta({ description: 'Version of the attribute that the person saw; 0: there was none' }),
        }),
      }),
    )
    .output(EntryAnswer),
  catalogueOwners: oc
    .route({ method: 'GET', path: '/catalogue/owners', summary: 'Owners of attributes where it is not head office' })
    .output(z.array(OwnerRow)),
  catalogueOwner: entryRoute('/catalogue/owners', 'Name the owner of an attribute')
    .input(
      z.object({
        ...named,
        body: z.strictObject({
          sku: Identifier.nullable().meta({ description: 'Of this product; null: of all that name none of their own' }),
          attribute: AttributeName,
          owner: Owner,
        }),
      }),
    )
    .output(EntryAnswer),
  catalogueProposals: oc
    .route({ method: 'GET', path: '/catalogue/proposals', summary: 'Edits that wait for the owner, oldest first' })
    .input(
      z.object({
        store: z.string().optional().meta({ description: 'Made by this store' }),
        owner: z.enum(['head-office', 'anyone']).default('head-office').meta({ description: 'For whom they wait' }),
        after: z.coerce.number().int().nonnegative().default(0),
        limit: Limit,
      }),
    )
    .output(ProposalPage),
  catalogueAnswer: entryRoute('/catalogue/answers', 'Accept or reject a proposal')
    .input(
      z.object({
        ...named,
        body: z.strictObject({
          proposal: z.string().min(1).max(200),
          accept: z.boolean(),
          basedOn: Version.meta({ description: 'Version of the attribute that the person saw beside the proposal' }),
        }),
      }),
    )
    .output(EntryAnswer),
};
