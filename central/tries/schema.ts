// The tables of dry runs as Kysely sees them; central/migrations/0012-tries.ts makes them.
import type { Generated } from 'kysely';

type TryTable = {
  /** In the order in which they were asked for. */
  n: Generated<number>;
  id: string;
  title: string;
  revision: number;
  query: string;
  days: number;
  by_whom: string;
  asked_ms: number;
};

type TryStoreTable = {
  id: string;
  store: string;
  document: string;
  command: string;
  result: string | null;
  questions: string;
};

export type TryTables = { config_try: TryTable; config_try_store: TryStoreTable };
