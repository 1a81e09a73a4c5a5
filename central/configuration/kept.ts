// Revisions that are kept at central, as people and stores are told of them.
import { type Compiled, compile, documentFor } from '../../core/configuration/compile.ts';
import type { ConfigurationSource } from '../../protocol/configuration/document.ts';
import { Envelope, type RevisionForStore, SignedEnvelope } from '../../protocol/configuration/revision.ts';
import type { RevisionDetail, RevisionRow } from '../../protocol/hq/configuration.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { Db } from '../schema.ts';
import { readSource } from './revisions.ts';
import { namedSigners, newestTrust } from './trusts.ts';

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
    const signed = signedOf(row);
    const { issuedMs, expiresMs, documents, root } = Envelope.parse(JSON.parse(signed.envelope));
    const { withdrawn_ms: atMs, withdrawn_by, reason } = row;
    const withdrawn = atMs === null ? null : { atMs, by: withdrawn_by ?? '', reason: reason ?? '' };
    const signedBy = namedSigners(trust, signed.signatures);
    return {
      ...{ revision: row.revision, title: row.title, issuedMs, expiresMs, documents, root, signedBy, withdrawn },
      ...{ publishedMs: row.at_ms, by: row.by_whom },
    };
  });
}

/** Null where there is no such revision. */
export async function readRevision(db: Db, revision: number): Promise<RevisionDetail | null> {
  const [row] = await listRevisions(db, { revision, limit: 1 });
  const kept = await keptRow(db, revision);
  return row === undefined || kept === undefined ? null : { row, source: kept.source, signed: signedOf(kept) };
}

const keptRow = (db: Db, revision: number) =>
  db
    .selectFrom('config_revision')
    .select(['source', 'envelope', 'signatures', 'times'])
    .where('revision', '=', revision)
    .executeTakeFirst();

const signedOf = ({ envelope, signatures }: { envelope: string; signatures: string }): SignedEnvelope =>
  SignedEnvelope.parse({ envelope, signatures: JSON.parse(signatures) });

export type KeptSource = { source: ConfigurationSource; forStore(store: string): RevisionForStore };
/** Revisions never change: the few that were asked for last stay in memory. Null where there is no such revision. */
export type Sources = (revision: number) => Promise<KeptSource | null>;

const HELD_MAX = 4;

export function openSources(db: Db): Sources {
  const held = new Map<number, KeptSource>();
  return async (revision) => {
    const known = held.get(revision);
    if (known !== undefined) return known;
    const row = await keptRow(db, revision);
    if (row === undefined) return null;
    const read = readSource(row.source);
    // The proofs of a whole chain take seconds: only for those whose stores are told.
    let compiled: Compiled | null = null;
    const signed = signedOf(row);
    const times = row.times === null ? null : (JSON.parse(row.times) as RevisionForStore['times']);
    const source: KeptSource = {
      source: read,
      forStore(store) {
        compiled ??= compile(read, sha256);
        const { document, proof } = documentFor(compiled, store);
        return { signed, document, proof, times };
      },
    };
    held.set(revision, source);
    for (const oldest of [...held.keys()].slice(0, -HELD_MAX)) held.delete(oldest);
    return source;
  };
}
