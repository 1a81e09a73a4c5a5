// Answers the routes of dry runs: asking stores what a configuration would change, and seeing what they say.
import { implement, ORPCError } from '@orpc/server';
import { triesContract } from '../../protocol/hq/tries.ts';
import type { Keeper, Who } from '../accounts/who.ts';
import type { Commands } from '../commands/telling.ts';
import { type Log, messageOf } from '../log.ts';
import type { Db } from '../schema.ts';
import { listTries, tellTry } from './results.ts';
import { startTry } from './start.ts';

export type TryRouteParts = {
  db: Db;
  wallMs(): number;
  keeper: Keeper;
  commands: Pick<Commands, 'tell'>;
  log: Log;
};

export function tryRoutes({ db, wallMs, keeper, commands, log }: TryRouteParts) {
  const api = implement(triesContract).$context<{ who: Who }>();
  const unknown = (id: string) =>
    new ORPCError('NOT_FOUND', { message: `id: there is no dry run ${id}, or not any more.` });

  return {
    startTry: api.startTry.handler(({ input, context: { who } }) => {
      const { source, stores, days } = input.body;
      const detail = `tried revision ${source.revision} ("${source.title}") on ${stores}, ${days} days`;
      return keeper.during(who, { action: 'configure', subject: 'configuration', detail }, async () => {
        const started = await startTry(db, input, { by: who.name, nowMs: wallMs() });
        if ('code' in started) throw new ORPCError(started.code, { message: started.message });
        for (const store of started.stores) {
          await commands
            .tell(store)
            .catch((error: unknown) => log.warn({ store, reason: messageOf(error) }, 'not told yet'));
        }
        const [row] = await listTries(db, started.id);
        if (row === undefined) throw unknown(started.id);
        return row;
      });
    }),
    tries: api.tries.handler(() => listTries(db)),
    try: api.try.handler(async ({ input }) => {
      const story = await tellTry(db, input.id, input);
      if (story === null) throw unknown(input.id);
      return story;
    }),
  };
}
