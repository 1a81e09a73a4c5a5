// Answers central's HTTP API: what each route asks of the ledger and of the desk.
import { implement, ORPCError } from '@orpc/server';
import { hqContract } from '../protocol/hq/contract.ts';
import { accountRoutes } from './accounts/routes.ts';
import type { Keeper, Who } from './accounts/who.ts';
import { whyNot } from './accounts/who.ts';
import { catalogueRoutes } from './catalogue/routes.ts';
import { type CommandRouteParts, commandRoutes } from './commands/routes.ts';
import { type ConfigurationRouteParts, configurationRoutes } from './configuration/routes.ts';
import { findImbalances } from './conservation.ts';
import { readCut, readCutShelves } from './cut.ts';
import { decideRequest } from './decisions.ts';
import { closeClaims } from './desk-claims.ts';
import type { Desk } from './desk-decide.ts';
import { listClaims, listTransfers } from './desk-lists.ts';
import type { DeviceParts } from './devices/parts.ts';
import { deviceRoutes } from './devices/routes.ts';
import { listExceptions } from './exceptions.ts';
import { explainShelf } from './explain.ts';
import type { Hearing } from './fleet/hearing.ts';
import { fleetRoutes } from './fleet/routes.ts';
import { closePeriod } from './periods.ts';
import type { OnlineHints } from './presence.ts';
import {
  findReceipt,
  listDeadLetters,
  listDirectives,
  listEntries,
  listPostings,
  listStock,
  listStores,
} from './queries.ts';
import { type RolloutRouteParts, rolloutRoutes } from './rollouts/routes.ts';
import type { Db } from './schema.ts';
import { readStatus } from './status.ts';
import { tryRoutes } from './tries/routes.ts';

export type RouterParts = Pick<CommandRouteParts, 'commands' | 'log'> &
  Pick<ConfigurationRouteParts, 'configuration'> &
  Pick<RolloutRouteParts, 'rollouts'> & {
    db: Db;
    hints: OnlineHints;
    hearing: Hearing;
    desk: Desk;
    /** There is work on the desk that should not wait for its next look. */
    wakeDesk(): void;
    wallMs(): number;
    keeper: Keeper;
    devices: DeviceParts;
  };

/** Who asks, known before any route is reached. */
export type Context = { who: Who };

export function centralRouter(parts: RouterParts) {
  const { db, hints, desk, wakeDesk, wallMs, keeper } = parts;
  const api = implement(hqContract).$context<Context>();
  return api.router({
    ...accountRoutes(parts),
    ...catalogueRoutes({ ...parts, signer: desk.intake.signer }),
    ...deviceRoutes(parts),
    ...commandRoutes(parts),
    ...fleetRoutes(parts),
    ...configurationRoutes(parts),
    ...rolloutRoutes(parts),
    ...tryRoutes(parts),
    status: api.status.handler(() => readStatus(db)),
    stores: api.stores.handler(({ input }) => listStores(db, input, wallMs(), hints.isOnline)),
    stock: api.stock.handler(({ input }) => listStock(db, input)),
    ledger: api.ledger.handler(({ input }) => listPostings(db, input)),
    receipt: api.receipt.handler(({ input }) => findReceipt(db, input.store, input.receipt)),
    entries: api.entries.handler(({ input }) => listEntries(db, input)),
    directives: api.directives.handler(({ input }) => listDirectives(db, input)),
    explain: api.explain.handler(({ input }) => explainShelf(db, input)),
    deadLetters: api.deadLetters.handler(({ input }) => listDeadLetters(db, input)),
    cut: api.cut.handler(async ({ input: { store } }) => known(await readCut(desk.intake.ledger, store), store)),
    cutShelves: api.cutShelves.handler(async ({ input: { store, bucket } }) =>
      known(await readCutShelves(desk.intake.ledger, store, bucket), store),
    ),
    exceptions: api.exceptions.handler(({ input }) => listExceptions(db, input, wallMs())),
    claims: api.claims.handler(({ input }) => listClaims(db, input)),
    transfers: api.transfers.handler(({ input }) => listTransfers(db, input, wallMs())),
    decide: api.decide.handler(async ({ input, context: { who } }) => {
      const { kind } = input.body.decision;
      const { store } = input.params;
      const action = kind === 'release' ? 'release' : kind === 'period-closed' ? 'close-period' : 'decide';
      const asked = { action, subject: `store ${store}`, detail: kind } as const;
      const refusal = whyNot(who, action, store);
      if (refusal !== null) {
        await keeper.refused(who, asked);
        throw new ORPCError('FORBIDDEN', { message: refusal });
      }
      return keeper.during(who, asked, async () => {
        const decided = await decideRequest(desk, {
          ...input,
          body: { ...input.body, by: nameOf(who, input.body.by) },
        });
        wakeDesk();
        if ('code' in decided) throw new ORPCError(decided.code, { message: decided.message });
        return decided;
      });
    }),
    closePeriod: api.closePeriod.handler(({ input, context: { who } }) =>
      keeper.during(
        who,
        { action: 'close-period', subject: 'all stores', detail: `through ${input.body.through}` },
        async () => {
          const closed = await closePeriod(db, desk, {
            ...input,
            body: { ...input.body, by: nameOf(who, input.body.by) },
          });
          wakeDesk();
          if ('code' in closed) throw new ORPCError(closed.code, { message: closed.message });
          return closed;
        },
      ),
    ),
    closeClaims: api.closeClaims.handler(({ input: { sale, line, by }, context: { who } }) =>
      keeper.during(who, { action: 'decide', subject: `sale ${sale}`, detail: `closed line ${line}` }, async () => {
        if (!(await closeClaims(desk, { sale, line, by: nameOf(who, by) }))) {
          const message = `sale: nothing of line ${line} of ${sale} was returned so far.`;
          throw new ORPCError('NOT_FOUND', { message });
        }
        wakeDesk();
        return { sale, line };
      }),
    ),
    conservation: api.conservation.handler(({ input }) => findImbalances(db, input)),
  });
}

/** The operator of this machine may speak for others; an account decides in its own name. */
const nameOf = (who: Who, said: string): string => (who.name === 'local' ? said : who.name);

function known<T>(answer: T | null, store: string): T {
  if (answer !== null) return answer;
  throw new ORPCError('NOT_FOUND', { message: `store: no store ${store} has ever reported here. Check its name.` });
}
