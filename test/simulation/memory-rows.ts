// The tables of a ledger in memory: the same rows and unique keys as central/migrations makes.
import type { Owner } from '../../central/fold.ts';
import type { Epoch } from '../../core/chain.ts';
import type { FactOutcome, Position } from '../../core/position.ts';
import type { Posting } from '../../core/posting.ts';
import type { Batch } from '../../protocol/wire/frames.ts';
import { openHistory, openTable, type Staging } from './memory-table.ts';

export type StreamRow = {
  epoch: Epoch | null;
  seq: number;
  chain: string | null;
  instance: string | null;
  session: string | null;
  hello: string | null;
  /** Instances that were taken over, the latest first. */
  superseded: string[];
  entries: number;
  deadLetters: number;
  postedMs: number | null;
};

export type EntryRow = FactOutcome & {
  epoch: number;
  seq: number;
  bytes: Uint8Array;
  chain: string;
  key: string | null;
  postedMs: number;
  batchLast: number;
};

export type KeyRow = { key: string; epoch: number; seq: number; hash: string };
export type PostingRow = Posting & { epoch: number; seq: number };
export type EvidenceRow = { epoch: number; batch: Batch };
export type PositionRow = { sku: string; position: Position };
export type DeadLetterRow = { epoch: number; seq: number; reason: string | null; owner: Owner; postedMs: number };
export type DeviceKeyRow = { keyId: string; publicKey: string; pinnedMs: number };

/** The store under which what belongs to central itself is kept. */
export const CENTRAL = '';

export type Tables = ReturnType<typeof openTables>;

export const openTables = () => ({
  central: openHistory<{ incarnation: string }>('central'),
  deviceKeys: openHistory<DeviceKeyRow>('device key'),
  streams: openTable<StreamRow>('stream'),
  entries: openHistory<EntryRow>('entry'),
  keys: openHistory<KeyRow>('key'),
  evidence: openHistory<EvidenceRow>('evidence'),
  postings: openHistory<PostingRow>('posting'),
  positions: openTable<PositionRow>('position'),
  deadLetters: openHistory<DeadLetterRow>('dead letter'),
});

export type Stages = ReturnType<typeof openStages>;

/** What one transaction sees and writes of each table. */
export const openStages = (tables: Tables, staging: Staging) => ({
  central: tables.central.open(staging),
  deviceKeys: tables.deviceKeys.open(staging),
  streams: tables.streams.open(staging),
  entries: tables.entries.open(staging),
  keys: tables.keys.open(staging),
  evidence: tables.evidence.open(staging),
  postings: tables.postings.open(staging),
  positions: tables.positions.open(staging),
  deadLetters: tables.deadLetters.open(staging),
});

export const entryKey = (epoch: number, seq: number): string => `${epoch}/${seq}`;
