// How a device shows at central's HTTPS door who it is: it signs each request with its own key, through any proxy.
import { hex } from '../../core/hash.ts';
import { sha256 } from '../sha256.ts';

export const DEVICE_HEADERS = {
  device: 'tillwire-device',
  /** Milliseconds by the device's clock, set right by what central last said of its own. */
  at: 'tillwire-at',
  /** 32 hex digits, new for each request. */
  nonce: 'tillwire-nonce',
  /** Ed25519 over `requestStatement`, in hex. */
  signature: 'tillwire-signature',
} as const;

export type SignedParts = {
  method: string;
  /** With the query, as it is sent: /v1/device/... */
  path: string;
  device: string;
  atMs: number;
  nonce: string;
  body: Uint8Array;
};

export const requestStatement = ({ method, path, device, atMs, nonce, body }: SignedParts): string =>
  ['tillwire request', method, path, device, String(atMs), nonce, hex(sha256(body))].join('\n');

/** What a new key says of itself when it enrols or takes the place of an older one: that its owner holds it. */
export const possessionStatement = (publicKey: string, about: string): string =>
  `tillwire possession\n${publicKey}\n${about}`;
