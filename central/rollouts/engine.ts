// Moves rollouts on: which ring each store belongs to, how stores stand, and what the law of rollouts says then.
import { sql } from 'kysely';
import { afterStep, nextRolloutStep, type Rollout, type RolloutStep } from '../../core/configuration/rollout.ts';
import type { RolloutPlan } from '../../protocol/configuration/plan.ts';
import type { RolloutEvent } from '../../protocol/hq/rollouts.ts';
import type { Db } from '../schema.ts';
import { CENTRAL, emptyTally, noteEvent, OPEN_STATES, planOf, storesOf, talliesOf } from './book.ts';
import { dropLeft, followStandings, strayStores, unplacedStores } from './members.ts';
import type { Places } from './places.ts';
import type { RolloutTable } from './schema.ts';
import { change, locked, type SteerParts, takeBack } from './steer.ts';

export type EngineParts = SteerParts & {
  places: Places;
  /** Of central's configuration: in the caller's transaction; again is harmless. */
  offer(tx: Db, released: { stores: readonly string[]; revision: number }, nowMs: number): Promise<void>;
};

/** Whether one goes on, or waits for somebody. */
export const hasOpen = async (db: Db): Promise<boolean> =>
  (await db.selectFrom('rollout').select('revision').where('state', 'in', OPEN_STATES).executeTakeFirst()) !==
  undefined;

/**
 * One look. All that is known is in the database, and each rollout is moved on in one transaction: a central that was
 * killed goes on where it was.
 */
export async function lookAtRollouts(parts: EngineParts, nowMs: number): Promise<void> {
  const newest = await parts.db.selectFrom('rollout').select('revision').orderBy('revision', 'desc').executeTakeFirst();
  if (newest === undefined) return;
  await locked(parts.db, newest.revision, async (tx, rollout) => {
    await moveOn(parts, tx, rollout, nowMs);
    return null;
  });
  await giveStrays(parts, nowMs);
}

async function moveOn(parts: EngineParts, tx: Db, rollout: RolloutTable, nowMs: number): Promise<void> {
  const { revision, state } = rollout;
  if (state !== 'stopped' && state !== 'aborted') {
    await parts.places.place(tx, rollout, await unplacedStores(tx, revision), nowMs);
    await dropLeft(tx, revision);
  }
  await followStandings(tx, revision, nowMs);
  if (await expire(parts, tx, rollout, nowMs)) return;
  if (state === 'running') await goBy(parts, tx, rollout, nowMs);
  // What joined since then belongs to it as well.
  if (state === 'done' && nowMs < rollout.expires_ms) await giveOpen(parts, tx, revision, nowMs);
}

/** What the law says, step by step, until it says to rest. */
async function goBy(parts: EngineParts, tx: Db, rollout: RolloutTable, nowMs: number): Promise<void> {
  const { revision } = rollout;
  const plan = planOf(rollout);
  const tallies = (await talliesOf(tx, [revision])).get(revision) ?? [];
  const counted = plan.rings.map((_, ring) => {
    const tally = tallies[ring] ?? emptyTally();
    return { stores: storesOf(tally), good: tally.good, failed: tally.failed };
  });
  let standing = await readStanding(tx, rollout);
  for (;;) {
    const step = nextRolloutStep(plan.rings, standing, counted, nowMs);
    await carryOut(parts, tx, { rollout, plan, step }, nowMs);
    standing = afterStep(standing, step, nowMs);
    if (step.do === 'rest' || standing.state !== 'running') break;
  }
  if (standing.state !== 'stopped') await giveOpen(parts, tx, revision, nowMs);
}

async function readStanding(tx: Db, { revision, state }: RolloutTable): Promise<Rollout> {
  const rings = await tx
    .selectFrom('rollout_ring')
    .selectAll()
    .where('revision', '=', revision)
    .orderBy('ring')
    .execute();
  return { state, rings: rings.map(({ opened_ms, reached_ms }) => ({ openedMs: opened_ms, reachedMs: reached_ms })) };
}

type Carried = { rollout: RolloutTable; plan: RolloutPlan; step: RolloutStep };

