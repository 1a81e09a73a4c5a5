// What is retained at the broker for each store: whose signatures count, its revision, what was taken back.
import { encodeConfigurationMessage } from '../../protocol/wire/config-message.ts';
import type { Db } from '../schema.ts';
import type { Sources } from './kept.ts';
import { desiredOf } from './offers.ts';
import { trustChain } from './trusts.ts';
import { withdrawalsFor } from './withdrawals.ts';

/** `told`: the revision in it; null for none. */
export type StoreMessage = { told: number | null; payload: Buffer };

/** By store, as the tables are now. */
export async function messagesFor(
  db: Db,
  sources: Sources,
  stores: readonly string[],
  nowMs: number,
): Promise<Map<string, StoreMessage>> {
  const trusts = await trustChain(db);
  const desired = await desiredOf(db, stores);
  const withdrawn = await withdrawalsFor(db, stores);
  const messages = new Map<string, StoreMessage>();
  for (const store of stores) {
    const told = desired.get(store) ?? null;
    const source = told === null ? null : await sources(told);
    const revision = source?.forStore(store) ?? null;
    const withdrawals = withdrawn.get(store) ?? [];
    const message = { v: 1, store, trusts, revision, withdrawals, at: nowMs } as const;
    messages.set(store, { told, payload: encodeConfigurationMessage(message) });
  }
  return messages;
}
