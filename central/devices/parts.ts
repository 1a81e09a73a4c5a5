// What the work for devices is given: the shell opens it, tests fit their own.

import type { Signer } from '../../protocol/wire/signing.ts';
import type { Keeper } from '../accounts/who.ts';
import type { BrokerAccess } from '../broker-access/port.ts';
import type { Log } from '../log.ts';
import type { Db } from '../schema.ts';
import type { AccessKeeper } from './access-keeper.ts';
import type { DeviceAuthority } from './authority.ts';

/** How devices reach this central, and what they get. */
export type DeviceSetup = {
  authority: DeviceAuthority;
  /** Lets devices in at the broker; null where the broker lets everybody in. */
  access: BrokerAccess | null;
  /** The broker as stores reach it, and the authority of its certificate (PEM) where it is no public one. */
  broker: { url: string; authority: string | null };
  /** Central as stores reach it, where that is not by the first name of its HTTPS door. */
  central: { url: string | null; authority: string | null };
  /** How long certificates live. */
  certificateMs: number;
};

export type DeviceParts = {
  db: Db;
  keeper: Keeper;
  signer: Signer;
  setup: DeviceSetup;
  access: AccessKeeper;
  wallMs(): number;
  log: Log;
  /** Central as stores reach it. */
  centralUrl(): string;
  /** Tells whoever speaks for the store now, at once, that it does not any more; lost without a trace where it is away. */
  sayRefused(store: string, session: Ended, message: string): void;
};

/** The session that was open; null where none was. */
export type Ended = { instance: string; session: string } | null;
