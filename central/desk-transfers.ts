// Asks both stores about units that stay between them for too long, and takes the question back when they arrive.
import { BY_CENTRAL, BY_POLICY, type Desk, decideFor, type Worked } from './desk-decide.ts';
import type { TakenTask } from './desk-ports.ts';
import type { Draft } from './directive-log.ts';
import type { LedgerTx } from './ports.ts';
import { isBalanced, residueException, residueId, storesOf, type Transfer, transferOf } from './transfers.ts';

/** Due when nothing has come in for long enough, and at once when something does while the question is open. */
export async function workOnTransfer(desk: Desk, { subject }: Pick<TakenTask, 'subject'>): Promise<Worked> {
  const { ledger } = desk.intake;
  const { transfer, round, isOpen } = await ledger.transaction(async (tx) => ({
    transfer: transferOf(subject, await tx.transfers.read(subject)),
    ...(await tx.transfers.asked(subject)),
  }));
  const isDone = isBalanced(transfer);
  if (isDone !== isOpen) return 'done';
  const now = isDone ? round : round + 1;
  const raisedMs = desk.intake.wallMs();
  let worked: Worked = 'done';
  for (const store of storesOf(transfer)) {
    const told = await decideFor(desk, store, (tx) =>
      isDone ? takeBack(tx, store, residueId(subject, now)) : ask(tx, transfer, { store, round: now, raisedMs }),
    );
    if (told === 'later') worked = 'later';
  }
  if (worked === 'done') await ledger.transaction((tx) => tx.transfers.ask(subject, { round: now, isOpen: !isDone }));
  return worked;
}

async function ask(
  tx: LedgerTx,
  transfer: Transfer,
  asked: { store: string; round: number; raisedMs: number },
): Promise<Draft[]> {
  const question = residueException(transfer, asked);
  if (question === null || (await tx.exceptions.find(asked.store, question.id)) !== null) return [];
  return [{ by: BY_CENTRAL, body: { kind: 'exception-raised', exception: question } }];
}

async function takeBack(tx: LedgerTx, store: string, exception: string): Promise<Draft[]> {
  const asked = await tx.exceptions.find(store, exception);
  if (asked === null || asked.decidedBy !== null) return [];
  const note = 'All units have arrived.';
  return [{ by: BY_POLICY, body: { kind: 'exception-decided', exception, option: 'wait', note } }];
}
