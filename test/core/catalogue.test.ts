// One owner for each attribute of a product: vectors, and the fold under random streams.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AttributeValue,
  type CatalogueEntry,
  emptyCatalogue,
  foldCatalogue,
  HEAD_OFFICE,
  ownerOf,
  type Party,
  stepCatalogue,
} from '../../core/catalogue.ts';
import { PROPOSALS_MAX } from '../../core/limits/records.ts';

const S1: Party = { kind: 'store', id: 'S001' };
const NORTH: Party = { kind: 'region', id: 'north' };
const SOUTH: Party = { kind: 'region', id: 'south' };
const of = { sku: 'A', attribute: 'price/EUR' };
const edit = (id: string, by: Party, value: AttributeValue, basedOn: number): CatalogueEntry => ({
  ...of,
  ...{ kind: 'edit', id, by, value, basedOn },
});
const answer = (id: string, by: Party, proposal: string, accept: boolean, basedOn: number): CatalogueEntry => ({
  ...{ kind: 'answer', id, by, proposal, accept, basedOn },
});
const owner = (id: string, by: Party, to: Party, sku: string | null = 'A'): CatalogueEntry => ({
  ...{ kind: 'owner', id, by, sku, attribute: of.attribute, owner: to },
});
const run = (...entries: CatalogueEntry[]) => {
  const { catalogue, outcomes } = foldCatalogue(entries);
  const price = catalogue.products.get('A')?.get('price/EUR');
  return {
    now: [price?.value, price?.version],
    outcomes: outcomes.map((one) => one.outcome),
    told: outcomes,
    catalogue,
  };
};

