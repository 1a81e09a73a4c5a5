// The tables of a ledger in memory: the same rows and unique keys as central/migrations makes.

import type { ToldVerdict } from '../../central/claims.ts';
import type { Stream } from '../../central/judge.ts';
import type { DirectiveRow, HeldException } from '../../central/law-ports.ts';
import type { ProvisionalShelf } from '../../central/ports.ts';
import type { LetterRow, OutcomeRow, PostingRow } from '../../central/rows.ts';
import type { At } from '../../core/order.ts';
import type { Effect, Shelf } from '../../core/shelf.ts';
import type { Batch } from '../../protocol/wire/frames.ts';
import type { AnswerRow, ClaimsRow, ReceiptRow, TaskRow, TransferRow } from './memory-desk.ts';
import { openHistory, openTable, type Staging } from './memory-table.ts';

/** A stream without what belongs to others or is told by its directives. */
export type StreamRow = Omit<Stream, 'store' | 'deviceKey' | 'incarnation' | 'closing' | 'fromSuperseded'> & {
  /** Instances that were taken over, the latest first. */
  superseded: string[];
  entries: number;
  postedMs: number | null;
};

export type EntryRow = OutcomeRow & {
  epoch: number;
  seq: number;
  bytes: Uint8Array;
  chain: string;
  key: string | null;
  postedMs: number;
  batchLast: number;
};

export type KeyRow = { key: string; epoch: number; seq: number; hash: string };
export type EvidenceRow = { epoch: number; batch: Batch };
export type ShelfRow = { sku: string; shelf: Shelf };
export type DeadLetterRow = LetterRow & { postedMs: number; releasedDseq: number | null };
export type DeviceKeyRow = { keyId: string; publicKey: string; pinnedMs: number };

/** All that is kept for a store, in one row. */
export type ProvisionalRow = { shelves: Map<string, ProvisionalShelf & { tip: At; atMs: number }> };

/** The store under which what belongs to central itself is kept. */
export const CENTRAL = '';

export type Tables = ReturnType<typeof openTables>;

export const openTables = () => ({
  central: openHistory<{ incarnation: string; lost: boolean }>('central'),
  deviceKeys: openHistory<DeviceKeyRow>('device key'),
  streams: openTable<StreamRow>('stream'),
  entries: openHistory<EntryRow>('entry'),
  keys: openHistory<KeyRow>('key'),
  evidence: openHistory<EvidenceRow>('evidence'),
  postings: openHistory<PostingRow>('posting'),
  shelves: openTable<ShelfRow>('shelf'),
  effects: openTable<{ effects: Effect[] }>('effect'),
  taken: openHistory<{ subject: string; entry: string }>('taken'),
  directives: openHistory<DirectiveRow>('directive'),
  directiveOutcomes: openHistory<OutcomeRow & { dseq: number }>('directive outcome'),
  changes: openHistory<{ entry: string; outcome: string; by: string }>('outcome change'),
  exceptions: openTable<HeldException>('exception'),
  deadLetters: openTable<DeadLetterRow>('dead letter'),
  provisional: openTable<ProvisionalRow>('provisional'),
  claims: openTable<ClaimsRow>('claims'),
  claimsTold: openTable<ToldVerdict>('claim told'),
  receipts: openTable<ReceiptRow>('receipt'),
  transfers: openTable<TransferRow>('transfer'),
  tasks: openTable<TaskRow>('task'),
  answers: openHistory<AnswerRow>('answer'),
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
  shelves: tables.shelves.open(staging),
  effects: tables.effects.open(staging),
  taken: tables.taken.open(staging),
  directives: tables.directives.open(staging),
  directiveOutcomes: tables.directiveOutcomes.open(staging),
  changes: tables.changes.open(staging),
  exceptions: tables.exceptions.open(staging),
  deadLetters: tables.deadLetters.open(staging),
  provisional: tables.provisional.open(staging),
  claims: tables.claims.open(staging),
  claimsTold: tables.claimsTold.open(staging),
  receipts: tables.receipts.open(staging),
  transfers: tables.transfers.open(staging),
  tasks: tables.tasks.open(staging),
  answers: tables.answers.open(staging),
});

export const entryKey = (epoch: number, seq: number): string => `${epoch}/${seq}`;
