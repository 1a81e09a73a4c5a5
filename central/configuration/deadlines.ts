// How many hours questions to people have in each store, by the configuration that it says it has in force.
import { effectiveOf } from '../../core/configuration/layers.ts';
import { type DeadlineHours, hoursIn } from '../../core/exception.ts';
import { Configuration } from '../../protocol/configuration/document.ts';
import type { Db } from '../schema.ts';
import type { Sources } from './kept.ts';
import { isOffered } from './offers.ts';

export type Deadlines = {
  /** In memory: facts are posted while it is asked. Empty where a store says nothing of it. */
  hoursOf(store: string): DeadlineHours;
  /** Of all stores, as they last said; before anything is posted. */
  load(): Promise<void>;
  /** A store has another revision in force, or none. */
  follow(store: string, applied: number | null): Promise<void>;
};

const USUAL: DeadlineHours = {};

export function openDeadlines(db: Db, sources: Sources): Deadlines {
  const known = new Map<string, { applied: number; hours: DeadlineHours }>();

  async function follow(store: string, applied: number | null): Promise<void> {
    if (known.get(store)?.applied === applied) return;
    known.delete(store);
    if (applied === null) return;
    // A store may say what it likes: only what was released to it is looked at.
    const source = (await isOffered(db, store, applied)) ? await sources(applied) : null;
    if (source === null) return;
    const read = Configuration.safeParse(effectiveOf(source.source, store).configuration);
    known.set(store, { applied, hours: hoursIn(read.data?.conflicts) });
  }

  return {
    hoursOf: (store) => known.get(store)?.hours ?? USUAL,
    follow,
    async load() {
      const rows = await db
        .selectFrom('config_store')
        .select(['store', 'applied'])
        .where('applied', 'is not', null)
        .orderBy('applied')
        .execute();
      for (const { store, applied } of rows) await follow(store, applied);
    },
  };
}
