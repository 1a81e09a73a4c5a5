// Head office as the tests of the conversation need it: it decides something for a store.
import { decide } from '../../central/decide.ts';
import type { DecisionBody } from '../../core/decision.ts';
import type { Rig } from './rig.ts';

/** A question that moves no stock. */
export const question = (id: string): DecisionBody => ({
  kind: 'exception-raised',
  exception: { id: `fork/${id}/x`, type: 'fork', sku: null, evidence: [], message: 'Why?', raisedMs: 1 },
});

/** Head office decides something; throws with the sentence that people are told where it may not. */
export async function decideFor(rig: Rig, store: string, ...bodies: DecisionBody[]): Promise<void> {
  await rig.intake.ledger.transaction(async (tx) => {
    const stream = await tx.streams.lock(store, '');
    if (stream === null) throw new Error('no such store');
    await decide(
      tx,
      rig.intake,
      stream,
      bodies.map((body) => ({ by: 'head-office', body })),
    );
  });
}
