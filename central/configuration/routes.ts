// Answers the routes of configuration: whose signatures count, revisions, what holds for a store.
import { implement, ORPCError } from '@orpc/server';
import { configurationContract } from '../../protocol/hq/configuration.ts';
import type { Keeper, Who } from '../accounts/who.ts';
import type { Db } from '../schema.ts';
import { effectiveAt } from './effective.ts';
import { listRevisions, openSources, readRevision } from './kept.ts';
import type { Configurations } from './office.ts';
import { standings } from './standings.ts';
import { addTrust, listTrusts } from './trusts.ts';

export type ConfigurationRouteParts = {
  db: Db;
  keeper: Keeper;
  wallMs(): number;
  configuration: Pick<Configurations, 'wake'>;
};

export function configurationRoutes({ db, keeper, wallMs, configuration }: ConfigurationRouteParts) {
  const api = implement(configurationContract).$context<{ who: Who }>();
  const sources = openSources(db);
  return {
    addTrust: api.addTrust.handler(({ input: { signed }, context: { who } }) => {
      const asked = { action: 'configure', subject: 'trusted keys', detail: signed.trust } as const;
      return keeper.during(who, asked, async () => {
        const added = await db.transaction().execute((tx) => addTrust(tx, signed, { by: who.name, nowMs: wallMs() }));
        if (typeof added !== 'number') throw new ORPCError(added.code, { message: added.message });
        configuration.wake();
        const row = (await listTrusts(db)).find(({ version }) => version === added);
        if (row === undefined) throw new Error(`statement ${added} of trusted keys is not there`);
        return row;
      });
    }),
    trusts: api.trusts.handler(() => listTrusts(db)),
    configurationRevisions: api.configurationRevisions.handler(({ input }) => listRevisions(db, input)),
    configurationRevision: api.configurationRevision.handler(async ({ input: { revision } }) => {
      const found = await readRevision(db, revision);
      if (found !== null) return found;
      throw new ORPCError('NOT_FOUND', { message: `revision: no revision ${revision} was ever published here.` });
    }),
    configurationEffective: api.configurationEffective.handler(async ({ input: { store } }) => {
      const found = await effectiveAt(db, sources, store);
      if (found !== null) return found;
      throw new ORPCError('NOT_FOUND', { message: `store: central knows no store ${store}. Check its name.` });
    }),
    configurationStores: api.configurationStores.handler(({ input }) => standings(db, input)),
  };
}
