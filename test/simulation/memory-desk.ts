// What head office's desk keeps, in memory: the same topics as central/desk-ports.ts names them.

import type { ToldVerdict } from '../../central/claims.ts';
import {
  type ClaimedReceipt,
  type NotedClaim,
  type SoldReceipt,
  saleKey,
  storeOfReceipt,
} from '../../central/claims.ts';
import type { Answers, Claims, TakenTask, Task, Tasks, Transfers } from '../../central/desk-ports.ts';
import type { TransferLine } from '../../central/transfers.ts';
import { type ClaimNotice, claimId } from '../../core/claim-order.ts';
import type { ClaimVerdict } from '../../core/claims.ts';
import type { Fact } from '../../core/fact.ts';
import { text } from '../../core/hash.ts';
import { CENTRAL, entryKey } from './memory-rows.ts';
import type { Scope } from './memory-topics.ts';

/** All about one receipt in one row. */
export type ClaimsRow = {
  sale: string;
  claims: NotedClaim[];
  notices: ClaimNotice[];
  verdicts: Map<string, ClaimVerdict>;
  closed: Map<number, ClaimVerdict[]>;
  postings: { claim: string; line: number; kept: number; disputed: number; verdict: ClaimVerdict }[];
};
/** What a document is to claims: voided or not, and the receipts that its own claims are about. */
export type ReceiptRow = { isVoided: boolean; sales: string[] };
export type TransferRow = { lines: TransferLine[]; asked: { round: number; isOpen: boolean } };
/** A task that was done stays, so that its next version is another one. */
export type TaskRow = Task & { version: number; isDone: boolean };
export type AnswerRow = { hash: string; answer: string };

const CLAIMS = 'claims of all stores';
const TASKS = 'tasks';

const noClaims = (sale: string): ClaimsRow => ({
  ...{ sale, claims: [], notices: [], verdicts: new Map(), closed: new Map(), postings: [] },
});

export const claims = (scope: Scope): Claims => {
  const { rows, locks } = scope;
  const rowOf = (sale: string): ClaimsRow => rows.claims.get(CENTRAL, sale) ?? noClaims(sale);
  const put = (row: ClaimsRow): void => rows.claims.put(CENTRAL, row.sale, row);
  const receiptOf = (name: string): ReceiptRow => rows.receipts.get(CENTRAL, name) ?? { isVoided: false, sales: [] };
  return {
    async note(news) {
      await locks.lock(CLAIMS);
      for (const claim of news.claims) {
        const row = rowOf(claim.sale);
        const known = row.claims.find((other) => claimId(other) === claimId(claim));
        const others = row.claims.filter((other) => other !== known);
        put({ ...row, claims: [...others, { ...claim, absent: claim.absent && known?.absent !== false }] });
        const receipt = receiptOf(claim.receipt);
        const sales = [...new Set([...receipt.sales, claim.sale])];
        rows.receipts.put(CENTRAL, claim.receipt, { ...receipt, sales });
      }
      for (const name of news.voided) rows.receipts.put(CENTRAL, name, { ...receiptOf(name), isVoided: true });
      const claimed = [...news.sold, ...news.voided].filter((sale) => rowOf(sale).claims.length > 0);
      const withdrawn = news.voided.flatMap((name) => receiptOf(name).sales);
      return [...new Set([...claimed, ...withdrawn, ...news.claims.map(({ sale }) => sale)])];
    },
    async noteTold(store, { notices, verdicts }) {
      await locks.lock(CLAIMS);
      for (const { claim, sale, dseq } of notices) {
        const row = rowOf(sale);
        if (row.notices.some((notice) => notice.claim === claim && notice.store === store)) continue;
        put({ ...row, notices: [...row.notices, { claim, store, dseq }] });
      }
      for (const { dseq: _, ...told } of verdicts) rows.claimsTold.put(CENTRAL, told.claim, told);
    },
    async read(sale, lock) {
      if (lock !== undefined) await locks.lock(CLAIMS);
      const { claims: all, notices, verdicts, closed } = rowOf(sale);
      const names = [sale, ...all.map(({ receipt }) => receipt)];
      const told = all.flatMap((claim) => rows.claimsTold.get(CENTRAL, claimId(claim)) ?? []);
      return {
        ...{ sale, claims: all, notices, verdicts, closed, sold: soldIn(scope, sale) },
        voided: new Set(names.filter((name) => receiptOf(name).isVoided)),
        told: new Map<string, ToldVerdict>(told.map((one) => [one.claim, one])),
      } satisfies ClaimedReceipt & { told: Map<string, ToldVerdict> };
    },
    async post(sale, line, corrections) {
      await locks.lock(CLAIMS);
      const row = rowOf(sale);
      const posted = corrections.map(({ claim, kept, disputed, verdict }) => ({
        claim,
        line,
        kept,
        disputed,
        verdict,
      }));
      const verdicts = new Map([
        ...row.verdicts,
        ...corrections.map(({ claim, verdict }) => [claim, verdict] as const),
      ]);
      put({ ...row, verdicts, postings: [...row.postings, ...posted] });
    },
    async close(sale, { line, verdicts }) {
      await locks.lock(CLAIMS);
      const row = rowOf(sale);
      if (!row.closed.has(line)) put({ ...row, closed: new Map([...row.closed, [line, verdicts]]) });
    },
  };
};

