// The catalogue on the embedded database, and random streams of entries against core's fold of all of them.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { takeEntries } from '../../../central/catalogue/step.ts';
import { IN_MEMORY, openDatabase } from '../../../central/database.ts';
import { type CatalogueEntry, foldCatalogue, HEAD_OFFICE, type Party } from '../../../core/catalogue.ts';
import type { AttributeState } from '../../../protocol/catalogue.ts';
import { describeCatalogue } from './catalogue.contract.ts';
import { follow, heldByCentral, type Store, useCatalogue } from './rig.ts';

const rig = useCatalogue(() => openDatabase(IN_MEMORY));
describeCatalogue(rig);

const PARTIES: Party[] = [HEAD_OFFICE, { kind: 'store', id: 'S001' }, { kind: 'region', id: 'north' }];
const by = fc.constantFrom(...PARTIES);
const place = { sku: fc.constantFrom('A', 'B'), attribute: fc.constantFrom('name', 'colour') };
const basedOn = fc.nat(4);
const ENTRY = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      by,
      ...place,
      value: fc.constantFrom('x', 'y'),
      basedOn,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('answer' as const),
      by,
      proposal: fc.nat(20),
      accept: fc.boolean(),
      basedOn,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      ...{ kind: fc.constant('owner' as const), by, attribute: place.attribute, owner: by },
      sku: fc.option(place.sku),
    }),
  },
);

type Made = typeof ENTRY extends fc.Arbitrary<infer One> ? One : never;

/** Named in order, some of them twice; answers are to entries that were before them, or will be, or never are. */
const named = (made: Made[], run: number, again: readonly number[]): CatalogueEntry[] => {
  const entries = made.map((entry, index): CatalogueEntry => {
    const id = `${run}-${index}`;
    return entry.kind === 'answer' ? { ...entry, id, proposal: `${run}-${entry.proposal}` } : { ...entry, id };
  });
  return [...entries, ...again.flatMap((index) => entries[index] ?? [])];
};

test('whatever is asked in whatever portions: central stands where core says, and so does a store that follows', async () => {
  let run = 0;
  const cases = fc.record({
    made: fc.array(ENTRY, { minLength: 5, maxLength: 25 }),
    again: fc.array(fc.nat(24), { maxLength: 3 }),
    portions: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 25, maxLength: 25 }),
  });
  const before: CatalogueEntry[] = [];
  const store: Store = { held: null, products: new Map() };
  await fc.assert(
    fc.asyncProperty(cases, async ({ made, again, portions }) => {
      const entries = named(made, ++run, again);
      const writer = { who: 'anna', atMs: run, signer: rig.signer };
      for (let at = 0, turn = 0; at < entries.length; at += portions[turn++] ?? 1) {
        await takeEntries(rig.db, entries.slice(at, at + (portions[turn] ?? 1)), writer);
      }
      before.push(...entries);
      const { catalogue } = foldCatalogue(before);
      const wanted = new Map<string, Record<string, AttributeState>>();
      for (const [sku, product] of catalogue.products) {
        const kept = [...product].filter(([, { version, owner }]) => version > 0 || owner !== null);
        if (kept.length === 0) continue;
        const states = kept.map(([name, { value, version, owner }]) => {
          return [name, { value, version, ...(owner === null ? {} : { owner }) }] as const;
        });
        wanted.set(sku, Object.fromEntries(states));
      }
      expect(await heldByCentral(rig)).toEqual(new Map([...wanted].sort()));
      expect((await rig.proposals('anyone')).map(({ id }) => id).sort()).toEqual([...catalogue.open.keys()].sort());
      const repeated = await takeEntries(rig.db, entries, writer);
      expect(repeated.outcomes).toEqual(entries.map(({ id }) => catalogue.outcomes.get(id)));
      await follow(rig, store);
      expect(store.products).toEqual(await heldByCentral(rig));
    }),
    { numRuns: 15 },
  );
}, 60_000);
