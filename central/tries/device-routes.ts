// Answers a store's computer that fetches what it shall try, and tells what would come of it.
import { implement, ORPCError } from '@orpc/server';
import { deviceTriesContract } from '../../protocol/device/tries.ts';
import type { Keeper, Who } from '../accounts/who.ts';
import type { Sender } from '../commands/bundles.ts';
import type { Db } from '../schema.ts';
import { keepResult, taskOf } from './results.ts';

export function deviceTryRoutes({ db, keeper }: { db: Db; keeper: Keeper }) {
  const api = implement(deviceTriesContract).$context<Sender>();
  const notAsked = (id: string) =>
    new ORPCError('NOT_FOUND', { message: `id: this store is not asked to try ${id}, or not any more.` });
  return {
    tryTask: api.tryTask.handler(async ({ input: { id }, context: { store } }) => {
      const task = await taskOf(db, id, store);
      if (task === null) throw notAsked(id);
      return task;
    }),
    tryResult: api.tryResult.handler(({ input: { id, result }, context: { device, store } }) => {
      const who: Who = { name: `device ${device}`, token: null, roles: [], actions: [], stores: [store] };
      const detail = `told what dry run ${id} would change`;
      return keeper.during(who, { action: 'command', subject: `store ${store}`, detail }, async () => {
        if (!(await keepResult(db, { id, store, result }))) throw notAsked(id);
        return { message: 'Thank you.' };
      });
    }),
  };
}
