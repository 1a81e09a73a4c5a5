// How central signs in at a broker that lets in only whom it knows: a file beside central's data.
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { writePrivateFile } from '../data-folder.ts';
import { UsageError } from '../usage-error.ts';

const BrokerLogin = z.strictObject({ username: z.string().min(1).max(255), password: z.string().min(1).max(255) });
export type BrokerLogin = z.infer<typeof BrokerLogin>;

export const writeBrokerLogin = (path: string, login: BrokerLogin): void =>
  writePrivateFile(path, `${JSON.stringify(login, null, 2)}\n`);

/** Throws a UsageError that names the file. */
export function readBrokerLogin(path: string): BrokerLogin {
  if (!existsSync(path)) throw new UsageError(`${path} is not there: name the file that "tillwire prepare" wrote.`);
  try {
    return BrokerLogin.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    throw new UsageError(`${path} cannot be used: it must hold {"username": "...", "password": "..."}.`);
  }
}
