// However what was recorded is shuffled and cut into pieces, the same book comes of it (L5).
import { canonicalJson } from '../../../core/canonical.ts';
import { makeChance } from '../random.ts';
import { type Refolded, refold } from '../refold.ts';
import type { Checker } from './checker.ts';

export const order: Checker = {
  name: 'order',
  begin: () => ({
    end({ stores, refolded }) {
      for (const store of stores) {
        const folded = refolded(store);
        const chance = makeChance(BigInt(folded.all.length), 'order');
        const shuffled = <Item>(items: Item[]): Item[] =>
          items
            .map((item) => ({ item, by: chance.float() }))
            .sort((a, b) => a.by - b.by)
            .map(({ item }) => item);
        const again = refold(store, shuffled(folded.recorded), shuffled(folded.log));
        if (told(again) !== told(folded)) return { fact: store, detail: 'another order of arrival makes another book' };
      }
      return null;
    },
  }),
};

const told = ({ rows, outcomes }: Refolded): string =>
  canonicalJson([outcomes, [...rows.shelves].sort(([a], [b]) => (a < b ? -1 : 1))]);
