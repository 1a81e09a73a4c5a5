// A signed revision is published: checked and kept, with a rollout of its own that begins, or waits for a second person.

import type { PublishInput } from '../../protocol/hq/rollouts.ts';
import { hasAccounts } from '../accounts/accounts.ts';
import type { Declined as Unkept } from '../commands/issue.ts';
import type { KeptRevision, NewRevision } from '../configuration/revisions.ts';
import type { Db } from '../schema.ts';
import { type Declined, idOf, noteEvent, OPEN_STATES } from './book.ts';
import { placeStores, ringsOf, unplacedStores } from './members.ts';

/** `keepRevision` is of central's configuration: in the caller's transaction, everything checked anew. */
export type PublishParts = {
  db: Db;
  keepRevision(tx: Db, revision: NewRevision, nowMs: number): Promise<KeptRevision | Unkept>;
};

/** The revision; all of it or nothing. The same request again publishes nothing more. */
export async function publishRevision(
  { db, keepRevision }: PublishParts,
  { source, signed, plan }: PublishInput,
  { by, nowMs }: { by: string; nowMs: number },
): Promise<number | Declined> {
  return inOne(db, async (tx) => {
    const again = await tx
      .selectFrom('rollout')
      .innerJoin('config_revision', 'config_revision.revision', 'rollout.revision')
      .select('rollout.revision')
      .where('config_revision.envelope', '=', signed.envelope)
      .where('rollout.plan', '=', JSON.stringify(plan))
      .where('rollout.published_by', '=', by)
      .executeTakeFirst();
    if (again !== undefined) return again.revision;
    const open = await tx.selectFrom('rollout').selectAll().where('state', 'in', OPEN_STATES).executeTakeFirst();
    if (open !== undefined) {
      const id = idOf(open.revision);
      const message = `revision: ${id} (${open.title}) has not ended. Let it end, or abort it: "tillwire rollout abort ${id}".`;
      return { code: 'CONFLICT', message };
    }
    const kept = await keepRevision(tx, { source, signed, times: plan.times ?? null, by }, nowMs);
    if ('code' in kept) return kept;
    const { revision, title, expiresMs } = kept.envelope;
    const rings = ringsOf(revision, plan, kept.source);
    if ('code' in rings) return rings;
    const needsSecond = await hasAccounts(tx);
    await tx
      .insertInto('rollout')
      .values({
        ...{ revision, title, plan: JSON.stringify(plan), expires_ms: expiresMs },
        state: needsSecond ? 'waiting' : 'running',
        why: needsSecond ? `Somebody else than ${by} has to approve it.` : '',
        ...{ published_by: by, published_ms: nowMs, changed_ms: nowMs, approved_by: null, approved_ms: null },
      })
      .execute();
    const times = plan.rings.map((_, ring) => ({ revision, ring, opened_ms: null, reached_ms: null }));
    await tx.insertInto('rollout_ring').values(times).execute();
    await placeStores(tx, rings, await unplacedStores(tx, revision), nowMs);
    await noteEvent(tx, { revision, atMs: nowMs, what: 'published', by, ring: null, message: title });
    return revision;
  });
}

/** What is declined leaves nothing behind. */
async function inOne<Of>(db: Db, work: (tx: Db) => Promise<Of | Declined>): Promise<Of | Declined> {
  let declined: Declined | null = null;
  try {
    return await db.transaction().execute(async (tx) => {
      const done = await work(tx);
      if (typeof done !== 'object' || done === null || !('code' in done)) return done as Of;
      declined = done;
      throw new Error(done.message);
    });
  } catch (error) {
    if (declined !== null) return declined;
    throw error;
  }
}
