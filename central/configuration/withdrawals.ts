// Central takes a revision back, for good: signed with its own key, told to every store that it was released to.
import { sql } from 'kysely';
import { WITHDRAWALS_MAX } from '../../core/limits/configuration.ts';
import { REASON_LENGTH_MAX } from '../../core/limits.ts';
import type { SignedWithdrawal } from '../../protocol/configuration/revision.ts';
import { signWithdrawal } from '../../protocol/configuration/statements.ts';
import type { Signer } from '../../protocol/wire/signing.ts';
import type { Db } from '../schema.ts';
import { textArray } from '../sql/arrays.ts';
import { offeredStores, tellAnew } from './offers.ts';

/** `by`: an account, or "central" where it did so by itself. */
export type Taken = { revision: number; reason: string; by: string };

/** In the caller's transaction, once: again changes nothing. Stores are told as `offer` tells them. */
export async function withdraw(tx: Db, signer: Signer, { revision, reason, by }: Taken, nowMs: number): Promise<void> {
  const said = reason.slice(0, REASON_LENGTH_MAX);
  const { withdrawal, keyId, signature } = signWithdrawal({ revision, reason: said, atMs: nowMs }, signer);
  const kept = await tx
    .insertInto('config_withdrawal')
    .values({ revision, withdrawal, key_id: keyId, signature, reason: said, by_whom: by, at_ms: nowMs })
    .onConflict((conflict) => conflict.doNothing())
    .returning('revision')
    .executeTakeFirst();
  if (kept !== undefined) await tellAnew(tx, await offeredStores(tx, revision));
}

/** Of what was released to each of these stores, newest revision first. */
export async function withdrawalsFor(db: Db, stores: readonly string[]): Promise<Map<string, SignedWithdrawal[]>> {
  type Row = { store: string; withdrawal: string; key_id: string; signature: string };
  const { rows } = await sql<Row>`
    select o.store, w.withdrawal, w.key_id, w.signature
    from config_offer o join config_withdrawal w using (revision)
    where o.store = any(${textArray([...stores])}::text[]) order by revision desc`.execute(db);
  const byStore = new Map<string, SignedWithdrawal[]>();
  for (const { store, withdrawal, key_id: keyId, signature } of rows) {
    const told = byStore.get(store) ?? [];
    if (told.length < WITHDRAWALS_MAX) told.push({ withdrawal, keyId, signature });
    byStore.set(store, told);
  }
  return byStore;
}
