// The SQL of cuts: up to where a store's facts and directives are stepped, and the proof of what came of them.
import { type RawBuilder, sql } from 'kysely';
import { directivesGenesis } from '../../core/decision.ts';
import { emptyBuckets } from '../../core/digest.ts';
import { outcomesGenesis } from '../../core/step.ts';
import { sha256 } from '../../protocol/sha256.ts';
import { grantOf, readDirective } from '../directive-log.ts';
import type { Done } from '../fold.ts';
import type { Stream } from '../judge.ts';
import { factSteps } from '../rows.ts';
import type { Db, StreamTable } from '../schema.ts';

/** Columns of a stream that tell it; null where nothing was stepped yet. */
export type CutRow = Pick<
  StreamTable,
  | 'dseq'
  | 'directive_chain'
  | 'held_dseq'
  | 'held_chain'
  | 'acked_dseq'
  | 'promised_dseq'
  | 'outcomes'
  | 'buckets'
  | 'closed_through'
  | 'aside'
  | 'greeted'
>;

/** To be selected from stream. */
export const cutColumns = sql`dseq, directive_chain, held_dseq, held_chain, acked_dseq, promised_dseq, outcomes, buckets,
  closed_through, aside, greeted`;

/**
 * The end of the present epoch by a directive that is held and not stepped. A statement of its own: one that had to wait
 * for the lock sees the newest row of the stream, but of every other table what was there before it waited.
 */
export async function readClosing(db: Db, store: string, { dseq, held_dseq }: CutRow): Promise<Stream['closing']> {
  if (held_dseq <= dseq) return null;
  const row = await db
    .selectFrom('directive')
    .select('bytes')
    .where('store', '=', store)
    .where('dseq', '>', dseq)
    .where('kind', '=', 'epoch-granted')
    .orderBy('dseq')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : (grantOf(readDirective(row.bytes))?.closed ?? null);
}

type CutState = Pick<
  Stream,
  | 'dseq'
  | 'directiveChain'
  | 'heldDseq'
  | 'heldChain'
  | 'ackedDseq'
  | 'promisedDseq'
  | 'outcomes'
  | 'buckets'
  | 'closedThrough'
  | 'aside'
  | 'greeted'
>;

export const cutOf = (store: string, row: CutRow): CutState => ({
  dseq: row.dseq,
  directiveChain: row.directive_chain ?? directivesGenesis(sha256, store),
  heldDseq: row.held_dseq,
  heldChain: row.held_chain ?? directivesGenesis(sha256, store),
  ackedDseq: row.acked_dseq,
  promisedDseq: row.promised_dseq,
  outcomes: row.outcomes ?? outcomesGenesis(sha256, store),
  buckets: row.buckets ?? emptyBuckets(),
  closedThrough: row.closed_through,
  aside: row.aside,
  greeted: row.greeted,
});

/** The stream where it stands behind all that was done. */
export function advanceStream(done: Done): RawBuilder<unknown> {
  const { store, epoch, ...stream } = done.stream;
  return sql`
    update stream set epoch = ${epoch?.ordinal ?? null}::bigint, life = ${epoch?.life ?? null},
      seq = ${stream.seq}::bigint, chain = ${stream.chain}, dseq = ${stream.dseq}::bigint,
      directive_chain = ${stream.directiveChain}, held_dseq = ${stream.heldDseq}::bigint,
      held_chain = ${stream.heldChain}, outcomes = ${stream.outcomes}, buckets = ${Buffer.from(stream.buckets)}::bytea,
      closed_through = ${stream.closedThrough}, aside = ${stream.aside}::bigint,
      entries = entries + ${factSteps(done).length}::bigint, posted_ms = ${done.postedMs}::bigint
    where store = ${store}`;
}
