// The tables of accounts as Kysely sees them; central/migrations/0006-accounts.ts makes them.
import type { Action, Role } from '../../core/roles.ts';

export type AccountTable = {
  name: string;
  kind: 'person' | 'program';
  roles: Role[];
  /** As `hashPassword` made it; null where none opens it. */
  password: string | null;
  disabled: boolean;
  created_ms: number;
};

export type TokenTable = {
  id: string;
  account: string;
  hash: string;
  note: string | null;
  actions: Action[] | null;
  stores: string[] | null;
  created_ms: number;
  expires_ms: number;
  revoked_ms: number | null;
};

/** Never changed. */
export type AuditTable = {
  n: number;
  at_ms: number;
  who: string;
  token: string | null;
  action: string;
  subject: string;
  result: 'asked' | 'done' | 'declined' | 'refused';
  detail: string;
  chain: string;
};

export type AccountTables = { account: AccountTable; token: TokenTable; audit: AuditTable };
