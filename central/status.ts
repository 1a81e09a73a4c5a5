// What head office is told of central itself: its present life, and who has reported since it was restored.
import { MISSING_STORES_NAMED_MAX } from '../core/limits/records.ts';
import type { CentralStatus } from '../protocol/hq/status.ts';
import type { Db } from './schema.ts';

export async function readStatus(db: Db): Promise<CentralStatus> {
  const lives = await db
    .selectFrom('central')
    .select(['incarnation', 'created_ms'])
    .where('lost', '=', false)
    .orderBy('n')
    .execute();
  const now = lives.at(-1);
  const restored = now === undefined || lives.length === 1 ? null : await readRestored(db, now);
  return { incarnation: now?.incarnation ?? '', restored };
}

type Restored = NonNullable<CentralStatus['restored']>;

async function readRestored(db: Db, life: { incarnation: string; created_ms: number }): Promise<Restored> {
  const stores = await db.selectFrom('stream').select(['store', 'greeted']).orderBy('store').execute();
  const named = (hasReported: boolean): string[] =>
    stores.flatMap(({ store, greeted }) => ((greeted === life.incarnation) === hasReported ? [store] : []));
  const told = { sinceMs: life.created_ms, reported: named(true), missing: named(false) };
  return { ...told, sentence: told.missing.length === 0 ? null : restoredSentence(told) };
}

function restoredSentence({ sinceMs, reported, missing }: Omit<Restored, 'sentence'>): string {
  const since = new Date(sinceMs).toISOString().slice(0, 16).replace('T', ' ');
  const named = missing.slice(0, MISSING_STORES_NAMED_MAX).join(', ');
  const more = missing.length - MISSING_STORES_NAMED_MAX;
  const who = more > 0 ? `${named} and ${more} more` : named;
  const all = reported.length + missing.length;
  return (
    `Central was restored on ${since} UTC. ${reported.length} of ${all} stores have reported since; what was lost of ` +
    `the others is not known, and nothing can be decided for them before they report: ${who}.`
  );
}
