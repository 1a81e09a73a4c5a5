// Head office lets computers in: a token for one store, or a signed file for many.
import { type EnrolmentFile, signEnrolmentFile } from '../../protocol/device/enrolment.ts';
import type { EnrolmentFileRequest, EnrolmentRequest, IssuedEnrolment } from '../../protocol/hq/devices.ts';
import { Declined } from './declined.ts';
import type { DeviceParts } from './parts.ts';
import { activeDevice } from './registry.ts';
import { remainderOfStore } from './remainder.ts';
import { remainderSentence } from './sentences.ts';
import { issueEnrolmentToken } from './tokens.ts';

export async function issueToken(
  { db, wallMs }: DeviceParts,
  { store, replace, days }: EnrolmentRequest,
  by: string,
): Promise<IssuedEnrolment> {
  const active = await activeDevice(db, store);
  if (active !== undefined && !replace) {
    throw new Declined(
      'CONFLICT',
      `store: computer ${active.computer} (${active.device}) speaks for store ${store}. With --replace the new one takes its place.`,
    );
  }
  const count = await remainderOfStore(db, store);
  const issued = await issueEnrolmentToken(db, { stores: [store], replace, days, by, nowMs: wallMs() });
  const remainder =
    count === null || count === 0 ? null : remainderSentence(active?.computer ?? 'without enrolment', count);
  return { ...issued, store, remainder };
}

/** Signed, so that a computer that reads it knows which central it is to believe. */
export async function issueFile(
  { db, wallMs, setup, signer, centralUrl }: DeviceParts,
  { stores, replace, days }: EnrolmentFileRequest,
  by: string,
): Promise<EnrolmentFile> {
  const ids = stores.map(({ store }) => store);
  if (new Set(ids).size < ids.length) throw new Declined('BAD_REQUEST', 'stores: a store is named twice.');
  const computers = stores.flatMap(({ store, computer }) => (computer === null ? [] : [[computer, store] as const]));
  if (new Set(computers.map(([name]) => name.toLowerCase())).size < computers.length) {
    throw new Declined('BAD_REQUEST', 'stores: a computer is named twice.');
  }
  const { token, expiresMs } = await issueEnrolmentToken(db, { stores: ids, replace, days, by, nowMs: wallMs() });
  const [first, ...more] = ids;
  return signEnrolmentFile(
    {
      ...{ v: 1, central: centralUrl(), authority: setup.central.authority, token, expiresMs },
      centralKey: signer.publicKey,
      stores: computers.length === 0 ? null : Object.fromEntries(computers),
      store: more.length === 0 && first !== undefined ? first : null,
    },
    signer,
  );
}

/** Whoever enrolled with it stays enrolled. */
export async function cancelToken({ db, wallMs }: DeviceParts, id: string): Promise<{ id: string; unused: number }> {
  const row = await db
    .updateTable('enrolment_token')
    .set((column) => ({ revoked_ms: column.fn.coalesce('revoked_ms', column.val(wallMs())) }))
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  if (row === undefined) throw new Declined('NOT_FOUND', `id: there is no enrolment token ${id}.`);
  const { unused } = await db
    .selectFrom('enrolment_place')
    .select((column) => column.fn.countAll<number>().as('unused'))
    .where('token', '=', id)
    .where('used_by', 'is', null)
    .executeTakeFirstOrThrow();
  return { id, unused: Number(unused) };
}
