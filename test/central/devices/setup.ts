// How devices are let in, for tests: an authority of their own, and a broker that notes what it is told.
import type { BrokerAccess } from '../../../central/broker-access/port.ts';
import { makeAuthority, openAuthority } from '../../../central/devices/authority.ts';
import type { DeviceSetup } from '../../../central/devices/parts.ts';

const DAY_MS = 86_400_000;

export async function testDevices(more: Partial<DeviceSetup> = {}): Promise<DeviceSetup> {
  return {
    authority: await openAuthority(await makeAuthority(Date.now())),
    access: null,
    broker: { url: 'mqtts://broker.example:8883', authority: null },
    central: { url: null, authority: null },
    certificateMs: 90 * DAY_MS,
    ...more,
  };
}

/** `passwords` by user name: whoever is let in now. While `isAway` it takes nothing. */
export type NotedAccess = BrokerAccess & { passwords: Map<string, string>; withdrawn: string[]; isAway: boolean };

export function noteAccess(): NotedAccess {
  const passwords = new Map<string, string>();
  const withdrawn: string[] = [];
  const heard = async (): Promise<void> => {
    if (noted.isAway) throw new Error('the broker is away');
  };
  const noted: NotedAccess = {
    ...{ passwords, withdrawn, isAway: false },
    async admit({ username }, password) {
      await heard();
      passwords.set(username, password);
    },
    async withdraw(username) {
      await heard();
      passwords.delete(username);
      withdrawn.push(username);
    },
    async admitted() {
      await heard();
      return [...passwords.keys()];
    },
    async bringUpToDate() {},
    async stop() {},
  };
  return noted;
}
