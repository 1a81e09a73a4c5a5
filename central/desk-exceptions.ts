// What follows from a decided exception, and the answer that policy gives at a deadline.
import { z } from 'zod';
import type { DecisionBody } from '../core/decision.ts';
import { type ExceptionDraft, policyOf } from '../core/exception.ts';
import { TRANSFER_RESIDUE_MS } from '../core/limits.ts';
import { type Consequence, consequencesOf, type Decided } from './consequences.ts';
import { BY_POLICY, type Desk, decideFor, directTask, type Worked } from './desk-decide.ts';
import type { TakenTask } from './desk-ports.ts';
import type { Draft } from './directive-log.ts';
import type { LedgerTx } from './ports.ts';
import { readResidueId, storesOf, type Transfer, transferOf } from './transfers.ts';

const Decision = z.object({
  store: z.string(),
  exception: z.string(),
  option: z.string(),
  note: z.string().nullable(),
  entry: z.string(),
});

/** A store decided, by a fact that was posted: the same follows as if head office had. */
export function followDecision(desk: Desk, task: TakenTask): Promise<Worked> {
  const { store, exception, option, note } = Decision.parse(JSON.parse(task.details));
  return decideFor(desk, store, async (tx) => {
    const asked = await tx.exceptions.find(store, exception);
    if (asked === null || !(await tx.tasks.end(task))) return [];
    return follow(tx, { store, draft: asked, decided: { option, note }, by: store, nowMs: desk.intake.wallMs() });
  });
}

const Overdue = z.object({ store: z.string(), exception: z.string() });

/** R16: a deadline acts by an entry only. */
export function answerAtDeadline(desk: Desk, task: TakenTask): Promise<Worked> {
  const { store, exception } = Overdue.parse(JSON.parse(task.details));
  return decideFor(desk, store, async (tx) => {
    const asked = await tx.exceptions.find(store, exception);
    const option = asked === null ? null : policyOf(asked.type).atDeadline;
    if (asked === null || asked.decidedBy !== null || option === null || !(await tx.tasks.end(task))) return [];
    const body: DecisionBody = { kind: 'exception-decided', exception, option };
    const nowMs = desk.intake.wallMs();
    return [
      { by: BY_POLICY, body },
      ...(await follow(tx, { store, draft: asked, decided: { option }, by: BY_POLICY, nowMs })),
    ];
  });
}

export type Following = { store: string; draft: ExceptionDraft; decided: Decided; by: string; nowMs: number };

/**
 * Directives for the store itself that follow; what follows for other stores is put on the desk in this transaction.
 * The stream is locked, and the decision is the one that stands (R18).
 */
export async function follow(tx: LedgerTx, { store, draft, decided, by, nowMs }: Following): Promise<Draft[]> {
  const shelf = draft.sku === null ? null : ((await tx.shelves.read(store, [draft.sku])).get(draft.sku) ?? null);
  const transfer = draft.type === 'transfer-residue' ? await closeQuestion(tx, draft.id) : null;
  const all = consequencesOf(store, draft, decided, { shelf, transfer });
  if (transfer !== null) all.push(...sameAnswer(store, transfer, draft.id, decided));
  const elsewhere = new Map<string, Consequence[]>();
  for (const one of all.filter((other) => other.store !== store)) {
    elsewhere.set(one.store, [...(elsewhere.get(one.store) ?? []), one]);
  }
  const tasks = [...elsewhere].map(([other, consequences]) =>
    directTask(`${draft.id} of ${store}`, { store: other, by, bodies: consequences.map(({ body }) => body) }, nowMs),
  );
  if (transfer !== null && decided.option === 'wait') {
    tasks.push({ kind: 'transfer', subject: transfer.transfer, details: '', dueMs: nowMs + TRANSFER_RESIDUE_MS });
  }
  if (tasks.length > 0) await tx.tasks.add(tasks);
  return all.filter((one) => one.store === store).map(({ body }) => ({ by, body }));
}

/** Both stores are asked the same: the first answer counts, whoever gives it. Null where it was given before. */
async function closeQuestion(tx: LedgerTx, id: string): Promise<Transfer | null> {
  const { transfer, round } = readResidueId(id);
  const asked = await tx.transfers.asked(transfer);
  if (!asked.isOpen || asked.round !== round) return null;
  await tx.transfers.ask(transfer, { round, isOpen: false });
  return transferOf(transfer, await tx.transfers.read(transfer));
}

const sameAnswer = (store: string, transfer: Transfer, exception: string, { option }: Decided): Consequence[] =>
  storesOf(transfer)
    .filter((other) => other !== store)
    .map((other) => ({
      store: other,
      body: { kind: 'exception-decided', exception, option, note: `Decided for store ${store}.` },
    }));
