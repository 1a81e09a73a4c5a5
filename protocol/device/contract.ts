// What a store's computer asks of central over HTTPS, signed with its own key; composed of all parts that it fetches from.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { WipeCertificate } from '../wipe-certificate.ts';
import { catalogueContract } from './catalogue.ts';
import { Credentials } from './credentials.ts';
import { diagnosticsContract } from './diagnostics.ts';
import { EnrolInput, Enrolled, KeyInput } from './enrolment.ts';
import { positionsContract } from './positions.ts';
import { deviceTriesContract } from './tries.ts';

/** The one route that is not signed by a device: it becomes one. */
export const enrolmentContract = {
  enrol: oc
    .route({ method: 'POST', path: '/device/enrolments', successStatus: 201, summary: 'Become a device of a store' })
    .input(EnrolInput)
    .output(Enrolled),
};

/** Each part adds its own routes behind these. */
export const deviceContract = {
  certificates: oc
    .route({ method: 'POST', path: '/device/certificates', successStatus: 201, summary: 'A new certificate and login' })
    .input(z.strictObject({}))
    .output(Credentials),
  keys: oc
    .route({ method: 'POST', path: '/device/keys', successStatus: 201, summary: 'Go on with another key' })
    .input(KeyInput)
    .output(Credentials),
  retirement: oc
    .route({ method: 'POST', path: '/device/retirement', summary: 'Leave in order: nothing is left behind here' })
    .input(z.strictObject({ certificate: WipeCertificate }))
    .output(z.strictObject({ message: z.string() })),
  stores: oc
    .route({ method: 'GET', path: '/device/stores', summary: 'The stores that there are' })
    .output(z.array(z.strictObject({ store: z.string(), name: z.string() }))),
  ...positionsContract,
  ...catalogueContract,
  ...diagnosticsContract,
  ...deviceTriesContract,
};
