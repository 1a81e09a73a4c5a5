// How head office's desk decides something for a store: in a transaction of its own, told after the commit.

import { z } from 'zod';
import { DecisionBodySchema } from '../protocol/directive.ts';
import { decide } from './decide.ts';
import type { Task } from './desk-ports.ts';
import type { Draft } from './directive-log.ts';
import type { Intake } from './intake.ts';
import type { Stream } from './judge.ts';
import { whyUndecidable } from './judge-hello.ts';
import { type Log, messageOf } from './log.ts';
import type { LedgerTx } from './ports.ts';

/** `tellStore` is called after each commit that decided something for a store; repeating it is harmless. */
export type Desk = { intake: Intake; tellStore(store: string): Promise<void>; log: Log };

/** Who decides where nobody did: the policy that belongs to a type of exception, or central itself (R16). */
export const BY_POLICY = 'policy';
export const BY_CENTRAL = 'central';

/** later: the store cannot be decided for now, so it is tried again. */
export type Worked = 'done' | 'later';

/** Asks what is still to be decided, under the lock of the stream. */
export type DraftsOf = (tx: LedgerTx, stream: Stream) => Promise<Draft[]>;

/**
 * Decides for one store in a transaction of its own. A store that never said hello is done with: nothing can be said
 * to it. `drafts` is asked again under the lock, so the same work done twice decides once.
 */
export async function decideFor({ intake, tellStore, log }: Desk, store: string, drafts: DraftsOf): Promise<Worked> {
  const decided = await intake.ledger.transaction(async (tx): Promise<Worked | 'decided'> => {
    const stream = await tx.streams.lock(store, '');
    if (stream === null) return 'done';
    if (whyUndecidable(stream) !== null) return 'later';
    const due = await drafts(tx, stream);
    if (due.length === 0) return 'done';
    await decide(tx, intake, stream, due);
    return 'decided';
  });
  if (decided !== 'decided') return decided;
  // What is decided waits in the store's log, told or not.
  await tellStore(store).catch((error) => log.warn({ store, reason: messageOf(error) }, 'a store was not told'));
  return 'done';
}

export const Direct = z.object({ store: z.string(), by: z.string(), bodies: z.array(DecisionBodySchema) });
export type Direct = z.infer<typeof Direct>;

/** Directives for a store that follow from what was decided elsewhere. `name` tells it from all others, for ever. */
export const directTask = (name: string, direct: Direct, dueMs: number): Task => ({
  kind: 'direct',
  subject: `${direct.store} ${name}`,
  details: JSON.stringify(direct),
  dueMs,
});
