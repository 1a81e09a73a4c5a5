// Computers of stores: enrolment tokens, devices, revocation: as central's API takes and tells them.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { DEVICE_STATES } from '../../core/device.ts';
import { ENROLMENT_DAYS_MAX, ENROLMENT_DAYS_USUAL, ENROLMENT_STORES_MAX } from '../../core/limits/devices.ts';
import { DeviceId } from '../device/credentials.ts';
import { ComputerName, EnrolmentFile } from '../device/enrolment.ts';
import { Identifier, StoreId } from '../fact.ts';

const Millis = z.int().nonnegative();

const DAYS = `a token lives 1 to ${ENROLMENT_DAYS_MAX} days`;

const wish = {
  replace: z
    .boolean()
    .default(false)
    .meta({ description: 'The computer that enrols with it takes the place of the one before it' }),
  days: z
    .int({ error: DAYS })
    .min(1, { error: DAYS })
    .max(ENROLMENT_DAYS_MAX, { error: DAYS })
    .default(ENROLMENT_DAYS_USUAL),
};

export const EnrolmentRequest = z.strictObject({ store: StoreId, ...wish });
export type EnrolmentRequest = z.infer<typeof EnrolmentRequest>;

export const IssuedEnrolment = z.strictObject({
  token: z.string().meta({ description: 'Told this once; central keeps only its hash' }),
  id: z.string(),
  store: z.string(),
  expiresMs: Millis,
  remainder: z
    .string()
    .nullable()
    .meta({ description: 'What the present computer may still hold, with the way out; null where nothing is known' }),
});
export type IssuedEnrolment = z.infer<typeof IssuedEnrolment>;

export const EnrolmentFileRequest = z.strictObject({
  stores: z
    .array(z.strictObject({ store: StoreId, computer: ComputerName.nullable() }))
    .min(1)
    .max(ENROLMENT_STORES_MAX),
  ...wish,
});
export type EnrolmentFileRequest = z.infer<typeof EnrolmentFileRequest>;

export const DeviceRow = z
  .strictObject({
    device: z.string(),
    store: z.string(),
    state: z.enum(DEVICE_STATES),
    computer: z.string(),
    keyId: z.string().meta({ description: 'First 16 hex digits of the SHA-256 of its public key' }),
    agent: z.string().meta({ description: 'Version of the program when it enrolled' }),
    enrolledMs: Millis,
    untilMs: Millis.meta({ description: 'End of its certificate' }),
    endedMs: Millis.nullable(),
    endedBy: z.string().nullable(),
    heardMs: Millis.nullable().meta({ description: 'When it last said hello' }),
    remainder: z.int().nullable().meta({
      description: 'Receipts and documents that it last said it holds and central does not; null where that is unknown',
    }),
    withdrawn: z.boolean().meta({ description: 'The broker does not let it in any more, as far as it said' }),
  })
  .meta({ id: 'Device' });
export type DeviceRow = z.infer<typeof DeviceRow>;

export const Revocation = z.strictObject({
  device: DeviceRow,
  message: z.string().meta({ description: 'What is done, and what is left to do' }),
});
export type Revocation = z.infer<typeof Revocation>;

export const devicesContract = {
  issueEnrolment: oc
    .route({
      method: 'POST',
      path: '/enrolment-tokens',
      successStatus: 201,
      summary: 'Let one computer become the device of a store',
    })
    .input(EnrolmentRequest)
    .output(IssuedEnrolment),
  issueEnrolmentFile: oc
    .route({
      method: 'POST',
      path: '/enrolment-files',
      successStatus: 201,
      summary: 'One signed file that lets the computers of many stores in',
    })
    .input(EnrolmentFileRequest)
    .output(EnrolmentFile),
  cancelEnrolment: oc
    .route({
      method: 'POST',
      path: '/enrolment-tokens/{id}/cancellation',
      summary: 'Let no computer in by this token or file any more',
    })
    .input(z.object({ id: z.string() }))
    .output(
      z.strictObject({ id: z.string(), unused: z.int().meta({ description: 'Stores that it was still good for' }) }),
    ),
  devices: oc
    .route({ method: 'GET', path: '/devices', summary: 'Computers of stores, newest first' })
    .input(z.object({ store: StoreId.optional() }))
    .output(z.array(DeviceRow)),
  revokeDevice: oc
    .route({
      method: 'POST',
      path: '/devices/{device}/revocation',
      inputStructure: 'detailed',
      summary: 'Take the access of a computer back, at once',
    })
    .input(
      z.object({
        params: z.object({ device: DeviceId }),
        body: z.strictObject({ store: StoreId, by: Identifier.default('head-office') }),
      }),
    )
    .output(Revocation),
};