async function carryOut(parts: EngineParts, tx: Db, { rollout, plan, step }: Carried, nowMs: number): Promise<void> {
  const { revision } = rollout;
  const note = (what: RolloutEvent['what'], ring: number | null, message = '') =>
    noteEvent(tx, {
      ...{ revision, atMs: nowMs, what, by: CENTRAL, message },
      ring: ring === null ? null : (plan.rings[ring]?.name ?? null),
    });
  const mark = (ring: number, times: { opened_ms: number } | { reached_ms: number | null }) =>
    tx.updateTable('rollout_ring').set(times).where('revision', '=', revision).where('ring', '=', ring).execute();
  switch (step.do) {
    case 'open':
      await mark(step.ring, { opened_ms: nowMs });
      await note('opened', step.ring);
      return;
    case 'reached':
      await mark(step.ring, { reached_ms: nowMs });
      await note('reached', step.ring);
      return;
    case 'unreached':
      await mark(step.ring, { reached_ms: null });
      await note('unreached', step.ring);
      return;
    case 'stop': {
      const why = { revision, by: CENTRAL, nowMs, reason: step.why };
      return takeBack(parts, tx, { ...why, what: 'stopped', why: step.why, ring: plan.rings[step.ring]?.name ?? null });
    }
    case 'finish':
      await change(tx, revision, { state: 'done', why: '', changed_ms: nowMs });
      await note('done', null);
      return;
    case 'rest': {
      const why = REST[step.why] ?? '';
      if (why !== rollout.why) await change(tx, revision, { why });
    }
  }
}

/** What a person has to know to help it on. */
const REST: Partial<Record<Extract<RolloutStep, { do: 'rest' }>['why'], string>> = {
  'out-of-reach': 'So many stores failed that the ring cannot be reached any more. Abort it, or mend those stores.',
  empty:
    'No store belongs to the ring that is open, so nobody has shown that it is any good. Abort it and mend its query.',
};

/** Stores of open rings that were not given it yet. */
async function giveOpen({ offer }: EngineParts, tx: Db, revision: number, nowMs: number): Promise<void> {
  const { rows } = await sql<{ store: string }>`
    update rollout_store m set state = 'given', since_ms = ${nowMs}::bigint from rollout_ring g
    where g.revision = m.revision and g.ring = m.ring and g.opened_ms is not null
      and m.revision = ${revision} and m.state = 'later' returning m.store`.execute(tx);
  await offer(tx, { stores: rows.map(({ store }) => store), revision }, nowMs);
}

/** No store takes it any more; those that have it keep it. Of one that waits for approval no store has it. */
async function expire(parts: EngineParts, tx: Db, rollout: RolloutTable, nowMs: number): Promise<boolean> {
  const { revision, state } = rollout;
  if (nowMs < rollout.expires_ms || !OPEN_STATES.some((open) => open === state)) return false;
  if (state === 'waiting') {
    const why = 'It expired before anybody approved it.';
    const taken = { revision, by: CENTRAL, nowMs, reason: why, why, ring: null } as const;
    await takeBack(parts, tx, { ...taken, what: 'aborted' });
    return true;
  }
  const why = 'It has expired: stores that have it keep it, and no further one takes it.';
  await change(tx, revision, { state: 'done', why, changed_ms: nowMs });
  await noteEvent(tx, { revision, atMs: nowMs, what: 'done', by: CENTRAL, ring: null, message: why });
  return true;
}

/** Stores that joined later get the newest revision whose rollout is done and that one of its rings is for. */
async function giveStrays(parts: EngineParts, nowMs: number): Promise<void> {
  const { db, places } = parts;
  const done = await db
    .selectFrom('rollout')
    .selectAll()
    .where('state', '=', 'done')
    .where('expires_ms', '>', nowMs)
    .orderBy('revision', 'desc')
    .execute();
  for (const rollout of done) {
    const strays = await strayStores(db);
    if (strays.length === 0) return;
    await db.transaction().execute(async (tx) => {
      await places.place(tx, rollout, strays, nowMs);
      await giveOpen(parts, tx, rollout.revision, nowMs);
    });
  }
}
