// Answers the routes of commands: asking stores for something, and seeing what becomes of it.
import { implement, ORPCError } from '@orpc/server';
import { COMMAND_EVENTS_MAX } from '../../core/limits/commands.ts';
import type { Action } from '../../core/roles.ts';
import { commandsContract } from '../../protocol/hq/commands.ts';
import { type Keeper, type Who, whyNot } from '../accounts/who.ts';
import { type Log, messageOf } from '../log.ts';
import type { Db } from '../schema.ts';
import { readBundle } from './bundles.ts';
import { type Declined, issueCommands, listCommands, tellCommand } from './issue.ts';
import type { Commands } from './telling.ts';

export type CommandRouteParts = {
  db: Db;
  wallMs(): number;
  keeper: Keeper;
  commands: Pick<Commands, 'tell'>;
  log: Log;
};

export function commandRoutes({ db, wallMs, keeper, commands, log }: CommandRouteParts) {
  const api = implement(commandsContract).$context<{ who: Who }>();

  /** Stores stand in the body: a token of some stores may ask those, and no others. */
  async function allow(who: Who, action: Action, stores: string[], detail: string): Promise<void> {
    for (const store of stores) {
      const refusal = whyNot(who, action, store);
      if (refusal === null) continue;
      await keeper.refused(who, { action, subject: `store ${store}`, detail });
      throw new ORPCError('FORBIDDEN', { message: refusal });
    }
  }

  const tellSoon = (store: string): Promise<void> =>
    commands.tell(store).catch((error) => log.warn({ store, reason: messageOf(error) }, 'not told yet'));

  return {
    issueCommand: api.issueCommand.handler(async ({ input, context: { who } }) => {
      const { stores, command } = input.body;
      await allow(who, 'command', stores, command.kind);
      const subject = stores.length === 1 ? `store ${stores[0]}` : `${stores.length} stores`;
      const detail = `${JSON.stringify(command)} for ${stores.join(', ')}`;
      return keeper.during(who, { action: 'command', subject, detail }, async () => {
        const ids = await issueCommands(db, input, { by: who.name, nowMs: wallMs() });
        if ('code' in ids) throw declined(ids);
        for (const store of stores) await tellSoon(store);
        return (await listCommands(db, { ids, limit: ids.length })).reverse();
      });
    }),
    commands: api.commands.handler(({ input }) => listCommands(db, input)),
    command: api.command.handler(async ({ input: { id }, context: { who } }) => {
      const story = await tellCommand(db, id, COMMAND_EVENTS_MAX);
      if (story === null) throw unknownCommand(id);
      await allow(who, 'read', [story.command.store], id);
      return story;
    }),
    commandDiagnostics: api.commandDiagnostics.handler(async ({ input: { id }, context: { who } }) => {
      const [row] = await listCommands(db, { ids: [id], limit: 1 });
      if (row === undefined) throw unknownCommand(id);
      await allow(who, 'command', [row.store], `diagnostics of ${id}`);
      const asked = {
        action: 'command',
        subject: `store ${row.store}`,
        detail: `fetched the bundle of ${id}`,
      } as const;
      return keeper.during(who, asked, async () => {
        const bundle = await readBundle(db, id);
        if (bundle !== null) return bundle;
        const message = `id: no bundle came with ${id}, or newer ones have taken its place.`;
        throw declined({ code: 'NOT_FOUND', message });
      });
    }),
  };
}

const declined = ({ code, message }: Declined) => new ORPCError(code, { message });
const unknownCommand = (id: string) =>
  new ORPCError('NOT_FOUND', { message: `id: there is no command ${id}. See "tillwire command list".` });
