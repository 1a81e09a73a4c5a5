// What changes the history that counts: central's decisions and branches, and its word that an earlier word is void.
import type { Journal } from './journal.ts';
import { carryLost } from './lost.ts';
import type { Rooms } from './open.ts';

type HistoryChanges = Pick<Journal, 'applyDirectives' | 'keepBranch' | 'supersede' | 'work'>;

/** Each may leave own entries behind, which then go on. */
export function openHistoryChanges(rooms: Rooms): HistoryChanges {
  const { clock, book, notices, superseded, transact } = rooms;
  const { applyDirectives, keepBranch, work } = book.methods(transact);
  const tellLost = (): void => {
    const lost = superseded.tell();
    if (lost !== null) notices.tell('decisions-lost', lost, clock.wallMs());
  };
  return {
    supersede(after) {
      transact(() => {
        superseded.supersede(after, clock.wallMs());
        book.forget();
      });
      book.reload();
    },
    work() {
      const worked = work();
      // Now the log is surely central's.
      if (worked.confirmed?.agrees === true) transact(tellLost);
      return worked;
    },
    applyDirectives(received) {
      const applied = applyDirectives(received);
      if (received.some(({ directive }) => directive.body.kind === 'epoch-granted')) carryLost(rooms);
      return applied;
    },
    keepBranch(epoch, entries) {
      keepBranch(epoch, entries);
      carryLost(rooms);
    },
  };
}
