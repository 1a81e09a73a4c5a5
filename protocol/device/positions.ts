// What head office has on a store's shelves, at one cut, in signed pages: for a computer that begins without a past.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { canonicalJson } from '../../core/canonical.ts';
import { POSITIONS_MAX, POSITIONS_PAGE_ROWS } from '../../core/limits/positions.ts';
import { Identifier, StoreId } from '../fact.ts';
import { isStatementSignedBy, keyIdOf, type Signer } from '../wire/signing.ts';

const Count = z.int().nonnegative();

/** What stands on one shelf, in thousandths; `known` is 1 once it was counted, received or loaded (D28). */
const Position = z.tuple([Identifier, z.int(), z.int(), z.int(), z.union([z.literal(0), z.literal(1)])]);
export type Position = [sku: string, onHand: number, reserved: number, damaged: number, known: 0 | 1];

/** All pages of one answer are of the same cut; epoch 0: nothing was ever posted for this store. */
export const PositionsCut = z.strictObject({ epoch: Count, seq: Count, dseq: Count });
export type PositionsCut = z.infer<typeof PositionsCut>;

export const PositionsPage = z.strictObject({
  kind: z.literal('tillwire positions'),
  v: z.literal(1),
  store: StoreId,
  cut: PositionsCut,
  /** When they were read, by central's clock. */
  atMs: Count,
  /** Shelves in all pages. */
  total: Count.max(POSITIONS_MAX),
  /** The last SKU of the page before; null in the first one. */
  after: Identifier.nullable(),
  /** By SKU. */
  rows: z.array(Position).max(POSITIONS_PAGE_ROWS),
  isLast: z.boolean(),
});
export type PositionsPage = z.infer<typeof PositionsPage>;

/** Canonical JSON as text, word for word what was signed. */
export const SignedPositions = z.strictObject({
  statement: z.string(),
  keyId: z.string().regex(/^[0-9a-f]{16}$/),
  signature: z.string().regex(/^[0-9a-f]{128}$/),
});
export type SignedPositions = z.infer<typeof SignedPositions>;

/** Said apart from everything else that central's key ever signs. */
const signedText = (statement: string): string => `tillwire positions ${statement}`;

export function signPositions(page: PositionsPage, signer: Signer): SignedPositions {
  const statement = canonicalJson(page);
  return { statement, keyId: signer.keyId, signature: signer.sign(signedText(statement)) };
}

/** Null where it is not signed by that key (public, in hex) or is about another store (L9). */
export function readPositions(
  { statement, keyId, signature }: SignedPositions,
  publicKey: string,
  store: string,
): PositionsPage | null {
  if (keyId !== keyIdOf(publicKey) || !isStatementSignedBy(signedText(statement), signature, publicKey)) return null;
  // What is signed is JSON: our own central wrote it.
  const page = PositionsPage.safeParse(JSON.parse(statement)).data;
  return page === undefined || page.store !== store ? null : page;
}

export const cutName = ({ epoch, seq, dseq }: PositionsCut): string => `${epoch}:${seq}:${dseq}`;
const CUT = /^\d{1,15}:\d{1,15}:\d{1,15}$/;

export const positionsContract = {
  /** Without `cut` from the beginning, at the present one. 404: that cut is not kept any more, begin anew. */
  positions: oc
    .route({ method: 'GET', path: '/device/positions', summary: "The store's positions at one cut, page by page" })
    .input(z.object({ after: Identifier.optional(), cut: z.string().regex(CUT).optional() }))
    .output(SignedPositions),
};
