// What this device holds while it runs: credentials and the key that they are for, changed together and kept first.
import type { Credentials } from '../../protocol/device/credentials.ts';
import { openSigner, type Signer } from '../../protocol/wire/signing.ts';
import { type CentralClock, type DeviceClient, deviceClient, makeCentralClock } from '../device-client.ts';
import { UsageError } from '../usage-error.ts';
import type { JoinParts } from './join.ts';
import { type Kept, keep, problemOf, readKept } from './kept.ts';
import { openPresentKey } from './keys.ts';

export type Held = {
  /** Null while it is not enrolled. */
  kept(): Kept | null;
  pem(): string;
  signer(): Signer;
  time: CentralClock;
  /** Asks central as this device, signed by this key. */
  client(mine: Kept, key: Signer): DeviceClient;
  /** Central's answer for this key: the file first, from which on it counts. Throws UsageError where it is not for us. */
  take(mine: Kept, credentials: Credentials, key: Signer): Promise<void>;
  /** Reads again what the folder holds. */
  reload(): Promise<void>;
};

export async function openHeld(parts: JoinParts): Promise<Held> {
  const { folder, deviceKey } = parts;
  const time = makeCentralClock(parts.wallMs);
  let kept = readKept(folder);
  let pem = await openPresentKey(folder, deviceKey);
  let signer = openSigner(pem);
  async function reload(): Promise<void> {
    kept = readKept(folder);
    pem = await openPresentKey(folder, deviceKey);
    signer = openSigner(pem);
    if (kept !== null) time.setRight(kept.credentials.atMs);
  }
  return {
    kept: () => kept,
    pem: () => pem,
    signer: () => signer,
    time,
    client: ({ central, authority, credentials }, key) =>
      deviceClient({
        ...{ central, device: credentials.device, signer: key, clock: time, network: parts.network() },
        authority: credentials.authority ?? authority,
      }),
    async take(mine, credentials, { publicKey }) {
      const { device, store, centralKey } = mine.credentials;
      const problem = problemOf(credentials, { publicKey, store, device, centralKey });
      if (problem !== null) throw new UsageError(`Central at ${mine.central} ${problem}`);
      keep(folder, { ...mine, credentials });
      await reload();
    },
    reload,
  };
}
