// An active device keeps what it was given fresh, also after it has ended (D22), and goes on with another key.
import type { Credentials } from '../../protocol/device/credentials.ts';
import { possessionStatement } from '../../protocol/device/signed-request.ts';
import { isStatementSignedBy } from '../../protocol/wire/signing.ts';
import { giveCredentials, periodOf } from './credentials.ts';
import { Declined } from './declined.ts';
import type { DeviceParts } from './parts.ts';
import { findDevice, findKey, lockDevices, setPresentKey } from './registry.ts';
import type { DeviceContext } from './requests.ts';
import type { DeviceTable } from './schema.ts';
import { whyEnded } from './sentences.ts';

type Tx = Parameters<typeof findDevice>[0];

export async function renew(parts: DeviceParts, { device }: DeviceContext): Promise<Credentials> {
  const period = periodOf(parts.setup, parts.wallMs());
  const row = await parts.db.transaction().execute(async (tx) => {
    const known = await lockActive(tx, device, period.fromMs);
    await extend(tx, device, period);
    return known;
  });
  return giveCredentials(parts, { device, store: row.store, publicKey: row.public_key }, period);
}

/** The old key is evidence from now on. Asked once more with the old key, for a lost answer, it gives anew. */
export async function changeKey(
  parts: DeviceParts,
  { device, key }: DeviceContext,
  { publicKey, proof }: { publicKey: string; proof: string },
): Promise<Credentials> {
  if (!isStatementSignedBy(possessionStatement(publicKey, device), proof, publicKey)) {
    throw new Declined('FORBIDDEN', 'proof: it does not show that this computer holds the new key.');
  }
  const period = periodOf(parts.setup, parts.wallMs());
  const nowMs = period.fromMs;
  const { store } = await parts.db.transaction().execute(async (tx) => {
    const known = await lockActive(tx, device, nowMs);
    await extend(tx, device, period);
    if (known.public_key === publicKey) return known;
    if (key === 'previous') throw new Declined('FORBIDDEN', 'publicKey: this computer has gone on with another key.');
    if ((await findKey(tx, publicKey)) !== null) {
      throw new Declined('CONFLICT', 'publicKey: this key was used before. Make a new one.');
    }
    await tx
      .updateTable('device')
      .set({ public_key: publicKey, previous_key: known.public_key })
      .where('device', '=', device)
      .execute();
    await setPresentKey(tx, { store: known.store, device, publicKey, nowMs });
    return known;
  });
  return giveCredentials(parts, { device, store, publicKey }, period);
}

async function lockActive(tx: Tx, device: string, nowMs: number): Promise<DeviceTable> {
  const before = await findDevice(tx, device);
  if (before !== undefined) await lockDevices(tx, before.store, nowMs);
  const known = await findDevice(tx, device);
  if (known?.state === 'active') return known;
  throw new Declined('FORBIDDEN', known === undefined ? 'This computer is not known here.' : whyEnded(known));
}

const extend = (tx: Tx, device: string, { fromMs, untilMs }: { fromMs: number; untilMs: number }): Promise<unknown> =>
  tx.updateTable('device').set({ from_ms: fromMs, until_ms: untilMs }).where('device', '=', device).execute();
