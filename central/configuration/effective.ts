// What a store has in force, or is to have where it never said, and the layer that each value comes from.
import { effectiveOf } from '../../core/configuration/layers.ts';
import { Configuration } from '../../protocol/configuration/document.ts';
import type { EffectiveConfiguration } from '../../protocol/hq/configuration.ts';
import type { Db } from '../schema.ts';
import type { Sources } from './kept.ts';
import { standings } from './standings.ts';

/** Null where central knows no such store. */
export async function effectiveAt(db: Db, sources: Sources, store: string): Promise<EffectiveConfiguration | null> {
  const [found] = await standings(db, { stores: [store] });
  if (found === undefined) {
    const known = await db.selectFrom('store').select('store').where('store', '=', store).executeTakeFirst();
    return known === undefined ? null : { store, ...NOTHING, desired: null, standing: null, why: '' };
  }
  const { desired, standing, why } = found;
  const revision = standing === null ? desired : standing.applied;
  const kept = revision === null ? null : await sources(revision);
  const told = { store, desired, standing, why };
  if (kept === null) {
    const lost =
      revision === null ? why : `The store has revision ${revision} in force, of which nothing is known here.`;
    return { ...told, ...NOTHING, revision, why: lost };
  }
  const { configuration, origins } = effectiveOf(kept.source, store);
  return { ...told, revision, configuration: Configuration.parse(configuration), origins };
}

const NOTHING = { revision: null, configuration: {}, origins: [] };
