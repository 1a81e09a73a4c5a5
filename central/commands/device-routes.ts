// Answers a store's computer that sends what a command asked for.
import { implement, ORPCError } from '@orpc/server';
import { diagnosticsContract } from '../../protocol/device/diagnostics.ts';
import type { Keeper, Who } from '../accounts/who.ts';
import type { Db } from '../schema.ts';
import { keepBundle, type Sender } from './bundles.ts';

export function deviceDiagnosticsRoutes({ db, keeper, wallMs }: { db: Db; keeper: Keeper; wallMs(): number }) {
  const api = implement(diagnosticsContract).$context<Sender>();
  return {
    sendDiagnostics: api.sendDiagnostics.handler(({ input, context: { device, store } }) => {
      const who: Who = { name: `device ${device}`, token: null, roles: [], actions: [], stores: [store] };
      const asked = { action: 'command', subject: `store ${store}`, detail: `sent the bundle of ${input.id}` } as const;
      return keeper.during(who, asked, async () => {
        const kept = await keepBundle(db, { device, store }, input, wallMs());
        if ('code' in kept) throw new ORPCError(kept.code, { message: kept.message });
        return kept;
      });
    }),
  };
}
