// Revisions at central: each checked anew from its source up before it is kept, never changed after.
import { sql } from 'kysely';
import { type ConfigurationSource, ConfigurationSource as Source } from '../../protocol/configuration/document.ts';
import { Envelope, type KeySignature, SignedEnvelope } from '../../protocol/configuration/revision.ts';
import type { RevisionDetail, RevisionRow } from '../../protocol/hq/configuration.ts';
import type { WeeklySpan } from '../../protocol/settings.ts';
import type { Declined } from '../commands/issue.ts';
import type { Db } from '../schema.ts';
import { newestTrust, signersOf } from './trusts.ts';

/** `source` as people wrote it; `times`: the spans of the plan in which stores put it into force, null for at once. */
export type NewRevision = { source: string; signed: SignedEnvelope; times: WeeklySpan[] | null; by: string };
export type KeptRevision = { envelope: Envelope; source: ConfigurationSource };

/** One writer at a time, over all processes on the database. */
const LOCK = 0x74_77_63_66;
export const lockConfiguration = (tx: Db): Promise<unknown> =>
  sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(tx);

/** In the caller's transaction. Higher than every revision before it, or declined with a sentence. */
export async function keepRevision(
  tx: Db,
  { source: text, signed, times, by }: NewRevision,
  nowMs: number,
): Promise<KeptRevision | Declined> {
  await lockConfiguration(tx);
  const envelope = Envelope.parse(JSON.parse(signed.envelope));
  const source = Source.parse(JSON.parse(text));
  const { revision, title, issuedMs, expiresMs } = envelope;
  const row = { revision, title, source: text, envelope: signed.envelope, issued_ms: issuedMs, expires_ms: expiresMs };
  const rest = { signatures: JSON.stringify(signed.signatures), times: times === null ? null : JSON.stringify(times) };
  await tx
    .insertInto('config_revision')
    .values({ ...row, ...rest, by_whom: by, at_ms: nowMs })
    .execute();
  return { envelope, source };
}

/** Null where there is no such revision. */
export async function readSource(db: Db, revision: number): Promise<ConfigurationSource | null> {
  const row = await db
    .selectFrom('config_revision')
    .select('source')
    .where('revision', '=', revision)
    .executeTakeFirst();
  return row === undefined ? null : Source.parse(JSON.parse(row.source));
}

type Wanted = { revision?: number; before?: number | undefined; limit: number };

/** Newest first. */
export async function listRevisions(db: Db, { revision, before, limit }: Wanted): Promise<RevisionRow[]> {
  const rows = await db
    .selectFrom('config_revision as r')
    .leftJoin('config_withdrawal as w', 'w.revision', 'r.revision')
    .select(['r.revision', 'r.title', 'r.envelope', 'r.signatures', 'r.by_whom', 'r.at_ms'])
    .select(['w.at_ms as withdrawn_ms', 'w.by_whom as withdrawn_by', 'w.reason'])
    .$if(revision !== undefined, (query) => query.where('r.revision', '=', revision ?? 0))
    .$if(before !== undefined, (query) => query.where('r.revision', '<', before ?? 0))
    .orderBy('r.revision', 'desc')
    .limit(limit)
    .execute();
  const trust = await newestTrust(db);
  return rows.map((row) => {
    const { issuedMs, expiresMs, documents, root } = Envelope.parse(JSON.parse(row.envelope));
    const { withdrawn_ms: atMs, withdrawn_by, reason } = row;
    const withdrawn = atMs === null ? null : { atMs, by: withdrawn_by ?? '', reason: reason ?? '' };
    const signedBy = signersOf(trust, signaturesOf(row.signatures));
    return {
      ...{ revision: row.revision, title: row.title, issuedMs, expiresMs, documents, root, signedBy, withdrawn },
      ...{ publishedMs: row.at_ms, by: row.by_whom },
    };
  });
}

/** Null where there is no such revision. */
export async function readRevision(db: Db, revision: number): Promise<RevisionDetail | null> {
  const [row] = await listRevisions(db, { revision, limit: 1 });
  if (row === undefined) return null;
  const { source, envelope, signatures } = await db
    .selectFrom('config_revision')
    .select(['source', 'envelope', 'signatures'])
    .where('revision', '=', revision)
    .executeTakeFirstOrThrow();
  return { row, source, signed: { envelope, signatures: signaturesOf(signatures) } };
}

const Signatures = SignedEnvelope.shape.signatures;
const signaturesOf = (text: string): KeySignature[] => Signatures.parse(JSON.parse(text));
