// Enrolment tokens: told once, kept as hashes, each good once for each of its stores, and not for long.
import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { hex } from '../../core/hash.ts';
import { enrolmentTokenId } from '../../protocol/device/enrolment.ts';
import { sameSecret } from '../../protocol/secret.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { Db, Tables } from '../schema.ts';
import type { EnrolmentTokenTable } from './schema.ts';

const ID_BYTES = 6;
const SECRET_BYTES = 32;
const DAY_MS = 86_400_000;

const hashOf = (token: string): string => hex(sha256(Buffer.from(token)));

export type EnrolmentWish = { stores: string[]; replace: boolean; days: number; by: string; nowMs: number };

export async function issueEnrolmentToken(
  db: Db,
  { stores, replace, days, by, nowMs }: EnrolmentWish,
): Promise<{ token: string; id: string; expiresMs: number }> {
  const id = randomBytes(ID_BYTES).toString('hex');
  const token = `twe_${id}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  const expiresMs = nowMs + days * DAY_MS;
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('enrolment_token')
      .values({
        ...{ id, hash: hashOf(token), replace, created_ms: nowMs, created_by: by },
        ...{ expires_ms: expiresMs, revoked_ms: null },
      })
      .execute();
    await sql`insert into enrolment_place (token, store) select ${id}, unnest(${stores}::text[])`.execute(tx);
  });
  return { token, id, expiresMs };
}

export type FoundToken = EnrolmentTokenTable & { stores: string[] };

/** Null for one that was never issued, whatever its open half says. */
export async function findEnrolmentToken(db: Db, shown: string): Promise<FoundToken | null> {
  const id = enrolmentTokenId(shown);
  if (id === null) return null;
  const row = await db.selectFrom('enrolment_token').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined || !sameSecret(hashOf(shown), row.hash)) return null;
  // Two are enough to know whether it is for one store only.
  const places = await db.selectFrom('enrolment_place').select('store').where('token', '=', id).limit(2).execute();
  return { ...row, stores: places.map(({ store }) => store) };
}

/** Its place for a store, locked; null where it is not for that store. */
export async function lockPlace(tx: Kysely<Tables>, token: string, store: string) {
  const place = await tx
    .selectFrom('enrolment_place')
    .select(['used_by'])
    .where('token', '=', token)
    .where('store', '=', store)
    .forUpdate()
    .executeTakeFirst();
  return place === undefined ? null : { usedBy: place.used_by };
}

export const usePlace = (
  tx: Kysely<Tables>,
  { token, store, publicKey, nowMs }: { token: string; store: string; publicKey: string; nowMs: number },
): Promise<unknown> =>
  tx
    .updateTable('enrolment_place')
    .set({ used_by: publicKey, used_ms: nowMs })
    .where('token', '=', token)
    .where('store', '=', store)
    .execute();
