// The end of a device: taken back by head office, or gone in order. Central first, so that nothing waits for the broker.
import type { Revocation } from '../../protocol/hq/devices.ts';
import type { WipeCertificate } from '../../protocol/wipe-certificate.ts';
import { verifyCertificate } from '../../protocol/wipe-certificate.ts';
import { Declined } from './declined.ts';
import { readDevice } from './list.ts';
import type { DeviceParts } from './parts.ts';
import { endDevice, findDevice, lockDevices } from './registry.ts';
import type { DeviceContext } from './requests.ts';
import { whyEnded } from './sentences.ts';

/** The session ends with the commit; the broker is told behind it, again and again until it has heard (S14). */
export async function revoke(
  parts: DeviceParts,
  { device, store, by }: { device: string; store: string; by: string },
): Promise<Revocation> {
  const { db, access, setup, wallMs, sayRefused } = parts;
  const nowMs = wallMs();
  const { before, ended } = await db.transaction().execute(async (tx) => {
    const known = await findDevice(tx, device);
    if (known === undefined || known.store !== store) {
      throw new Declined(
        'NOT_FOUND',
        `device: store ${store} has no computer ${device}. "enrol list" shows those it has.`,
      );
    }
    await lockDevices(tx, store, nowMs);
    const before = (await findDevice(tx, device)) ?? known;
    const isActive = before.state === 'active';
    return { before, ended: isActive ? await endDevice(tx, before, { state: 'revoked', by, nowMs }) : null };
  });
  if (before.state === 'active') sayRefused(store, ended, whyEnded({ ...before, state: 'revoked' }));
  const isWithdrawn = await access.withdraw(device);
  const did =
    before.state === 'active'
      ? `Device ${device} speaks for store ${store} no more: central takes nothing of it from now on.`
      : `Device ${device} did not speak for store ${store} any more: it is ${before.state}.`;
  const rest = !isWithdrawn
    ? 'The broker could not be told now: it is told again and again until it has heard.'
    : setup.access === null
      ? 'The broker does not ask who somebody is, so it stays connected there.'
      : 'The broker has cut it off.';
  const row = await readDevice(db, device);
  if (row === undefined) throw new Error(`device ${device} is gone`);
  return { device: row, message: `${did} ${rest}` };
}

/** All that the certificate names must be here: then nothing is lost with the computer (L7). */
export async function retire(
  parts: DeviceParts,
  { device, store }: DeviceContext,
  certificate: WipeCertificate,
): Promise<{ message: string }> {
  const { db, access, signer, wallMs } = parts;
  const nowMs = wallMs();
  await db.transaction().execute(async (tx) => {
    await lockDevices(tx, store, nowMs);
    const known = await findDevice(tx, device);
    if (known?.state !== 'active')
      throw new Declined('CONFLICT', 'This computer does not speak for the store any more.');
    const { problems } = verifyCertificate(certificate, signer.publicKey);
    if (certificate.store !== store) problems.push(`It is about store ${certificate.store}, not ${store}.`);
    if (certificate.device.publicKey !== known.public_key) problems.push('Another computer has signed it.');
    if (problems.length > 0) throw new Declined('BAD_REQUEST', `certificate: ${problems.join(' ')}`);
    for (const { epoch, seq, chain } of certificate.epochs.slice(-1)) {
      const held = await tx
        .selectFrom('entry')
        .select('chain')
        .where('store', '=', store)
        .where('epoch', '=', epoch.ordinal)
        .where('seq', '=', seq)
        .executeTakeFirst();
      if (seq > 0 && held?.chain !== chain) {
        throw new Declined(
          'CONFLICT',
          `certificate: central does not hold entry ${seq}, so this computer must not go yet.`,
        );
      }
    }
    await endDevice(tx, known, { state: 'retired', by: `device ${device}`, nowMs });
  });
  await access.withdraw(device);
  return { message: `This computer (${device}) has left store ${store}: another one may be enrolled.` };
}
