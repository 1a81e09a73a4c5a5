// Answers what people ask about computers of stores: tokens, the file for many, devices, and taking access back.
import { implement, ORPCError } from '@orpc/server';
import { devicesContract } from '../../protocol/hq/devices.ts';
import { type Keeper, type Who, whyNot } from '../accounts/who.ts';
import { told } from './declined-told.ts';
import { revoke } from './end.ts';
import { cancelToken, issueFile, issueToken } from './issue.ts';
import { listDevices } from './list.ts';
import type { DeviceParts } from './parts.ts';

type Parts = { keeper: Keeper; devices: DeviceParts };

export function deviceRoutes({ keeper, devices }: Parts) {
  const api = implement(devicesContract).$context<{ who: Who }>();
  /** For a store that stands in the body. */
  const during = async <T>(who: Who, store: string, detail: string, work: () => Promise<T>): Promise<T> => {
    const asked = { action: 'enrol', subject: `store ${store}`, detail } as const;
    const refusal = whyNot(who, 'enrol', store);
    if (refusal === null) return keeper.during(who, asked, () => told(work()));
    await keeper.refused(who, asked);
    throw new ORPCError('FORBIDDEN', { message: refusal });
  };
  return {
    issueEnrolment: api.issueEnrolment.handler(({ input, context: { who } }) => {
      const detail = `token for ${input.days} days${input.replace ? ', to replace the present computer' : ''}`;
      return during(who, input.store, detail, () => issueToken(devices, input, who.name));
    }),
    issueEnrolmentFile: api.issueEnrolmentFile.handler(({ input, context: { who } }) => {
      const { stores, days, replace } = input;
      const names = stores.map(({ store }) => store).join(' ');
      const detail = `file for ${days} days${replace ? ', to replace present computers' : ''}: ${names}`;
      return keeper.during(who, { action: 'enrol', subject: `${stores.length} stores`, detail }, () =>
        told(issueFile(devices, input, who.name)),
      );
    }),
    cancelEnrolment: api.cancelEnrolment.handler(({ input: { id }, context: { who } }) =>
      keeper.during(who, { action: 'enrol', subject: `token ${id}`, detail: 'cancelled' }, () =>
        told(cancelToken(devices, id)),
      ),
    ),
    devices: api.devices.handler(({ input }) => listDevices(devices.db, input.store)),
    revokeDevice: api.revokeDevice.handler(({ input: { params, body }, context: { who } }) => {
      const by = who.name === 'local' ? body.by : who.name;
      const detail = `access of device ${params.device} taken back`;
      return during(who, body.store, detail, () => revoke(devices, { ...params, store: body.store, by }));
    }),
  };
}
