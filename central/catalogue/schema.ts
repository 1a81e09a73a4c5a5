// The tables of the catalogue as Kysely sees them; central/migrations/0008-catalogue.ts makes them.
import type { Generated } from 'kysely';
import type { CatalogueOutcome, Party } from '../../core/catalogue.ts';

type Kind = Party['kind'];

/** One row, locked by whoever changes the catalogue. */
export type CatalogueTable = { one: number; life: string; life_from: number; version: number; products: number };

/** `attributes`: canonical JSON by name, as a snapshot has it. */
type ProductTable = { sku: string; attributes: string; words: string };

export type ProposalTable = {
  n: Generated<number>;
  id: string;
  sku: string;
  attribute: string;
  by_kind: Kind;
  by_id: string;
  /** JSON. */
  value: string;
  based_on: number;
  owner_kind: Kind;
  owner_id: string;
  own: boolean;
  at_ms: number;
};

/** Never changed. */
type EntryTable = { id: string; by_kind: Kind; by_id: string; who: string; entry: string; at_ms: number };

/** Never changed: the newest one of an entry counts. */
type OutcomeTable = {
  n: Generated<number>;
  entry: string;
  by_kind: Kind;
  by_id: string;
  outcome: CatalogueOutcome['outcome'];
  version: number | null;
  proposal: string | null;
  /** JSON. */
  tell: string | null;
  sentence: string;
  at_ms: number;
};

/** Never changed. */
type DeltaTable = {
  version: number;
  life: string;
  statement: string;
  bytes: number;
  key_id: string;
  signature: string;
  who: string;
  at_ms: number;
};

type SnapshotTable = {
  version: number;
  sha256: string;
  file: Buffer;
  bytes: number;
  inflated: number;
  products: number;
};

export type CatalogueTables = {
  catalogue: CatalogueTable;
  catalogue_owner: { attribute: string; kind: Kind; id: string };
  catalogue_product: ProductTable;
  catalogue_proposal: ProposalTable;
  catalogue_entry: EntryTable;
  catalogue_outcome: OutcomeTable;
  catalogue_delta: DeltaTable;
  catalogue_snapshot: SnapshotTable;
};
