// The tables of the central ledger as Kysely sees them; central/migrations makes them.
import type { Generated, Kysely } from 'kysely';
import type { AccountTables } from './accounts/schema.ts';
import type { CatalogueTables } from './catalogue/schema.ts';
import type { CommandTables } from './commands/schema.ts';
import type { ConfigurationTables } from './configuration/schema.ts';
import type { DeskTables } from './desk-schema.ts';
import type { DeviceKeyTable, DeviceTables } from './devices/schema.ts';
import type { RolloutTables } from './rollouts/schema.ts';
import type { TryTables } from './tries/schema.ts';

/** Who this central is and was: the newest that is not lost counts; lost ones were only shown by stores (D12). */
type CentralTable = { n: Generated<number>; incarnation: string; created_ms: number; lost: Generated<boolean> };

type StoreTable = { store: string; created_ms: number };

/** Where the stream of a store's facts stands: one row per store, locked by whoever works for that store. */
export type StreamTable = {
  store: string;
  epoch: number | null;
  life: string | null;
  seq: number;
  chain: string | null;
  dseq: number;
  directive_chain: string | null;
  held_dseq: number;
  held_chain: string | null;
  acked_dseq: number;
  promised_dseq: number;
  outcomes: string | null;
  buckets: Buffer | null;
  closed_through: string | null;
  aside: number;
  greeted: string | null;
  instance: string | null;
  session: string | null;
  /** Nonce of the hello that began the session: the same hello twice begins it once. */
  hello: string | null;
  superseded: string[];
  /** Entry up to which the store hands back what a restored central lost. */
  owed_epoch: number | null;
  owed_seq: number | null;
  owed_from: number | null;
  owed_asked: number | null;
  entries: number;
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
  /** Outcomes of its lines as JSON; null where all are plainly posted. */
  detail: string | null;
  posting_date: string | null;
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
  /** 0 for facts; of what a directive posted, with epoch and seq of its basis. */
  dseq: number;
  move: number;
  why: string;
  /** When a movement that changed on-hand happened (R6), and where it stands if not at epoch and seq. */
  lo: number | null;
  hi: number | null;
  frame: number | null;
  frame_start: number | null;
  recorded_ms: number | null;
  at_epoch: number | null;
  at_seq: number | null;
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
  /** JSON of newest count, open corrections, reservations and questions; null where there are none. */
  book: string | null;
  bucket: number;
};

/** Decisions for a store, dense from 1; never changed. */
type DirectiveTable = {
  store: string;
  dseq: number;
  bytes: Buffer;
  chain: string;
  key_id: string;
  signature: string;
  kind: string;
  basis_epoch: number;
  basis_seq: number;
  decided_ms: number;
  by_whom: string;
};

type DirectiveOutcomeTable = {
  store: string;
  dseq: number;
  outcome: string;
  reason: string | null;
  detail: string | null;
  posting_date: string | null;
  posted_ms: number;
};

/** Earlier entries whose outcome another one changed. */
type OutcomeChangeTable = { id: number; store: string; entry: string; outcome: string; by_entry: string };

/** Documents taken back, by whom. */
type TakenTable = { store: string; subject: string; entry: string };

/** Entries that concern a SKU without moving any of it. */
type UnmovedTable = { store: string; sku: string; epoch: number; seq: number; dseq: number };

/** Questions to persons; open while decided_by is null. */
type ExceptionTable = {
  store: string;
  id: string;
  type: string;
  sku: string | null;
  evidence: string[];
  message: string;
  raised_ms: number;
  deadline_ms: number;
  raised_by: string;
  decided_by: string | null;
  option: string | null;
  decided_ms: number | null;
};

/** Facts that a person must look at; the bytes are in the entry. */
type DeadLetterTable = {
  store: string;
  epoch: number;
  seq: number;
  reason: string;
  owner: string;
  posted_ms: number;
  /** refused, or waiting for a refused one, `on`; `dseq` said so. */
  kind: string;
  on_epoch: number | null;
  on_seq: number | null;
  dseq: number | null;
  /** By which other facts depend on it. */
  names: string[];
  released_dseq: number | null;
};

/** What a store says it holds, until the entries up to the tip are posted. */
type ProvisionalTable = {
  store: string;
  sku: string;
  on_hand: number;
  reserved: number;
  tip_epoch: number;
  tip_seq: number;
  at_ms: number;
};

export type Tables = DeskTables &
  AccountTables &
  CatalogueTables &
  CommandTables &
  ConfigurationTables &
  RolloutTables &
  TryTables &
  DeviceTables & {
    provisional: ProvisionalTable;
    central: CentralTable;
    device_key: DeviceKeyTable;
    stream: StreamTable;
    entry: EntryTable;
    fact_key: FactKeyTable;
    batch_evidence: BatchEvidenceTable;
    posting: PostingTable;
    position: PositionTable;
    dead_letter: DeadLetterTable;
    directive: DirectiveTable;
    directive_outcome: DirectiveOutcomeTable;
    outcome_change: OutcomeChangeTable;
    taken: TakenTable;
    unmoved: UnmovedTable;
    exception: ExceptionTable;
    store: StoreTable;
  };

export type Db = Kysely<Tables>;
