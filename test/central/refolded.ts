// What central holds of a store beside a fold of everything from nothing: they must be the same, byte for byte (L5).
import { expect } from 'vitest';
import { readDirective } from '../../central/directive-log.ts';
import { readFact } from '../../central/fold.ts';
import { type BookEntry, emptyBook, noteAside, type ReadFact } from '../../core/book.ts';
import { digestOf, emptyBuckets, replaceInBuckets, shelfHash } from '../../core/digest.ts';
import { type At, factName, place } from '../../core/order.ts';
import { linkOutcome, outcomesGenesis, step } from '../../core/step.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { Rig } from './rig.ts';

/** The whole history of a store of one life, its facts as text. */
export async function expectRefolded(rig: Rig, store: string, texts: string[], epoch = 1): Promise<void> {
  const stream = await rig.stream(store);
  const held = await rig.intake.ledger.transaction((tx) => tx.directives.page(store, 0, 10_000));
  const directives = held.map(({ bytes }) => readDirective(bytes));
  const facts = texts.slice(0, stream.seq).map((text, index) => {
    return { at: { epoch, seq: index + 1 }, read: readFact(store, text, sha256) };
  });
  const book = emptyBook(store);
  for (const directive of directives) noteAside(book, directive);
  let outcomes = outcomesGenesis(sha256, store);
  const told: string[] = [];
  for (const entry of entriesOf(facts, directives)) {
    const stepped = step(book, entry);
    outcomes = linkOutcome(sha256, outcomes, stepped);
    told.push(`${stepped.name} ${stepped.lines.map(({ outcome }) => outcome).join()}`);
  }
  const buckets = emptyBuckets();
  for (const [sku, shelf] of book.shelves) replaceInBuckets(buckets, sku, null, shelfHash(sha256, sku, shelf));
  expect(await rig.shelves(store), told.join('\n')).toEqual(Object.fromEntries([...book.shelves].sort()));
  expect(digestOf(sha256, stream.buckets), 'digest').toBe(digestOf(sha256, buckets));
  expect(stream.outcomes, 'outcome chain').toBe(outcomes);
  expect(stream.aside, 'put aside').toBe(book.aside.size);
  expect(stream.closedThrough).toBe(book.closedThrough);
  const asked = (await rig.exceptions(store)).map(({ id, decidedBy }) => [id, decidedBy]);
  const due = [...book.exceptions].map(([id, decided]) => [id, decided?.by ?? null]).sort();
  expect(asked, 'questions').toEqual(due);
  expect(await rig.imbalances(store)).toEqual([]);
}

function* entriesOf(
  facts: { at: At; read: ReadFact | null }[],
  directives: ReturnType<typeof readDirective>[],
): Generator<BookEntry> {
  const byName = new Map(facts.map(({ at, read }) => [factName(at), read]));
  for (const { fact, directive } of place(facts, directives)) {
    if (fact !== undefined) yield { kind: 'fact', ...fact };
    else {
      const { body } = directive;
      yield {
        kind: 'directive',
        directive,
        released: body.kind === 'release' ? (byName.get(factName(body.fact)) ?? null) : null,
      };
    }
  }
}
