// What the installer leaves in the data folder for the first start of a service: which store this is.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { StoreId } from '../protocol/fact.ts';
import { readBrokerUrl } from '../sync/broker-url.ts';
import { UsageError } from './usage-error.ts';

const Enrolment = z.strictObject({
  store: StoreId,
  broker: z.string().refine((text) => typeof readBrokerUrl(text) !== 'string', {
    error: ({ input }) => String(readBrokerUrl(String(input))),
  }),
});
export type Enrolment = z.infer<typeof Enrolment>;

export const enrolmentFile = (folder: string): string => join(folder, 'enrolment.json');

/** Null where there is none. Throws a UsageError that names the file and the field. */
export function readEnrolment(folder: string): Enrolment | null {
  const path = enrolmentFile(folder);
  if (!existsSync(path)) return null;
  const read = Enrolment.safeParse(parsed(path));
  if (read.success) return read.data;
  const [first] = read.error.issues;
  const field = first?.path.join('.') ?? '';
  throw new UsageError(`${path} cannot be used${field === '' ? '' : `, field "${field}"`}: ${first?.message ?? ''}.`);
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
}
