// What a device gets at enrolment and at each renewal: a certificate of its key, and a new login at the broker.
import { randomBytes } from 'node:crypto';
import type { Credentials } from '../../protocol/device/credentials.ts';
import { messageOf } from '../log.ts';
import { Declined } from './declined.ts';
import type { DeviceParts, DeviceSetup } from './parts.ts';

const PASSWORD_BYTES = 32;
const SECOND_MS = 1_000;

export type Period = { fromMs: number; untilMs: number };

/** In whole seconds, as certificates have them. */
export const periodOf = ({ certificateMs }: DeviceSetup, nowMs: number): Period => ({
  fromMs: nowMs,
  untilMs: Math.floor((nowMs + certificateMs) / SECOND_MS) * SECOND_MS,
});

type Holder = { device: string; store: string; publicKey: string };

/** Throws Declined where the broker did not take the login: nothing is lost then, and the same request again repeats it. */
export async function giveCredentials(parts: DeviceParts, holder: Holder, period: Period): Promise<Credentials> {
  const { setup, signer, access, wallMs, log } = parts;
  const { device, store } = holder;
  const certificate = await setup.authority.issue({ ...holder, ...period });
  const password = randomBytes(PASSWORD_BYTES).toString('base64url');
  const clientId = `tillwire-${store}`;
  await access.admit({ store, device, username: device, clientId }, password).catch((error: unknown) => {
    log.error({ device, store, reason: messageOf(error) }, 'the broker did not take a device');
    throw new Declined('SERVICE_UNAVAILABLE', 'The broker did not take the new login. Try again in a moment.');
  });
  return {
    v: 1,
    device,
    store,
    certificate,
    ...period,
    broker: { ...setup.broker, clientId, username: device, password },
    authority: setup.central.authority,
    centralKey: signer.publicKey,
    atMs: wallMs(),
  };
}
