// The tables of devices as Kysely sees them; central/migrations/0007-devices.ts makes them.
import type { DeviceState } from '../../core/device.ts';

export type EnrolmentTokenTable = {
  id: string;
  hash: string;
  replace: boolean;
  created_ms: number;
  created_by: string;
  expires_ms: number;
  revoked_ms: number | null;
};

type EnrolmentPlaceTable = {
  token: string;
  store: string;
  /** Public key that used it. */
  used_by: string | null;
  used_ms: number | null;
};

export type DeviceTable = {
  device: string;
  store: string;
  state: DeviceState;
  computer: string;
  agent: string;
  public_key: string;
  /** The one before it, until the next: a lost answer to a change of keys is asked for with that one. */
  previous_key: string | null;
  token: string;
  enrolled_ms: number;
  from_ms: number;
  until_ms: number;
  ended_ms: number | null;
  ended_by: string | null;
  /** The broker was told that it is not to let it in any more. */
  withdrawn: boolean;
};

/** Public keys that may sign for a store, or once did (L9); `device` is null where one was pinned without enrolment. */
export type DeviceKeyTable = {
  store: string;
  key_id: string;
  public_key: string;
  pinned_ms: number;
  device: string | null;
  ended_ms: number | null;
  told_epoch: number | null;
  told_seq: number | null;
  told_chain: string | null;
  told_ms: number | null;
};

type DeviceNonceTable = { device: string; nonce: string; at_ms: number };

export type DeviceTables = {
  enrolment_token: EnrolmentTokenTable;
  enrolment_place: EnrolmentPlaceTable;
  device: DeviceTable;
  device_nonce: DeviceNonceTable;
};
