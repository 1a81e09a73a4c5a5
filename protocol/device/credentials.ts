// What a computer gets at enrolment and at each renewal: who it is, and how it reaches the broker and central.
import { z } from 'zod';
import { StoreId } from '../fact.ts';

const Millis = z.int().nonnegative();
const PublicKey = z.string().regex(/^[0-9a-f]{64}$/);
const Pem = z.string().max(65_536);

/** Minted by central, for ever: one computer that was enrolled once. */
export const DeviceId = z.string().regex(/^d[0-9a-f]{12}$/, { error: 'a device is d and 12 hex digits' });

/** How this device signs in at the broker; the client id is bound to the user name there. */
export const BrokerLogin = z.strictObject({
  url: z.string(),
  clientId: z.string(),
  username: z.string(),
  password: z.string(),
  /** Authority of the broker's certificate, in PEM; null where the computer's own authorities are meant. */
  authority: Pem.nullable(),
});
export type BrokerLogin = z.infer<typeof BrokerLogin>;

export const Credentials = z.strictObject({
  v: z.literal(1),
  device: DeviceId,
  store: StoreId,
  /** X.509 in PEM, of the device's Ed25519 key, signed by central's authority; common name the store, unit the device. */
  certificate: Pem,
  /** Valid from and until, by central's clock; renewed after two thirds of it (S14). */
  fromMs: Millis,
  untilMs: Millis,
  broker: BrokerLogin,
  /** Authority of central's HTTPS certificate; null where the computer's own authorities are meant. */
  authority: Pem.nullable(),
  /** Central's public key, in hex: the store believes no other from its first hello on. */
  centralKey: PublicKey,
  /** Central's time when it made them. */
  atMs: Millis,
});
export type Credentials = z.infer<typeof Credentials>;
