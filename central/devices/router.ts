// Answers what computers of stores ask over HTTPS: who they are is known before any route is reached.
import { implement } from '@orpc/server';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { REFUSED_REQUESTS_MAX, REFUSED_REQUESTS_SECONDS } from '../../core/limits/devices.ts';
import { deviceContract, enrolmentContract } from '../../protocol/device/contract.ts';
import type { Who } from '../accounts/who.ts';
import { deviceCatalogueRoutes } from '../catalogue/device-routes.ts';
import { deviceDiagnosticsRoutes } from '../commands/device-routes.ts';
import type { RouterParts } from '../router.ts';
import { deviceTryRoutes } from '../tries/device-routes.ts';
import { Declined } from './declined.ts';
import { told } from './declined-told.ts';
import { retire } from './end.ts';
import { enrol, openEnrolment } from './enrol.ts';
import type { DeviceParts } from './parts.ts';
import { openPositions } from './positions.ts';
import { activeDevice } from './registry.ts';
import { changeKey, renew } from './renew.ts';
import type { DeviceContext } from './requests.ts';

/** What a device does stands in the log in its name, which is none that an account can have. */
const nameOf = (device: string, store: string): Who => ({
  ...{ name: `device ${device}`, token: null, roles: [], actions: [], stores: [store] },
});

/** Becoming a device; `address` is where the request comes from. */
export function enrolmentRouter(parts: DeviceParts, newDevice: () => string) {
  const { keeper } = parts;
  const api = implement(enrolmentContract).$context<{ address: string }>();
  const wrong = new RateLimiterMemory({ points: REFUSED_REQUESTS_MAX, duration: REFUSED_REQUESTS_SECONDS });
  return api.router({
    enrol: api.enrol.handler(async ({ input, context: { address } }) => {
      const asked = { action: 'enrol' as const, subject: `store ${input.store ?? '?'}`, detail: 'by a token' };
      const opened = await told(
        openEnrolment(parts, input).catch(async (error: unknown) => {
          if (!(error instanceof Declined)) throw error;
          // Guessing is hopeless; that it is tried must not fill the log. A right token is heard all the same.
          await wrong.consume(address).catch(() => {
            throw new Declined('TOO_MANY_REQUESTS', 'token: too many wrong ones from here. Wait for some minutes.');
          });
          await keeper.refused(null, asked);
          throw error;
        }),
      );
      const { token, store } = opened;
      const active = await activeDevice(parts.db, store);
      const device = active?.public_key === input.publicKey ? active.device : newDevice();
      const detail = `computer ${input.computer} with token ${token.id}`;
      return keeper.during(nameOf(device, store), { ...asked, subject: `store ${store}`, detail }, () =>
        told(enrol(parts, { ...opened, device, input })),
      );
    }),
  });
}

/** All that is signed; each part answers its own routes. */
export function deviceRouter({ devices: parts }: RouterParts) {
  const { db, keeper } = parts;
  const positions = openPositions(parts);
  const api = implement(deviceContract).$context<DeviceContext>();
  const during = <T>({ device, store }: DeviceContext, detail: string, work: () => Promise<T>): Promise<T> =>
    keeper.during(nameOf(device, store), { action: 'enrol', subject: `store ${store}`, detail }, () => told(work()));
  return api.router({
    ...deviceCatalogueRoutes(parts),
    ...deviceDiagnosticsRoutes(parts),
    ...deviceTryRoutes(parts),
    certificates: api.certificates.handler(({ context }) => during(context, 'renewed', () => renew(parts, context))),
    keys: api.keys.handler(({ input, context }) =>
      during(context, 'went on with another key', () => changeKey(parts, context, input)),
    ),
    retirement: api.retirement.handler(({ input, context }) =>
      during(context, 'left in order', () => retire(parts, context, input.certificate)),
    ),
    positions: api.positions.handler(({ input, context: { store } }) => positions({ ...input, store })),
    stores: api.stores.handler(async () => {
      const rows = await db.selectFrom('store').select('store').orderBy('store').execute();
      return rows.map(({ store }) => ({ store, name: store }));
    }),
  });
}
