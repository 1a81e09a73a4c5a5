// The catalogue as a store's computer fetches it, and how its edits reach central and their answers come back.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { CATALOGUE_OUTCOMES } from '../../core/catalogue.ts';
import { DELTAS_ANSWER_MAX, EDITS_SENT_MAX } from '../../core/limits/catalogue.ts';
import { PAGE_ROWS_MAX } from '../../core/limits.ts';
import { AttributeName, AttributeValueSchema, PartySchema, SignedCatalogue } from '../catalogue.ts';
import { Digest, Identifier } from '../fact.ts';

const Millis = z.int().nonnegative();
const Version = z.int().nonnegative();
const FromQuery = z.coerce.number().int().nonnegative();

/** Minted by the store when a person edits, and kept for ever: the same again is the same edit. */
const EditId = z.string().regex(/^[0-9a-z-]{8,64}$/);

/** Who says it is told by the device that signed the request, never by the content (S17). */
export const StoreEntry = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('edit'),
    id: EditId,
    sku: Identifier,
    attribute: AttributeName,
    value: AttributeValueSchema,
    /** Version of the attribute that the person saw; 0 where there was none. */
    basedOn: Version,
  }),
  /** A store that owns an attribute answers the proposals of others; `proposal` as `/proposals` names it. */
  z.strictObject({
    kind: z.literal('answer'),
    id: EditId,
    proposal: z.string().min(1).max(160),
    accept: z.boolean(),
    basedOn: Version,
  }),
]);
export type StoreEntry = z.infer<typeof StoreEntry>;

/** What became of an entry of this store by now. A proposal has another one when its owner has answered. */
export const StoreOutcome = z.strictObject({
  /** Grows with each outcome within a life: where the next question goes on. */
  n: z.int().positive(),
  /** The id of the store's own entry. */
  entry: z.string(),
  outcome: z.enum(CATALOGUE_OUTCOMES),
  /** Of the attribute behind it; null where none is concerned. */
  version: Version.nullable(),
  /** In English, for people who look closely. */
  sentence: z.string(),
  atMs: Millis,
});
export type StoreOutcome = z.infer<typeof StoreOutcome>;

/** A proposal that waits for this store, which owns the attribute. */
export const WaitingProposal = z.strictObject({
  id: z.string(),
  by: PartySchema,
  sku: z.string(),
  attribute: z.string(),
  value: AttributeValueSchema,
  basedOn: Version,
  /** What is there now, and its version: an answer is based on it. */
  now: AttributeValueSchema,
  version: Version,
  atMs: Millis,
});
export type WaitingProposal = z.infer<typeof WaitingProposal>;

export const DeltasAnswer = z.strictObject({
  /** In order, without a gap, beginning behind `after`; empty at the newest version, or where they are not kept. */
  deltas: z.array(SignedCatalogue).max(DELTAS_ANSWER_MAX),
  more: z.boolean(),
});
export type DeltasAnswer = z.infer<typeof DeltasAnswer>;

export const OutcomesAnswer = z.strictObject({ rows: z.array(StoreOutcome).max(PAGE_ROWS_MAX), more: z.boolean() });
export type OutcomesAnswer = z.infer<typeof OutcomesAnswer>;

const file = <S extends 200 | 206>(status: S) =>
  z.object({ status: z.literal(status), headers: z.record(z.string(), z.string()), body: z.file() });

export const catalogueContract = {
  /** The signed `CatalogueManifest`. */
  catalogue: oc
    .route({ method: 'GET', path: '/device/catalogue', summary: 'What the catalogue is now, signed' })
    .output(SignedCatalogue),
  /** The bytes of the file; with `Range: bytes=N-` from there on (206). 404: it was replaced, ask the manifest again. */
  catalogueSnapshot: oc
    .route({
      method: 'GET',
      path: '/device/catalogue/snapshots/{sha256}',
      inputStructure: 'detailed',
      outputStructure: 'detailed',
      summary: 'The whole catalogue as a file that a manifest names',
    })
    .input(z.object({ params: z.object({ sha256: Digest }), headers: z.object({ range: z.string().optional() }) }))
    .output(z.union([file(200), file(206)])),
  catalogueDeltas: oc
    .route({ method: 'GET', path: '/device/catalogue/deltas', summary: 'The signed deltas behind a version' })
    .input(z.object({ after: FromQuery }))
    .output(DeltasAnswer),
  catalogueEdits: oc
    .route({ method: 'POST', path: '/device/catalogue/edits', summary: 'What people of the store changed or answered' })
    .input(z.strictObject({ entries: z.array(StoreEntry).min(1).max(EDITS_SENT_MAX) }))
    .output(z.strictObject({ outcomes: z.array(StoreOutcome) })),
  catalogueOutcomes: oc
    .route({ method: 'GET', path: '/device/catalogue/outcomes', summary: "What became of this store's edits" })
    .input(z.object({ after: FromQuery.default(0) }))
    .output(OutcomesAnswer),
  catalogueProposals: oc
    .route({ method: 'GET', path: '/device/catalogue/proposals', summary: 'Proposals that wait for this store' })
    .output(z.array(WaitingProposal)),
};
