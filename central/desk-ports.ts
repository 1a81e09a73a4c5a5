// What head office's desk keeps beside the ledger: claims, transfers, work to be done, answers that were given.
import type { ClaimCorrection, ClaimVerdict } from '../core/claims.ts';
import type { ClaimedReceipt, NotedClaim, ReceiptName, ToldVerdict } from './claims.ts';
import type { TransferLine } from './transfers.ts';

/** What one group of entries says of claims. */
export type ClaimNews = {
  claims: NotedClaim[];
  /** Receipts that were voided. */
  voided: ReceiptName[];
  /** Receipts whose sale was posted. */
  sold: ReceiptName[];
};

/** Directives about claims that are in a store's log, whoever put them there: own ones, or adopted after a restore. */
export type ClaimsTold = {
  notices: { claim: string; sale: ReceiptName; dseq: number }[];
  verdicts: (ToldVerdict & { dseq: number })[];
};

export type ClaimDetails = ClaimedReceipt & { told: ReadonlyMap<string, ToldVerdict> };

export type Claims = {
  /** Names of the receipts whose claims must be judged again: only such as anybody claims anything of. */
  note(news: ClaimNews): Promise<ReceiptName[]>;
  noteTold(store: string, told: ClaimsTold): Promise<void>;
  /** All that the verdicts on a receipt depend on. Who means to post verdicts locks it until the transaction ends. */
  read(sale: ReceiptName, lock?: 'lock'): Promise<ClaimDetails>;
  /** Adds to the claims account; the verdicts stand from then on. `line` is 0 where it is not known. */
  post(sale: ReceiptName, line: number, corrections: ClaimCorrection[], atMs: number): Promise<void>;
  /** Freezes a line; the first close stands. */
  close(sale: ReceiptName, close: { line: number; by: string; atMs: number; verdicts: ClaimVerdict[] }): Promise<void>;
};

export type Transfers = {
  /** The same line of the same entry is noted once. */
  note(lines: TransferLine[]): Promise<void>;
  read(transfer: string): Promise<TransferLine[]>;
  /** How often a question about it was raised, and whether the last one waits for an answer; locked until the end. */
  asked(transfer: string): Promise<{ round: number; isOpen: boolean }>;
  ask(transfer: string, asked: { round: number; isOpen: boolean }): Promise<void>;
};

export const TASK_KINDS = ['claims', 'decided', 'direct', 'expire', 'deadline', 'transfer'] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

/** Work that must be done once, sooner or later. `details` is JSON. */
export type Task = { kind: TaskKind; subject: string; details: string; dueMs: number };
/** `version` is another one each time that it was asked for. */
export type TakenTask = Task & { version: number };

export type Tasks = {
  /** Asks for it; where it is asked for already, again, and no later than now asked. */
  add(tasks: Task[]): Promise<void>;
  /** The one that is due longest and that nobody else takes just now; it is not due again before `leaseMs`. */
  take(nowMs: number, leaseMs: number): Promise<TakenTask | null>;
  /** Done, unless it was asked for again meanwhile or somebody else did it: false then. */
  end(task: TakenTask): Promise<boolean>;
  /** To be tried again later, unless it was asked for again meanwhile. */
  postpone(task: TakenTask, dueMs: number): Promise<void>;
};

/** What a caller was answered under its own name for the request, so that a retried one is not done twice. */
export type Answers = {
  read(scope: string, key: string): Promise<{ hash: string; answer: string } | null>;
  keep(scope: string, key: string, answer: { hash: string; answer: string; atMs: number }): Promise<void>;
};
