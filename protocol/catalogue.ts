// The catalogue as it is signed for stores: a manifest, one snapshot, and a delta for each version (decision page 0017).
import { z } from 'zod';
import { canonicalJson } from '../core/canonical.ts';
import type { AttributeValue, Party } from '../core/catalogue.ts';
import {
  ATTRIBUTE_NAME_LENGTH_MAX,
  ATTRIBUTE_OWNERS_MAX,
  ATTRIBUTE_TEXT_LENGTH_MAX,
  CATALOGUE_PRODUCTS_MAX,
  DELTA_BYTES_MAX,
  IMPORT_PRODUCTS_MAX,
  SNAPSHOT_BYTES_MAX,
  SNAPSHOT_INFLATED_BYTES_MAX,
} from '../core/limits/catalogue.ts';
import { Digest, Identifier, StoreId } from './fact.ts';
import { isStatementSignedBy, keyIdOf, type Signer } from './wire/signing.ts';

const Millis = z.int().nonnegative();
const Version = z.int().nonnegative();

/** "name", "gtin", "tax-class"; of a price with its currency: "price/EUR", in minor units. */
export const AttributeName = z
  .string()
  .max(ATTRIBUTE_NAME_LENGTH_MAX)
  .regex(/^[a-z][a-z0-9-]*(\/[A-Z]{3})?$/, {
    error: 'use small letters, digits and "-", for example name or price/EUR',
  });

export const AttributeValueSchema: z.ZodType<AttributeValue> = z.union([
  z
    .string()
    .min(1)
    .max(ATTRIBUTE_TEXT_LENGTH_MAX)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, { error: 'use printable characters only' }),
  z.int(),
  z.boolean(),
  z.null(),
]);

export const PartySchema: z.ZodType<Party> = z.union([
  z.strictObject({ kind: z.literal('head-office'), id: z.literal('head-office') }),
  z.strictObject({ kind: z.literal('region'), id: Identifier }),
  z.strictObject({ kind: z.literal('store'), id: StoreId }),
]);

/** `version` counts the changes of this attribute: it is what an edit is `basedOn`. No owner: that of the manifest. */
const AttributeState = z.strictObject({ value: AttributeValueSchema, version: Version, owner: PartySchema.optional() });
export type AttributeState = z.infer<typeof AttributeState>;

/** In a snapshot all that a product has; in a delta what of it changed, as it is from then on. */
export const ProductState = z.strictObject({ sku: Identifier, attributes: z.record(AttributeName, AttributeState) });
export type ProductState = z.infer<typeof ProductState>;

/**
 * What there is, in a few hundred bytes. A store that holds `life` at a version from `deltasFrom` on takes the deltas
 * behind its own; every other one takes the snapshot first. Within one life versions only grow (L10).
 */
export const CatalogueManifest = z.strictObject({
  kind: z.literal('tillwire catalogue'),
  v: z.literal(1),
  /** The region whose catalogue this is; null: that of the whole chain. */
  region: Identifier.nullable(),
  /** The life of central's database in which the versions are counted; under another one nothing held goes on. */
  life: z.string().regex(/^[0-9a-f]{32}$/),
  version: Version,
  /** Products at that version. */
  products: z.int().nonnegative().max(CATALOGUE_PRODUCTS_MAX),
  /** Owners by attribute where a product names none of its own; head office where neither does. */
  owners: z
    .record(AttributeName, PartySchema)
    .refine((owners) => Object.keys(owners).length <= ATTRIBUTE_OWNERS_MAX, { error: 'too many' }),
  deltasFrom: Version,
  /** A gzip file of lines, one `ProductState` in canonical JSON each, by SKU. Null where there was never a product. */
  snapshot: z
    .strictObject({
      version: Version,
      /** SHA-256 of the file as it travels, which also names it. */
      sha256: Digest,
      bytes: z.int().positive().max(SNAPSHOT_BYTES_MAX),
      inflatedBytes: z.int().nonnegative().max(SNAPSHOT_INFLATED_BYTES_MAX),
      products: z.int().nonnegative().max(CATALOGUE_PRODUCTS_MAX),
    })
    .nullable(),
  /** When it was made, by central's clock: under a new life, an older one than the last accepted is not believed. */
  atMs: Millis,
});
export type CatalogueManifest = z.infer<typeof CatalogueManifest>;

/** From version `from` to `to`, which is the next one. Without products only owners changed: the manifest has them. */
export const CatalogueDelta = z.strictObject({
  kind: z.literal('tillwire catalogue delta'),
  v: z.literal(1),
  region: Identifier.nullable(),
  life: z.string().regex(/^[0-9a-f]{32}$/),
  from: Version,
  to: Version,
  atMs: Millis,
  products: z.array(ProductState).max(IMPORT_PRODUCTS_MAX),
});
export type CatalogueDelta = z.infer<typeof CatalogueDelta>;

/** What travels: canonical JSON as text, word for word what was signed, once for all stores. */
export const SignedCatalogue = z.strictObject({
  statement: z.string().max(DELTA_BYTES_MAX),
  keyId: z.string().regex(/^[0-9a-f]{16}$/),
  signature: z.string().regex(/^[0-9a-f]{128}$/),
});
export type SignedCatalogue = z.infer<typeof SignedCatalogue>;

/** Said apart from everything else that central's key ever signs. */
const signedText = (statement: string): string => `tillwire catalogue ${statement}`;

export function signCatalogue(said: CatalogueManifest | CatalogueDelta, signer: Signer): SignedCatalogue {
  const statement = canonicalJson(said);
  return { statement, keyId: signer.keyId, signature: signer.sign(signedText(statement)) };
}

/** Null where it is not signed by that key (public, in hex), or is not what it should be. */
export function readSigned<T>(signed: SignedCatalogue, publicKey: string, schema: z.ZodType<T>): T | null {
  const { statement, keyId, signature } = signed;
  if (keyId !== keyIdOf(publicKey)) return null;
  if (!isStatementSignedBy(signedText(statement), signature, publicKey)) return null;
  // What is signed is JSON: our own central wrote it.
  return schema.safeParse(JSON.parse(statement)).data ?? null;
}

/** What a store holds: the last manifest that it accepted, and the version that it has applied. */
export type HeldCatalogue = { life: string; version: number; atMs: number };

/** What a store does next about a manifest whose signature is right. */
export type CatalogueStep = 'nothing' | 'deltas' | 'snapshot' | 'older';

/** "older": not believed, for it goes back (L10). */
export function nextCatalogueStep(held: HeldCatalogue | null, manifest: CatalogueManifest): CatalogueStep {
  const { life, version, deltasFrom, snapshot, atMs } = manifest;
  const behind = snapshot === null ? 'nothing' : 'snapshot';
  if (held === null) return behind;
  if (held.life !== life) return atMs < held.atMs ? 'older' : behind;
  if (version < held.version) return 'older';
  if (version === held.version) return 'nothing';
  return held.version >= deltasFrom ? 'deltas' : behind;
}