function soldIn({ rows }: Scope, sale: string): SoldReceipt | null {
  const store = storeOfReceipt(sale);
  const key = rows.keys.get(store, saleKey(sale));
  const entry = key === undefined ? undefined : rows.entries.get(store, entryKey(key.epoch, key.seq));
  if (key === undefined || entry === undefined) return null;
  const { content } = JSON.parse(text(entry.bytes)) as Fact;
  return content.kind === 'sale' ? { at: { epoch: key.epoch, seq: key.seq }, content } : null;
}

export const transfers = ({ rows, locks }: Scope): Transfers => {
  const rowOf = (transfer: string): TransferRow =>
    rows.transfers.get(CENTRAL, transfer) ?? { lines: [], asked: { round: 0, isOpen: false } };
  return {
    async note(lines) {
      for (const line of lines) {
        await locks.lock(`transfer ${line.transfer}`);
        const row = rowOf(line.transfer);
        const isKnown = row.lines.some(
          (one) => one.store === line.store && one.entry === line.entry && one.line === line.line,
        );
        if (!isKnown) rows.transfers.put(CENTRAL, line.transfer, { ...row, lines: [...row.lines, line] });
      }
    },
    read: async (transfer) => rowOf(transfer).lines,
    async asked(transfer) {
      await locks.lock(`transfer ${transfer}`);
      return rowOf(transfer).asked;
    },
    async ask(transfer, asked) {
      await locks.lock(`transfer ${transfer}`);
      rows.transfers.put(CENTRAL, transfer, { ...rowOf(transfer), asked });
    },
  };
};

export const tasks = ({ rows, locks }: Scope): Tasks => {
  const nameOf = ({ kind, subject }: Pick<Task, 'kind' | 'subject'>): string => `${kind} ${subject}`;
  const change = async (task: TakenTask, to: Partial<TaskRow>): Promise<boolean> => {
    await locks.lock(TASKS);
    const now = rows.tasks.get(CENTRAL, nameOf(task));
    if (now === undefined || now.isDone || now.version !== task.version) return false;
    rows.tasks.put(CENTRAL, nameOf(task), { ...now, ...to });
    return true;
  };
  return {
    async add(added) {
      if (added.length > 0) await locks.lock(TASKS);
      for (const task of added) {
        const version = (rows.tasks.get(CENTRAL, nameOf(task))?.version ?? 0) + 1;
        rows.tasks.put(CENTRAL, nameOf(task), { ...task, version, isDone: false });
      }
    },
    async take(nowMs, leaseMs) {
      await locks.lock(TASKS);
      const due = rows.tasks.list(CENTRAL).filter(({ isDone, dueMs }) => !isDone && dueMs <= nowMs);
      const [next] = due.sort((a, b) => a.dueMs - b.dueMs || (nameOf(a) < nameOf(b) ? -1 : 1));
      if (next === undefined) return null;
      rows.tasks.put(CENTRAL, nameOf(next), { ...next, dueMs: leaseMs });
      const { isDone: _, ...task } = next;
      return task;
    },
    end: (task) => change(task, { isDone: true }),
    postpone: async (task, dueMs) => void (await change(task, { dueMs })),
  };
};

export const answers = ({ rows }: Scope): Answers => ({
  read: async (scope, key) => rows.answers.get(scope, key) ?? null,
  keep: async (scope, key, { hash, answer }) => rows.answers.insert(scope, key, { hash, answer }),
});
