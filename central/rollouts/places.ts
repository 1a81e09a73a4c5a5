// Puts stores into rings again and again: remembers what a source says of places, and which stores no ring names.
import { readSource } from '../configuration/revisions.ts';
import type { Db } from '../schema.ts';
import { planOf } from './book.ts';
import { placeStores, type Rings, ringsOf } from './members.ts';
import type { RolloutTable } from './schema.ts';

export type Places = {
  /** In the caller's transaction; again is harmless. */
  place(tx: Db, rollout: RolloutTable, stores: readonly string[], nowMs: number): Promise<void>;
};

/** A revision never changes: the newest few stay read. */
const HELD_MAX = 3;

export function openPlaces(): Places {
  const held = new Map<number, Rings>();
  const unnamed = new Map<number, Set<string>>();

  async function ringsFor(tx: Db, rollout: RolloutTable): Promise<Rings> {
    const known = held.get(rollout.revision);
    if (known !== undefined) return known;
    const rings = await readRings(tx, rollout);
    held.set(rollout.revision, rings);
    const oldest = Math.min(...held.keys());
    if (held.size > HELD_MAX) held.delete(oldest);
    return rings;
  }

  return {
    async place(tx, rollout, stores, nowMs) {
      const nowhere = unnamed.get(rollout.revision) ?? new Set();
      const fresh = stores.filter((store) => !nowhere.has(store));
      if (fresh.length === 0) return;
      const found = await placeStores(tx, await ringsFor(tx, rollout), fresh, nowMs);
      unnamed.set(rollout.revision, new Set([...nowhere, ...found]));
    },
  };
}

async function readRings(tx: Db, rollout: RolloutTable): Promise<Rings> {
  const { source } = await tx
    .selectFrom('config_revision')
    .select('source')
    .where('revision', '=', rollout.revision)
    .executeTakeFirstOrThrow();
  const rings = ringsOf(rollout.revision, planOf(rollout), readSource(source));
  if ('code' in rings) throw new Error(rings.message);
  return rings;
}
