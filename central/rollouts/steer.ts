// What people do to a rollout: approve it, pause it, let it go on, take its revision back for good.
import { askRollout, type RolloutAction } from '../../core/configuration/rollout.ts';
import { hasAccounts } from '../accounts/accounts.ts';
import type { Db } from '../schema.ts';
import { type Declined, idOf, noteEvent } from './book.ts';
import type { RolloutTable } from './schema.ts';

/** `withdraw` is of central's configuration: in the caller's transaction, once, told to every store that has it. */
export type SteerParts = {
  db: Db;
  withdraw(tx: Db, taken: { revision: number; reason: string; by: string }, nowMs: number): Promise<void>;
  /** Of central's configuration too: no store gets it newly, not even one that it waits for at the broker. */
  hold(tx: Db, revision: number, nowMs: number): Promise<void>;
  release(tx: Db, revision: number): Promise<void>;
};

type Asked = { revision: number; by: string; nowMs: number };
type Because = Asked & { reason: string };

/** By somebody else than who published it, where there are accounts; the operator of this machine is nobody's second. */
export const approveRollout = ({ db }: SteerParts, { revision, by, nowMs }: Asked): Promise<Declined | null> =>
  locked(db, revision, async (tx, rollout) => {
    const declined = whyNot(rollout, 'approve');
    if (declined !== null) return declined;
    if (by === rollout.published_by) {
      const message = `id: ${by} published ${idOf(revision)}. Somebody else approves it.`;
      return { code: 'FORBIDDEN', message };
    }
    if (by === 'local' && (await hasAccounts(tx))) {
      const message = 'id: the operator of this machine is nobody in particular. Sign in with an account and approve.';
      return { code: 'FORBIDDEN', message };
    }
    const approved = { approved_by: by, approved_ms: nowMs };
    await change(tx, revision, { state: 'running', why: '', changed_ms: nowMs, ...approved });
    await noteEvent(tx, { revision, atMs: nowMs, what: 'approved', by, ring: null, message: '' });
    return null;
  });

/** No ring opens and no store gets it that has not seen it; those that have go on with it. Again is harmless. */
export const pauseRollout = (
  { db, hold }: SteerParts,
  { revision, by, nowMs, reason }: Because,
): Promise<Declined | null> =>
  locked(db, revision, async (tx, rollout) => {
    if (rollout.state === 'paused') return null;
    const declined = whyNot(rollout, 'pause');
    if (declined !== null) return declined;
    await hold(tx, revision, nowMs);
    await change(tx, revision, { state: 'paused', why: `${by} paused it: ${reason}`, changed_ms: nowMs });
    await noteEvent(tx, { revision, atMs: nowMs, what: 'paused', by, ring: null, message: reason });
    return null;
  });

export const resumeRollout = (
  { db, release }: SteerParts,
  { revision, by, nowMs, reason }: Because,
): Promise<Declined | null> =>
  locked(db, revision, async (tx, rollout) => {
    if (rollout.state === 'running') return null;
    const declined = whyNot(rollout, 'resume');
    if (declined !== null) return declined;
    await release(tx, revision);
    await change(tx, revision, { state: 'running', why: '', changed_ms: nowMs });
    await noteEvent(tx, { revision, atMs: nowMs, what: 'resumed', by, ring: null, message: reason });
    return null;
  });

export const abortRollout = (parts: SteerParts, { revision, by, nowMs, reason }: Because): Promise<Declined | null> =>
  locked(parts.db, revision, async (tx, rollout) => {
    if (rollout.state === 'aborted') return null;
    const declined = whyNot(rollout, 'abort');
    if (declined !== null) return declined;
    const why = `${by} aborted it: ${reason}`;
    await takeBack(parts, tx, { revision, by, nowMs, reason, what: 'aborted', why, ring: null });
    return null;
  });

type Taken = Because & { what: 'stopped' | 'aborted'; why: string; ring: string | null };

/** In the caller's transaction, with the row of the rollout locked: withdrawn for good, and over. */
export async function takeBack(
  { withdraw }: Pick<SteerParts, 'withdraw'>,
  tx: Db,
  { revision, by, nowMs, reason, what, why, ring }: Taken,
): Promise<void> {
  await withdraw(tx, { revision, reason, by }, nowMs);
  await change(tx, revision, { state: what, why, changed_ms: nowMs });
  // They were given it and said nothing of it: as far as anybody knows they never took it.
  await tx
    .updateTable('rollout_store')
    .set({ state: 'later', message: '' })
    .where('revision', '=', revision)
    .where('state', '=', 'given')
    .execute();
  await noteEvent(tx, { revision, atMs: nowMs, what, by, ring, message: reason });
}

/** What people and the timer do to one rollout comes one after the other. */
export const locked = (
  db: Db,
  revision: number,
  work: (tx: Db, rollout: RolloutTable) => Promise<Declined | null>,
): Promise<Declined | null> =>
  db.transaction().execute(async (tx) => {
    const rollout = await tx
      .selectFrom('rollout')
      .selectAll()
      .where('revision', '=', revision)
      .forUpdate()
      .executeTakeFirst();
    if (rollout !== undefined) return work(tx, rollout);
    return { code: 'NOT_FOUND', message: `id: there is no rollout ${idOf(revision)}. See "tillwire rollout list".` };
  });

export const change = (tx: Db, revision: number, changed: Partial<RolloutTable>) =>
  tx.updateTable('rollout').set(changed).where('revision', '=', revision).execute();

function whyNot({ revision, state }: RolloutTable, action: RolloutAction): Declined | null {
  const asked = askRollout(state, action);
  return asked.ok ? null : { code: 'CONFLICT', message: `id: ${idOf(revision)}: ${asked.problem}` };
}
