// Who sent a request: a device that signs with its key, in time and once (S17, F56).
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { DeviceState } from '../../core/device.ts';
import { DEVICE_REQUESTS_MAX, DEVICE_REQUESTS_SECONDS, REQUEST_CLOCK_MS } from '../../core/limits/devices.ts';
import { DeviceId } from '../../protocol/device/credentials.ts';
import { DEVICE_HEADERS, requestStatement } from '../../protocol/device/signed-request.ts';
import { isStatementSignedBy } from '../../protocol/wire/signing.ts';
import type { Db } from '../schema.ts';
import { hearOnce } from './nonces.ts';
import { findDevice } from './registry.ts';
import { whyEnded } from './sentences.ts';

/** Who asks, known before any route is reached. `key`: the request was signed with. */
export type DeviceContext = { device: string; store: string; key: 'present' | 'previous' };

export type RequestRefused = {
  status: 401 | 403 | 429;
  message: string;
  /** Whom it is about, for the log; null where nobody that is known signed it. */
  subject: string | null;
  /** Central's time, by which a device sets its own right (F27). */
  atMs: number;
  /** What became of the device, where its key is known. */
  state?: DeviceState | undefined;
};

export type Arrived = { method: string; path: string; headers: Headers; body: Uint8Array };

const PREVIOUS_KEY_PATH = '/v1/device/keys';
const NOBODY =
  'No computer that is known here signed this request: enrol this computer, or let it renew what it was given.';

export function openRequestJudge({ db, wallMs }: { db: Db; wallMs(): number }) {
  const busy = new RateLimiterMemory({ points: DEVICE_REQUESTS_MAX, duration: DEVICE_REQUESTS_SECONDS });

  return async ({ method, path, headers, body }: Arrived): Promise<DeviceContext | RequestRefused> => {
    const nowMs = wallMs();
    const device = headers.get(DEVICE_HEADERS.device) ?? '';
    const atMs = Number(headers.get(DEVICE_HEADERS.at));
    const nonce = headers.get(DEVICE_HEADERS.nonce) ?? '';
    const signature = headers.get(DEVICE_HEADERS.signature) ?? '';
    const isWellFormed =
      DeviceId.safeParse(device).success &&
      Number.isSafeInteger(atMs) &&
      /^[0-9a-f]{32}$/.test(nonce) &&
      /^[0-9a-f]{128}$/.test(signature);
    const known = isWellFormed ? await findDevice(db, device) : undefined;
    const nobody: RequestRefused = { status: 401, message: NOBODY, subject: null, atMs: nowMs };
    if (known === undefined) return nobody;
    const statement = requestStatement({ method, path, device, atMs, nonce, body });
    const fits = (key: string | null): boolean => key !== null && isStatementSignedBy(statement, signature, key);
    const isPresent = fits(known.public_key);
    if (!isPresent && !(path === PREVIOUS_KEY_PATH && fits(known.previous_key))) return nobody;
    const subject = `store ${known.store}, device ${device}`;
    const refused = (status: RequestRefused['status'], message: string, state?: DeviceState): RequestRefused => ({
      ...{ status, message, subject, atMs: nowMs, state },
    });
    if (Math.abs(atMs - nowMs) > REQUEST_CLOCK_MS) {
      return refused(401, "The clock of this computer is not near central's: set it right.");
    }
    if (known.state !== 'active') return refused(403, whyEnded(known), known.state);
    const isFew = await busy.consume(device).then(
      () => true,
      () => false,
    );
    if (!isFew) return refused(429, 'This computer asks too often: it has to wait for a minute.');
    if (!(await hearOnce(db, device, nonce, nowMs))) return refused(401, 'This request was heard before.');
    return { device, store: known.store, key: isPresent ? 'present' : 'previous' };
  };
}
