// Head office's desk: work that was asked for in a transaction and is done in later ones, once, by whoever is free.
import { z } from 'zod';
import { DESK_LEASE_MS, DESK_RETRY_MS, DESK_TASKS_MAX } from '../core/limits.ts';
import { Undecidable } from './decide.ts';
import { workOnClaims } from './desk-claims.ts';
import { BY_POLICY, type Desk, Direct, decideFor, type Worked } from './desk-decide.ts';
import { answerAtDeadline, followDecision } from './desk-exceptions.ts';
import type { TakenTask, TaskKind } from './desk-ports.ts';
import { workOnTransfer } from './desk-transfers.ts';
import { messageOf } from './log.ts';

const WORK: Record<TaskKind, (desk: Desk, task: TakenTask) => Promise<Worked>> = {
  claims: workOnClaims,
  transfer: workOnTransfer,
  decided: followDecision,
  deadline: answerAtDeadline,
  expire: expireReservation,
  direct: makeDirect,
};

/** Works off what is due, at most DESK_TASKS_MAX of it. How many tasks were taken. */
export async function workOff(desk: Desk): Promise<number> {
  const { intake, log } = desk;
  for (let taken = 0; taken < DESK_TASKS_MAX; taken++) {
    const task = await intake.ledger.transaction((tx) =>
      tx.tasks.take(intake.wallMs(), intake.wallMs() + DESK_LEASE_MS),
    );
    if (task === null) return taken;
    try {
      const worked = await WORK[task.kind](desk, task);
      await intake.ledger.transaction(async (tx) => {
        if (worked === 'done') await tx.tasks.end(task);
        else await tx.tasks.postpone(task, intake.wallMs() + DESK_RETRY_MS);
      });
    } catch (error) {
      if (error instanceof Undecidable) {
        await intake.ledger.transaction((tx) => tx.tasks.end(task));
        log.warn({ task: task.kind, subject: task.subject, reason: error.message }, 'nothing follows');
        continue;
      }
      // It is due again when its lease ends.
      log.error({ task: task.kind, subject: task.subject, reason: messageOf(error) }, 'work was put off');
    }
  }
  return DESK_TASKS_MAX;
}

const Expiry = z.object({ store: z.string(), sku: z.string(), reservation: z.string() });

/** R16: the end of a reservation is an entry, made by policy when its time has come. */
function expireReservation(desk: Desk, task: TakenTask): Promise<Worked> {
  const { store, sku, reservation } = Expiry.parse(JSON.parse(task.details));
  return decideFor(desk, store, async (tx) => {
    const shelf = (await tx.shelves.read(store, [sku])).get(sku);
    const isOpen = shelf?.reservations.some((one) => one.reservation === reservation) === true;
    if (!isOpen || !(await tx.tasks.end(task))) return [];
    return [{ by: BY_POLICY, body: { kind: 'release-reservation', reservation, sku, why: 'expired' } }];
  });
}

function makeDirect(desk: Desk, task: TakenTask): Promise<Worked> {
  const { store, by, bodies } = Direct.parse(JSON.parse(task.details));
  return decideFor(desk, store, async (tx) => ((await tx.tasks.end(task)) ? bodies.map((body) => ({ by, body })) : []));
}
