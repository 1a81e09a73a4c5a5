// Answers the routes of the fleet: all stores at one look, once or live.
import { implement, ORPCError } from '@orpc/server';
import { fleetContract } from '../../protocol/hq/fleet.ts';
import type { Who } from '../accounts/who.ts';
import { openBoard } from './board.ts';
import { type FleetParts, readFleet } from './read.ts';

export function fleetRoutes(parts: FleetParts) {
  const api = implement(fleetContract).$context<{ who: Who }>();
  const board = openBoard({ read: (store) => readFleet(parts, store), wallMs: parts.wallMs });
  return {
    fleet: api.fleet.handler(() => board.list()),
    fleetChanges: api.fleetChanges.handler(({ signal }) => {
      const changes = board.follow(signal);
      if (changes !== null) return changes;
      throw new ORPCError('TOO_MANY_REQUESTS', { message: 'Too many pages follow the stores at once. Close some.' });
    }),
    fleetStore: api.fleetStore.handler(async ({ input: { store } }) => {
      const row = await board.find(store);
      if (row !== null) return row;
      throw new ORPCError('NOT_FOUND', { message: `store: central knows no store ${store}. Check its name.` });
    }),
  };
}
