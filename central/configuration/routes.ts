// Answers the routes of configuration: whose signatures count, revisions, what holds for a store.
import { implement, ORPCError } from '@orpc/server';
import { configurationContract } from '../../protocol/hq/configuration.ts';
import type { Keeper, Who } from '../accounts/who.ts';
import type { Db } from '../schema.ts';
import type { Configurations } from './office.ts';
import { listRevisions, readRevision } from './revisions.ts';
import { standings } from './standings.ts';
import { listTrusts } from './trusts.ts';

export type ConfigurationRouteParts = {
  db: Db;
  keeper: Keeper;
  wallMs(): number;
  configuration: Pick<Configurations, 'wake'>;
};

export function configurationRoutes({ db }: ConfigurationRouteParts) {
  const api = implement(configurationContract).$context<{ who: Who }>();
  const coming = () => new ORPCError('NOT_IMPLEMENTED', { message: 'Not there yet.' });
  return {
    addTrust: api.addTrust.handler(() => {
      throw coming();
    }),
    trusts: api.trusts.handler(() => listTrusts(db)),
    configurationRevisions: api.configurationRevisions.handler(({ input }) => listRevisions(db, input)),
    configurationRevision: api.configurationRevision.handler(async ({ input: { revision } }) => {
      const found = await readRevision(db, revision);
      if (found !== null) return found;
      throw new ORPCError('NOT_FOUND', { message: `revision: there is no revision ${revision} here.` });
    }),
    configurationEffective: api.configurationEffective.handler(() => {
      throw coming();
    }),
    configurationStores: api.configurationStores.handler(({ input }) => standings(db, input)),
  };
}