describe('vectors', () => {
  test('the owner’s edit is applied', () => {
    const { now, told } = run(edit('e1', HEAD_OFFICE, 199, 0), edit('e2', HEAD_OFFICE, 249, 1));
    expect(now).toEqual([249, 2]);
    expect(told.map(({ outcome, sentence }) => [outcome, sentence])).toEqual([
      ['applied', 'price/EUR of A is now 1.99 EUR.'],
      ['applied', 'price/EUR of A is now 2.49 EUR.'],
    ]);
  });

  test('of two edits on the same version the second is told, and changes nothing', () => {
    const { now, told } = run(edit('e1', HEAD_OFFICE, 199, 0), edit('e2', HEAD_OFFICE, 249, 0));
    expect(now).toEqual([199, 1]);
    expect(told[1]).toMatchObject({
      outcome: 'stale',
      sentence: 'Not changed: price/EUR of A was changed in the meantime to 1.99 EUR. Look at it and decide again.',
    });
  });

  test('the later by version wins even if the earlier one comes behind it', () => {
    const { now, outcomes } = run(edit('e2', HEAD_OFFICE, 249, 1), edit('e1', HEAD_OFFICE, 199, 0));
    expect(now).toEqual([249, 2]);
    expect(outcomes).toEqual(['applied', 'stale']);
  });

  test('a store’s edit becomes a proposal, which the owner accepts', () => {
    const first = [edit('e1', HEAD_OFFICE, 199, 0), edit('e2', S1, 189, 1)];
    const proposed = run(...first);
    expect(proposed.now).toEqual([199, 1]);
    expect(proposed.told[1]).toMatchObject({
      outcome: 'proposed',
      tell: HEAD_OFFICE,
      sentence: 'Proposed to head office, who decides on price/EUR of A: 1.89 EUR.',
    });
    const { now, told, catalogue } = run(...first, answer('a1', HEAD_OFFICE, 'e2', true, 1));
    expect(now).toEqual([189, 2]);
    expect(told[2]).toMatchObject({ outcome: 'accepted', proposal: 'e2', tell: S1 });
    expect(catalogue.outcomes.get('e2')).toMatchObject({
      outcome: 'accepted',
      sentence: 'Accepted by head office: price/EUR of A is now 1.89 EUR.',
    });
  });

  test('or rejects; the first answer stands', () => {
    const { now, outcomes, told, catalogue } = run(
      edit('e1', HEAD_OFFICE, 199, 0),
      edit('e2', S1, 189, 1),
      answer('a1', HEAD_OFFICE, 'e2', false, 1),
      answer('a2', HEAD_OFFICE, 'e2', true, 1),
      answer('a3', HEAD_OFFICE, 'e9', true, 1),
    );
    expect(now).toEqual([199, 1]);
    expect(outcomes).toEqual(['applied', 'proposed', 'rejected', 'refused', 'refused']);
    expect(told[2]?.sentence).toBe('Rejected by head office: price/EUR of A stays 1.99 EUR.');
    expect(told[3]?.sentence).toBe('Not changed: this proposal was rejected already.');
    expect(told[4]?.sentence).toBe('Not changed: there is no such proposal.');
    expect(catalogue.open.size).toBe(0);
  });

  test('who accepts on an old screen is told, and the proposal stays open', () => {
    const { now, outcomes, catalogue } = run(
      edit('e1', HEAD_OFFICE, 199, 0),
      edit('e2', S1, 189, 1),
      edit('e3', HEAD_OFFICE, 299, 1),
      answer('a1', HEAD_OFFICE, 'e2', true, 1),
    );
    expect(now).toEqual([299, 2]);
    expect(outcomes[3]).toBe('stale');
    expect(catalogue.open.has('e2')).toBe(true);
  });

  test('only the owner answers, not even head office for a region', () => {
    const entries = [owner('o1', HEAD_OFFICE, NORTH), edit('e1', NORTH, 199, 0), edit('e2', S1, 189, 1)];
    const { outcomes, told } = run(
      ...entries,
      answer('a1', S1, 'e2', true, 1),
      answer('a2', SOUTH, 'e2', true, 1),
      answer('a3', HEAD_OFFICE, 'e2', true, 1),
      answer('a4', NORTH, 'e2', true, 1),
    );
    expect(outcomes.slice(3)).toEqual(['refused', 'refused', 'refused', 'accepted']);
    expect(told[3]?.sentence).toBe('Not changed: only region north decides on price/EUR of A.');
  });

  test('head office changes owners, nobody else; that of the product goes before that of all', () => {
    const { outcomes, catalogue, told } = run(
      owner('o1', S1, S1),
      owner('o2', HEAD_OFFICE, SOUTH, null),
      owner('o3', HEAD_OFFICE, NORTH),
      edit('e1', HEAD_OFFICE, 1, 0),
      edit('e2', SOUTH, 2, 0),
      edit('e3', NORTH, 3, 0),
    );
    expect(outcomes).toEqual(['refused', 'applied', 'applied', 'proposed', 'proposed', 'applied']);
    expect(told[2]?.sentence).toBe('From now on region north decides on price/EUR of A.');
    expect([ownerOf(catalogue, 'A', 'price/EUR'), ownerOf(catalogue, 'B', 'price/EUR')]).toEqual([NORTH, SOUTH]);
    expect(ownerOf(catalogue, 'A', 'name')).toEqual(HEAD_OFFICE);
  });

  test('proposals that wait are bounded', () => {
    const many = Array.from({ length: PROPOSALS_MAX + 1 }, (_, i) => edit(`e${i}`, S1, i, 0));
    const { outcomes, told } = run(...many);
    expect(outcomes.filter((one) => one === 'proposed')).toHaveLength(PROPOSALS_MAX);
    expect(told.at(-1)).toMatchObject({ outcome: 'refused' });
  });
});

