// Keeps the broker to what central knows: devices are let in, and whatever is not active is not; repeated until it is so.
import { ACCESS_LOOK_MS, ACCESS_RETRY_MS } from '../../core/limits/devices.ts';
import { DeviceId } from '../../protocol/device/credentials.ts';
import type { Admitted, BrokerAccess } from '../broker-access/port.ts';
import { type Log, messageOf } from '../log.ts';
import type { Db } from '../schema.ts';
import { forgetRequests } from './nonces.ts';

export type AccessKeeper = {
  /** Throws where the broker did not take it. */
  admit(device: Admitted, password: string): Promise<void>;
  /** False where the broker could not be told now: it is told again and again until it has heard. */
  withdraw(device: string): Promise<boolean>;
  stop(): Promise<void>;
};

type Parts = { db: Db; access: BrokerAccess | null; wallMs(): number; log: Log };

export function openAccessKeeper({ db, access, wallMs, log }: Parts): AccessKeeper {
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | null = null;
  let isStopped = false;

  const withdrawNow = async (device: string): Promise<void> => {
    await access?.withdraw(device);
    await db.updateTable('device').set({ withdrawn: true }).where('device', '=', device).execute();
  };

  /** Central keeps no passwords: a device whose login the broker forgot renews by itself. */
  const tellForgotten = (active: { device: string }[], admitted: string[]): void => {
    const known = new Set(admitted);
    const forgotten = access === null ? [] : active.filter(({ device }) => !known.has(device));
    if (forgotten.length > 0) log.warn({ devices: forgotten.length }, 'the broker knows these no more: they renew');
  };

  /** What the broker lets in is asked first: whoever it lets in was active at central before. */
  const look = async (): Promise<void> => {
    const sinceMs = wallMs();
    const admitted = access === null ? [] : (await access.admitted()).filter(isDevice);
    const rows = await db.selectFrom('device').select(['device', 'state', 'withdrawn', 'from_ms']).execute();
    const active = new Set(rows.filter(({ state }) => state === 'active').map(({ device }) => device));
    const pending = rows.filter(({ state, withdrawn }) => state !== 'active' && !withdrawn).map(({ device }) => device);
    tellForgotten(
      rows.filter(({ state, from_ms }) => state === 'active' && from_ms < sinceMs),
      admitted,
    );
    const failures: unknown[] = [];
    for (const device of new Set([...pending, ...admitted.filter((one) => !active.has(one))])) {
      if (isStopped) return;
      await withdrawNow(device).then(
        () => log.warn({ device }, 'taken back at the broker'),
        (error: unknown) => failures.push(error),
      );
    }
    await forgetRequests(db, wallMs());
    await access?.bringUpToDate();
    if (failures.length > 0) throw failures[0];
  };

  const lookAgain = (waitMs: number): void => {
    clearTimeout(timer);
    if (isStopped) return;
    timer = setTimeout(() => {
      looking = look()
        .then(() => lookAgain(ACCESS_LOOK_MS))
        .catch((error: unknown) => {
          log.warn({ reason: messageOf(error) }, 'access at the broker could not be looked at');
          lookAgain(ACCESS_RETRY_MS);
        })
        .finally(() => {
          looking = null;
        });
    }, waitMs);
  };
  lookAgain(0);

  return {
    async admit(device, password) {
      if (access === null) return;
      await access.admit(device, password);
      const row = await db.selectFrom('device').select('state').where('device', '=', device.device).executeTakeFirst();
      // It was taken back while the broker was told.
      if (row?.state !== 'active') await access.withdraw(device.username);
    },
    async withdraw(device) {
      try {
        await withdrawNow(device);
        return true;
      } catch (error) {
        log.error({ device, reason: messageOf(error) }, 'the broker could not be told: told again soon');
        lookAgain(ACCESS_RETRY_MS);
        return false;
      }
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await looking;
      await access?.stop();
    },
  };
}

/** Others at the broker are no matter of devices: central itself, and whoever its operator let in. */
const isDevice = (username: string): boolean => DeviceId.safeParse(username).success;
