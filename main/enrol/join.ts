// A computer becomes the device of its store: its key, the token, and what central gives it, kept before it counts (S8).
import { COMPUTER_NAME_LENGTH_MAX } from '../../core/limits/devices.ts';
import type { Credentials } from '../../protocol/device/credentials.ts';
import { Enrolled, EnrolmentToken, enrolmentTokenId } from '../../protocol/device/enrolment.ts';
import { possessionStatement } from '../../protocol/device/signed-request.ts';
import type { NetworkSettings } from '../../protocol/settings.ts';
import { openSigner, type Signer } from '../../protocol/wire/signing.ts';
import { makePrivateFolder } from '../../storage/private-folder.ts';
import { assertSafeCentral, CentralDeclined, deviceClient, makeCentralClock } from '../device-client.ts';
import { UsageError } from '../usage-error.ts';
import { version } from '../version.ts';
import { keep, problemOf, readKept } from './kept.ts';
import { dropNextKey, openNextKey, openPresentKey } from './keys.ts';
import { type Machine, readMachine } from './machine.ts';

/** What head office gave out for this computer. */
export type Invitation = {
  token: string;
  /** https://..., or http:// of this very computer. */
  central: string;
  /** Of central's certificate, in PEM; null for the computer's own authorities. */
  authority: string | null;
  /** Null where the token says it. */
  store: string | null;
  /** Central's key as an enrolment file names it: no other central is enrolled at. */
  centralKey?: string | undefined;
};

export type JoinParts = {
  folder: string;
  network(): NetworkSettings;
  /** How the folder's key is opened where it is no file of it. */
  deviceKey?: (() => Promise<string>) | undefined;
  wallMs(): number;
  /** Of this computer, for tests that need several. */
  machine?: (() => Machine) | undefined;
};

export type Joined = { credentials: Credentials; remainder: string | null };

/** Throws UsageError for what a person typed wrong. */
export function readToken(token: string): string {
  const read = EnrolmentToken.safeParse(token.trim());
  if (read.success) return read.data;
  throw new UsageError('This is no enrolment token: copy it whole, it begins with twe_.');
}

/** It was enrolled by this very token: asking once more would be no second enrolment. */
export const isJoinedBy = (folder: string, token: string): boolean =>
  readKept(folder)?.token === enrolmentTokenId(token);

/**
 * Asks once; a lost answer leaves the key, and the same token with the same key is the same device again. A computer that
 * was enrolled before comes with a new key. Throws CentralDeclined, CentralSilent or UsageError; nothing has changed then.
 */
export async function join(parts: JoinParts, invitation: Invitation): Promise<Joined> {
  const { folder, wallMs, machine = readMachine } = parts;
  const { central, authority, store, centralKey } = invitation;
  assertSafeCentral(central);
  const token = readToken(invitation.token);
  makePrivateFolder(folder);
  const signer = await keyToJoin(parts);
  const { publicKey } = signer;
  const id = enrolmentTokenId(token) ?? '';
  const clock = makeCentralClock(wallMs);
  const client = deviceClient({ central, device: null, signer, authority, network: parts.network(), clock });
  const asked = {
    ...{ token, store, publicKey, agent: version },
    computer: machine().name.slice(0, COMPUTER_NAME_LENGTH_MAX) || 'unknown',
    proof: signer.sign(possessionStatement(publicKey, id)),
  };
  const joined = await client.post('/v1/device/enrolments', asked, Enrolled).catch((error: unknown) => {
    // Whatever key was made for this goes; one whose answer was lost stays, for the same device once more.
    if (error instanceof CentralDeclined) dropNextKey(folder);
    throw error;
  });
  const { credentials } = joined;
  const problem = problemOf(credentials, { publicKey, store, centralKey });
  if (problem !== null) throw new UsageError(`Central at ${central} ${problem}`);
  keep(folder, { v: 1, central, authority, token: id, credentials });
  return joined;
}

/** A key that central may have in its books already speaks for nobody else. */
async function keyToJoin({ folder, deviceKey }: JoinParts): Promise<Signer> {
  const isFirst = readKept(folder) === null;
  return openSigner(isFirst ? await openPresentKey(folder, deviceKey) : openNextKey(folder));
}
