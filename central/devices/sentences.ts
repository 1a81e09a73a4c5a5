// What central says about computers of stores, to people who look after them.
import type { DeviceState } from '../../core/device.ts';

type Known = { device: string; store: string; state: DeviceState };

/** Why a device that is not active is refused, and what to do. */
export function whyEnded({ device, store, state }: Known): string {
  switch (state) {
    case 'revoked':
      return `The access of this computer (${device}) to store ${store} was taken back. If that was a mistake, enrol it again with a new token.`;
    case 'replaced':
      return `Another computer took the place of this one (${device}) and speaks for store ${store} now.`;
    case 'retired':
      return `This computer (${device}) left store ${store} in order. Enrol it again if it is to come back.`;
    case 'active':
      return `This computer (${device}) now signs for store ${store} with another key: the one it shows is an old one.`;
  }
}

export const expiredSentence = (store: string): string =>
  `The certificate of this computer for store ${store} has ended. The agent renews it by itself over HTTPS: let it reach central there.`;

/** `count`: receipts and documents that it said it holds, and central does not. */
export const remainderSentence = (computer: string, count: number): string =>
  `The computer before this one (${computer}) last said that it holds ${count} receipts and documents that head ` +
  'office does not have. They are on its disk: let it send them before it is replaced, or put its mirror folder into ' +
  'the new data folder before the agent starts there. If it was replaced already, enrol it once more with --replace ' +
  'and it sends them.';

/** To that computer itself. */
export const ownRemainderSentence = (count: number): string =>
  `It holds ${count} receipts and documents that head office does not have: keep its disk until they are there.`;
