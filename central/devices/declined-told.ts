// What was declined, as the HTTP API tells it.
import { ORPCError } from '@orpc/server';
import { Declined } from './declined.ts';

export const told = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => {
    throw error instanceof Declined ? new ORPCError(error.code, { message: error.message }) : error;
  });
