// The tables of head office's desk as Kysely sees them; central/migrations/0004-head-office.ts makes them.

export type ClaimTable = {
  store: string;
  epoch: number;
  seq: number;
  line: number;
  /** Name of the claim: "S002/1/55/3". */
  name: string;
  sale: string;
  sale_store: string;
  sale_line: number | null;
  receipt: string;
  sku: string;
  quantity: number;
  recorded_ms: number;
  recorded_n: number;
  bound_ms: number;
  seen: number;
  absent: boolean;
  judged_line: number | null;
  verdict: string | null;
  kept: number;
  disputed: number;
  unclear: boolean;
  beaten_by: string | null;
  sentence: string | null;
};

export type ClaimPostingTable = {
  id: number;
  claim: string;
  sale: string;
  line: number;
  kept: number;
  disputed: number;
  verdict: string;
  unclear: boolean;
  beaten_by: string | null;
  sentence: string;
  posted_ms: number;
};

export type TransferLineTable = {
  transfer: string;
  store: string;
  entry: string;
  line: number;
  way: string;
  sku: string;
  quantity: number;
  document: string | null;
  counterparty: string | null;
  at_ms: number;
};

export type DeskTables = {
  claim: ClaimTable;
  claim_posting: ClaimPostingTable;
  claim_notice: { claim: string; store: string; sale: string; dseq: number };
  claim_told: {
    claim: string;
    store: string;
    dseq: number;
    kept: number;
    disputed: number;
    unclear: boolean;
    sentence: string;
  };
  claim_close: { sale: string; line: number; decided_by: string; closed_ms: number; verdicts: string };
  receipt_void: { receipt: string };
  transfer_line: TransferLineTable;
  transfer_asked: { transfer: string; round: number; is_open: boolean };
  task: { kind: string; subject: string; details: string; due_ms: number; version: number };
  answer: { scope: string; key: string; hash: string; answer: string; given_ms: number };
};
