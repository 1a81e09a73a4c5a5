// Any two readings of any files: what is counted and what is said to change come to the same.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ChangedDocument, openComparison, type ReadDocument } from '../../../core/dry-run/documents.ts';

const OUTCOMES = ['captured', 'duplicate', 'set-aside', 'passed'] as const;
const documents = fc.uniqueArray(
  fc.record({ at: fc.nat(12), outcome: fc.constantFrom(...OUTCOMES), total: fc.nat(3) }),
  { selector: ({ at }) => at, maxLength: 10 },
);
type Document = { at: number; outcome: (typeof OUTCOMES)[number]; total: number };

const readOf = ({ at, outcome, total }: Document): ReadDocument => ({
  ...{ place: `line ${at}`, outcome, number: String(at), bytes: 10 },
  shown:
    outcome === 'captured' || outcome === 'duplicate'
      ? [
          {
            ...{ kind: 'sale', number: String(at), till: 'T', date: 'd', time: 't', currency: 'EUR', lines: 1 },
            ...{ units: 1_000, total, hash: String(total) },
          },
        ]
      : [],
});

test('more set aside is what was newly set aside, less what came in; the same reading changes nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(documents, documents), { maxLength: 4 }), fc.boolean(), (files, isSame) => {
      const told: ChangedDocument[] = [];
      const comparison = openComparison(1_000, (changed) => told.push(changed));
      for (const [before, after] of files) {
        for (const each of before) comparison.before(readOf(each));
        for (const each of isSame ? before.toReversed() : after) comparison.after(readOf(each));
        comparison.endFile();
      }
      const { before, after, changes, uncompared } = comparison.told();
      expect(uncompared).toBe(0);
      expect(Object.values(changes).reduce((sum, count) => sum + count, 0)).toBe(told.length);
      // What was set aside and belongs to another document now, or is passed over, is no change of its own.
      const gone = files.flatMap(([was, now]) =>
        was.filter(({ at, outcome }) => {
          const same = (isSame ? was : now).find((each) => each.at === at);
          return outcome === 'set-aside' && (same === undefined || same.outcome === 'passed');
        }),
      );
      expect(after.setAside - before.setAside).toBe(changes['set-aside'] - changes.placed - gone.length);
      if (isSame) expect([told, after]).toEqual([[], before]);
    }),
  );
});
