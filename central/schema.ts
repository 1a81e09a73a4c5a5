// The tables of the central ledger as Kysely sees them; central/migrations makes them.
import type { Kysely } from 'kysely';

/** One row: who this central is. A new database is a new incarnation. */
type CentralTable = { one: boolean; incarnation: string; created_ms: number };

type StoreTable = { store: string; created_ms: number };

/** Public keys that may sign for a store (L9). */
type DeviceKeyTable = { store: string; key_id: string; public_key: string; pinned_ms: number };

/** Where the stream of a store's facts stands: one row per store, locked by whoever works for that store. */
type StreamTable = {
  store: string;
  epoch: number | null;
  life: string | null;
  seq: number;
  chain: string | null;
  dseq: number;
  instance: string | null;
  session: string | null;
  /** Nonce of the hello that began the session: the same hello twice begins it once. */
  hello: string | null;
  superseded: string[];
  entries: number;
  dead_letters: number;
  posted_ms: number | null;
};

/** Every entry exactly as it was received; never changed. */
type EntryTable = {
  store: string;
  epoch: number;
  seq: number;
  bytes: Buffer;
  chain: string;
  /** Its natural key, which names kind, till and day, and the number that people look for; null where unreadable. */
  key: string | null;
  number: string | null;
  outcome: string;
  reason: string | null;
  posted_ms: number;
  /** Last sequence number of the signed batch it came in: names its evidence. */
  batch_last: number;
};

/** The natural keys ever posted, over all epochs (D3). */
type FactKeyTable = { store: string; key: string; epoch: number; seq: number; content_hash: string };

/** What the device signed (D5). */
type BatchEvidenceTable = {
  store: string;
  epoch: number;
  first: number;
  last: number;
  statement: string;
  key_id: string;
  signature: string;
  posted_ms: number;
};

type PostingTable = {
  id: number;
  store: string;
  epoch: number;
  seq: number;
  line: number;
  sku: string;
  from_place: string;
  to_place: string;
  quantity: number;
};

export type PositionTable = {
  store: string;
  sku: string;
  known: boolean;
  shelf: number;
  reserved: number;
  in_transit: number;
  damaged: number;
  customer: number;
  supplier: number;
  shrink: number;
  adjustment: number;
};

/** Facts that a person must look at; the bytes are in the entry. */
type DeadLetterTable = { store: string; epoch: number; seq: number; reason: string; owner: string; posted_ms: number };

export type Tables = {
  central: CentralTable;
  device_key: DeviceKeyTable;
  stream: StreamTable;
  entry: EntryTable;
  fact_key: FactKeyTable;
  batch_evidence: BatchEvidenceTable;
  posting: PostingTable;
  position: PositionTable;
  dead_letter: DeadLetterTable;
  store: StoreTable;
};

export type Db = Kysely<Tables>;
