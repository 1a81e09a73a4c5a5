// What the book says is what stands on the shelf, or the shelf lies within its named readings.
import { canonicalJson } from '../../../core/canonical.ts';
import { emptyShelf, type Shelf } from '../../../core/shelf.ts';
import { accountOf, checkClosedForm, checkMarks, checkShelf } from '../../core/law/checks.ts';
import { Broken } from '../../core/law/sides.ts';
import type { Final } from '../history.ts';
import type { Checker } from './checker.ts';

export const shelf: Checker = {
  name: 'shelf',
  begin: (options) => ({
    end(final) {
      // Two live writers have two clocks of one store: which of them a shelf follows nobody can say.
      const isOne = options.faults.clone === undefined && options.faults.restoredBackup === undefined;
      for (const store of final.stores) {
        try {
          const central = final.refolded(store);
          const account = accountOf(central);
          for (const sku of new Set(central.rows.shelves.keys())) {
            const held: Shelf = central.rows.shelves.get(sku) ?? emptyShelf();
            checkClosedForm(sku, held, account);
            if (isOne) checkShelf(worldOf(final, store), central, sku, held, account, final.seen);
          }
          final.marks.movements += account.movements.length;
          final.marks.unclear += checkMarks(central, account);
        } catch (error) {
          if (error instanceof Broken) return { fact: store, detail: error.message };
          throw error;
        }
      }
      return null;
    },
  }),
};

/** What somebody changed behind the till's back is nothing that a book could know. */
function worldOf({ shops, refolded }: Final, store: string) {
  const shop = shops.get(store);
  const facts = new Map(
    refolded(store)
      .epochs.flat()
      .map(({ fact }) => [fact.key, fact]),
  );
  const [told, physical] = [shop?.told ?? [], shop?.physical ?? new Map<string, number>()];
  const stolen = told.flatMap(({ content }) => {
    if (!('lines' in content)) return [];
    const number = 'receipt' in content ? content.receipt : content.document;
    const key = [store, content.workstation, content.businessDate, number, content.kind].join('|');
    const posted = facts.get(key)?.content;
    if (posted === undefined || canonicalJson(posted) === canonicalJson(content)) return [];
    return content.lines.map(({ sku }) => ({ sku, at: Number.POSITIVE_INFINITY }));
  });
  return { store, told, physical, stolen };
}
