// Configuration at central: keys that may sign, revisions, what holds for a store and where it comes from.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { PAGE_ROWS_MAX } from '../../core/limits.ts';
import { Configuration } from '../configuration/document.ts';
import { SignedEnvelope, SignedTrust } from '../configuration/revision.ts';
import { Digest, StoreId } from '../fact.ts';
import { ConfigurationStanding } from '../wire/config-frames.ts';
import { KeyId } from '../wire/frame-parts.ts';

const Limit = z.coerce.number().int().positive().max(PAGE_ROWS_MAX).default(PAGE_ROWS_MAX);
const Millis = z.int().nonnegative();
const Revision = z.int().positive();

export const TRUST_ROLES = ['root', 'signer', 'approver'] as const;

const Named = z.strictObject({ keyId: KeyId, name: z.string() });

export const TrustRow = z
  .strictObject({
    version: z.int().positive(),
    expiresMs: Millis,
    addedMs: Millis,
    by: z.string().meta({ description: 'Who brought it here' }),
    roles: z
      .array(z.strictObject({ role: z.enum(TRUST_ROLES), threshold: z.int().positive(), keys: z.array(Named) }))
      .meta({ description: 'Whose signatures count, and how many of each' }),
    signed: SignedTrust,
  })
  .meta({ id: 'ConfigurationTrust' });
export type TrustRow = z.infer<typeof TrustRow>;

export const RevisionRow = z
  .strictObject({
    revision: Revision,
    title: z.string(),
    issuedMs: Millis,
    expiresMs: Millis,
    publishedMs: Millis,
    by: z.string().meta({ description: 'Who published it' }),
    documents: z.int().positive().meta({ description: 'Stores that it names, and one for all others' }),
    root: Digest,
    signedBy: z.array(Named.extend({ role: z.enum(['signer', 'approver']) })),
    withdrawn: z
      .strictObject({ atMs: Millis, by: z.string(), reason: z.string() })
      .nullable()
      .meta({ description: 'Taken back, for good' }),
  })
  .meta({ id: 'ConfigurationRevision' });
export type RevisionRow = z.infer<typeof RevisionRow>;

export const RevisionDetail = z
  .strictObject({
    row: RevisionRow,
    source: z.string().meta({ description: 'The document as people wrote it' }),
    signed: SignedEnvelope,
  })
  .meta({ id: 'ConfigurationRevisionDetail' });
export type RevisionDetail = z.infer<typeof RevisionDetail>;

/** Times of the standing by central's clock. */
export const StoreStanding = z
  .strictObject({
    store: z.string(),
    desired: Revision.nullable().meta({
      description: 'What it should have in force; null: nothing was released to it',
    }),
    heardMs: Millis.nullable().meta({ description: 'When it last said how it stands; null: never' }),
    standing: ConfigurationStanding.nullable(),
    why: z.string().meta({ description: 'Why it has not what it should have, in a sentence; empty where it has' }),
  })
  .meta({ id: 'ConfigurationStoreStanding' });
export type StoreStanding = z.infer<typeof StoreStanding>;

export const EffectiveConfiguration = z
  .strictObject({
    store: z.string(),
    revision: Revision.nullable().meta({ description: 'Null: nothing was released to it' }),
    configuration: Configuration,
    origins: z
      .array(z.strictObject({ path: z.string(), layer: z.string() }))
      .meta({ description: 'Where each value comes from: chain, region north, ring pilot, store S001' }),
    desired: Revision.nullable(),
    standing: ConfigurationStanding.nullable(),
    why: z.string(),
  })
  .meta({ id: 'EffectiveConfiguration' });
export type EffectiveConfiguration = z.infer<typeof EffectiveConfiguration>;

export const configurationContract = {
  addTrust: oc
    .route({
      method: 'POST',
      path: '/configuration/trusts',
      successStatus: 201,
      summary: 'Say whose signatures count from now on',
      description: 'Signed by the root keys of the statement before it and by its own; versions follow each other.',
    })
    .input(z.strictObject({ signed: SignedTrust }))
    .output(TrustRow),
  trusts: oc
    .route({
      method: 'GET',
      path: '/configuration/trusts',
      summary: 'Whose signatures count and counted, newest first',
    })
    .output(z.array(TrustRow)),
  configurationRevisions: oc
    .route({ method: 'GET', path: '/configuration/revisions', summary: 'Revisions, newest first' })
    .input(
      z.object({
        before: z.coerce.number().int().positive().optional().meta({ description: 'Page on from this revision' }),
        limit: Limit,
      }),
    )
    .output(z.array(RevisionRow)),
  configurationRevision: oc
    .route({ method: 'GET', path: '/configuration/revisions/{revision}', summary: 'One revision as it was signed' })
    .input(z.object({ revision: z.coerce.number().int().positive() }))
    .output(RevisionDetail),
  configurationEffective: oc
    .route({
      method: 'GET',
      path: '/configuration/effective',
      summary: 'What a store has in force, or is to have where it never said, and where each value comes from',
    })
    .input(z.object({ store: StoreId }))
    .output(EffectiveConfiguration),
  configurationStores: oc
    .route({ method: 'GET', path: '/configuration/stores', summary: 'How each store stands with its configuration' })
    .input(z.object({ after: z.string().optional().meta({ description: 'Page on from this store' }), limit: Limit }))
    .output(z.array(StoreStanding)),
};
