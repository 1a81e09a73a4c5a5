// Carries on own entries that central closed an epoch before: proven once, lost when it was put back from a copy (L7).
import { sameEpoch } from '../core/chain.ts';
import { documentNumber, type FactContent } from '../core/fact.ts';
import { hex } from '../core/hash.ts';
import { CARRY_PAGE_ENTRIES } from '../core/limits.ts';
import { factOf } from './carry.ts';
import { entryId } from './entry-id.ts';
import type { EpochRow } from './epochs.ts';
import type { Rooms } from './open.ts';

type Row = { id: number; bytes: Uint8Array; content: Uint8Array };

export type LostParts = Pick<
  Rooms,
  'db' | 'clock' | 'epochs' | 'entries' | 'second' | 'book' | 'superseded' | 'transact'
>;

/**
 * Once the granted history leads to our open epoch without a hole, every own entry is in it or goes out again: those
 * behind the place where it leaves an epoch of ours get numbers in the open one, and so do facts of a branch that is not
 * granted any more. What central took by another way as well has the same key, and counts once (L2). A kill in between
 * only means doing it again.
 */
export function carryLost(parts: LostParts): void {
  const { clock, epochs, second, book, superseded, transact } = parts;
  if (!leadsToUs(parts)) return;
  const lost = lostOf(parts);
  for (const { row, own } of lost) carryBehind(parts, row, own);
  const taken = transact(() => {
    const count = superseded.takeIn(clock.wallMs());
    if (count > 0) epochs.save();
    return count;
  });
  if (lost.length + taken === 0) return;
  second.renew();
  book.historyChanged();
}

function leadsToUs({ epochs, book }: LostParts): boolean {
  const present = book.directives.grants().at(-1)?.next;
  return present !== undefined && sameEpoch(present, epochs.tip().epoch) && book.history.missing() === null;
}

/** Own epochs that count further here than in the history that central granted. */
const lostOf = ({ epochs, book }: LostParts): { row: EpochRow; own: number }[] =>
  epochs.all().flatMap((row) => {
    const own = book.history.granted().find(({ epoch }) => sameEpoch(epoch, row.epoch))?.own ?? 0;
    return row.closed !== null && row.closed > own ? [{ row, own }] : [];
  });

function carryBehind({ db, epochs, entries, transact }: LostParts, { epoch, closed }: EpochRow, own: number): void {
  const range = db.prepare<[number, number, number], Row>(
    'SELECT id, bytes, content FROM entry WHERE id > ? AND id <= ? ORDER BY id LIMIT ?',
  );
  const later = db
    .prepare<[string, string, number, Uint8Array], number>(
      'SELECT 1 FROM entry WHERE number = ? AND workstation = ? AND id > ? AND content = ? LIMIT 1',
    )
    .pluck();
  const wentOn = (content: FactContent, { id, content: hash }: Row): boolean =>
    later.get(documentNumber(content), content.workstation, id, hash) !== undefined;

  for (let after = own; ; ) {
    const ids = [entryId(epoch.ordinal, after), entryId(epoch.ordinal, closed ?? own)] as const;
    const rows = range.all(...ids, CARRY_PAGE_ENTRIES);
    if (rows.length === 0) break;
    transact(() => {
      for (const row of rows) {
        const fact = factOf(row.bytes);
        if (!wentOn(fact.content, row)) {
          entries.add({ fact, bytes: row.bytes, content: hex(row.content), carried: true });
        }
      }
      epochs.save();
    });
    after += rows.length;
  }
  transact(() => epochs.endsAt(epoch, own));
}
