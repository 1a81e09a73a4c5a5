// What the installer leaves in the data folder for the first start of a service: which store this is, or how to join it.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ENROLMENT_FILE_BYTES_MAX } from '../core/limits/joining.ts';
import { EnrolmentFile, isEnrolmentFileWhole } from '../protocol/device/enrolment.ts';
import { StoreId } from '../protocol/fact.ts';
import { readBrokerUrl } from '../sync/broker-url.ts';
import { UsageError } from './usage-error.ts';

/** Of a store that is named, where enrolment is open. */
const Named = z.strictObject({
  store: StoreId,
  broker: z.string().refine((text) => typeof readBrokerUrl(text) !== 'string', {
    error: ({ input }) => String(readBrokerUrl(String(input))),
  }),
});
export type Named = z.infer<typeof Named>;

export const enrolmentFile = (folder: string): string => join(folder, 'enrolment.json');

/** Null where there is none. Throws a UsageError that names the file and the field. */
export function readEnrolment(folder: string): Named | EnrolmentFile | null {
  const path = enrolmentFile(folder);
  if (!existsSync(path)) return null;
  const value = statSync(path).size > ENROLMENT_FILE_BYTES_MAX ? null : parsed(path);
  const isSigned = typeof value === 'object' && value !== null && 'token' in value;
  const read = isSigned ? EnrolmentFile.safeParse(value) : Named.safeParse(value);
  if (!read.success) {
    const [first] = read.error.issues;
    const field = first?.path.join('.') ?? '';
    throw new UsageError(`${path} cannot be used${field === '' ? '' : `, field "${field}"`}: ${first?.message ?? ''}.`);
  }
  if ('token' in read.data && !isWhole(read.data)) {
    throw new UsageError(`${path} cannot be used: it was changed after head office signed it. Get it anew.`);
  }
  return read.data;
}

/** The store of a computer by its name, which has no case, or the one that the file is for. */
export function storeInFile({ store, stores }: EnrolmentFile, computer: string): string | null {
  const found = Object.entries(stores ?? {}).find(([name]) => name.toLowerCase() === computer.toLowerCase());
  return found?.[1] ?? store;
}

function isWhole(file: EnrolmentFile): boolean {
  try {
    return isEnrolmentFileWhole(file);
  } catch {
    return false;
  }
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
}