const party = fc.constantFrom(HEAD_OFFICE, NORTH, SOUTH, S1);
const sku = fc.constantFrom('A', 'B', '__proto__');
const attribute = fc.constantFrom('name', 'price/EUR');
const version = fc.nat({ max: 6 });
const stream = fc
  .array(
    fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({
          kind: fc.constant('edit' as const),
          by: party,
          sku,
          attribute,
          value: fc.nat({ max: 9 }),
          basedOn: version,
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('answer' as const),
          by: party,
          proposal: fc.nat({ max: 40 }),
          accept: fc.boolean(),
          basedOn: version,
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('owner' as const),
          by: party,
          sku: fc.option(sku),
          attribute,
          owner: party,
        }),
      },
    ),
    { maxLength: 40 },
  )
  .map((drafts) =>
    drafts.map((draft, i): CatalogueEntry => {
      const id = `e${i}`;
      return draft.kind === 'answer' ? { ...draft, id, proposal: `e${draft.proposal}` } : { ...draft, id };
    }),
  );
/** Value and version of every attribute that has one. */
const values = (catalogue: ReturnType<typeof emptyCatalogue>) =>
  [...catalogue.products].flatMap(([id, all]) =>
    [...all].filter(([, { version: at }]) => at > 0).map(([name, one]) => [id, name, one.value, one.version].join(' ')),
  );

describe('properties', () => {
  test('only its owner ever changes a value, and nothing but that one', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(stream, (entries) => {
        const catalogue = emptyCatalogue();
        for (const entry of entries) {
          const place = entry.kind === 'answer' ? catalogue.open.get(entry.proposal) : entry;
          const held = place === undefined || place.sku === null ? null : { sku: place.sku, name: place.attribute };
          const may = held === null ? null : ownerOf(catalogue, held.sku, held.name);
          const before = values(catalogue);
          const { outcome } = stepCatalogue(catalogue, entry);
          seen.add(outcome);
          const after = values(catalogue);
          const changed = after.filter((one) => !before.includes(one));
          const writes = outcome === 'accepted' || (outcome === 'applied' && entry.kind === 'edit');
          expect(changed).toHaveLength(writes ? 1 : 0);
          if (!writes) expect(after).toEqual(before);
          if (changed.length > 0) {
            expect(entry.by).toEqual(may);
            expect(changed[0]?.startsWith(`${held?.sku} ${held?.name} `)).toBe(true);
          }
          expect(after.length).toBeGreaterThanOrEqual(before.length);
        }
      }),
      { numRuns: 1_000, seed: 5 },
    );
    expect([...seen].sort()).toEqual(['accepted', 'applied', 'proposed', 'refused', 'rejected', 'stale']);
  });

  test('step by step, with entries replayed anywhere, is the same as from nothing', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 20 }), (entries, replays) => {
        const whole = foldCatalogue(entries);
        const catalogue = emptyCatalogue();
        const outcomes = entries.map((entry, at) => {
          const outcome = stepCatalogue(catalogue, entry);
          const replayed = entries[(replays[at] ?? at) % (at + 1)];
          const before = structuredClone(catalogue);
          if (replayed !== undefined) stepCatalogue(catalogue, { ...replayed, by: HEAD_OFFICE });
          expect(catalogue).toEqual(before);
          return outcome;
        });
        expect(outcomes).toEqual(whole.outcomes);
        expect(catalogue).toEqual(whole.catalogue);
      }),
      { numRuns: 500 },
    );
  });

  test('what is open is what waits, each proposal once', () => {
    fc.assert(
      fc.property(stream, (entries) => {
        const { catalogue } = foldCatalogue(entries);
        const waiting = [...catalogue.products.values()].flatMap((all) =>
          [...all.values()].flatMap(({ proposals }) => proposals.map(({ id }) => id)),
        );
        expect(waiting.sort()).toEqual([...catalogue.open.keys()].sort());
        const proposed = [...catalogue.outcomes.values()].filter(({ outcome }) => outcome === 'proposed');
        expect(proposed.map(({ entry }) => entry).sort()).toEqual(waiting);
      }),
      { numRuns: 500 },
    );
  });
});
