// The tables of configuration as Kysely sees them; central/migrations/0010-configuration.ts makes them.
import type { Generated } from 'kysely';
import type { ConfigurationState } from '../../protocol/wire/config-frames.ts';

/** Never changed. `signatures`: JSON of them. */
type ConfigTrustTable = {
  version: number;
  trust: string;
  signatures: string;
  by_whom: string;
  at_ms: number;
};

/** Never changed. */
type ConfigRevisionTable = {
  revision: number;
  title: string;
  /** As people wrote it. */
  source: string;
  envelope: string;
  signatures: string;
  issued_ms: number;
  expires_ms: number;
  /** JSON of the spans in which stores put it into force; null: at once. */
  times: string | null;
  by_whom: string;
  at_ms: number;
};

/** Never changed. */
type ConfigWithdrawalTable = {
  revision: number;
  withdrawal: string;
  key_id: string;
  signature: string;
  reason: string;
  by_whom: string;
  at_ms: number;
};

/** Which stores a revision was released to; never changed. The newest that is not withdrawn is the one to have. */
type ConfigOfferTable = { store: string; revision: number; at_ms: number };

/** No store gets it newly for now; those that have it keep it. */
type ConfigHoldTable = { revision: number; at_ms: number };

/** What is retained for a store at the broker, and how it last said that it stands; times by central's clock. */
export type ConfigStoreTable = {
  store: string;
  /** Counts what it should be told anew; `given` is the one of these that the broker has. */
  wanted: Generated<number>;
  given: Generated<number>;
  /** The revision in what the broker has; null for none. */
  told: number | null;
  told_ms: number | null;
  applied: number | null;
  desired: number | null;
  /** Null where it never said how it stands. */
  state: ConfigurationState | null;
  message: Generated<string>;
  since_ms: Generated<number>;
  is_expired: Generated<boolean>;
  trust: number | null;
  captured: Generated<number>;
  set_aside: Generated<number>;
  heard_ms: number | null;
};

export type ConfigurationTables = {
  config_trust: ConfigTrustTable;
  config_revision: ConfigRevisionTable;
  config_withdrawal: ConfigWithdrawalTable;
  config_offer: ConfigOfferTable;
  config_hold: ConfigHoldTable;
  config_store: ConfigStoreTable;
};
