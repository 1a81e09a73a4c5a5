// A count that was taken back leaves the shelf as if it had never been: folded once more without it (R21).
import type { FactContent } from '../../../core/fact.ts';
import { emptyShelf, type Shelf } from '../../../core/shelf.ts';
import { undoneCounts } from './checks.ts';
import type { Law } from './planted.ts';
import { Broken, type Central, confirm, nothingConfirmed, type PlacedFact } from './sides.ts';
import { SKUS } from './world.ts';

const ELSEWHERE = 'Z';

/** Gives the number of shelves that were looked at. */
export function checkUndone(law: Law, central: Central, store: string): number {
  let looked = 0;
  for (const sku of SKUS) {
    const undone = undoneCounts(central, sku);
    // Taken back one level deep: with one count less, another one could have been taken back too.
    const isTooLate = central.all.some(({ lines }) =>
      lines.some((one) => one.sku === sku && one.reason === 'undo-too-late'),
    );
    if (undone.length === 0 || isTooLate) continue;
    looked += 1;
    const keys = new Set(undone.flatMap(({ key, by }) => [key, by]));
    const without = central.epochs.flat().map((fact) => (keys.has(fact.fact.key) ? moved(fact, sku) : fact));
    const anew = nothingConfirmed(store);
    confirm(law, anew, central.mark().cut, without, central.log);
    const [as, was] = [
      anew.book.shelves.get(sku),
      JSON.parse(central.shelves().get(sku) ?? JSON.stringify(emptyShelf())) as Shelf,
    ];
    if (told(as) !== told(was))
      throw new Broken(`${store} ${sku}: ${told(was)}, without what was taken back ${told(as)}`);
  }
  return looked;
}

/** The same document about another shelf: line numbers stay. */
function moved(fact: PlacedFact, sku: string): PlacedFact {
  const away = (content: FactContent): FactContent => {
    if (content.kind === 'reversal')
      return { ...content, original: { ...content.original, content: away(content.original.content) as never } };
    if (content.kind !== 'stocktake') return content;
    return { ...content, lines: content.lines.map((line) => (line.sku === sku ? { ...line, sku: ELSEWHERE } : line)) };
  };
  return { ...fact, fact: { ...fact.fact, content: away(fact.fact.content) } };
}

/** Without what only tells how it came about. */
function told(shelf: Shelf = emptyShelf()): string {
  const { places, known, newest, open, reservations } = shelf;
  const { undo: _undo, ...count } = newest ?? { undo: null };
  return JSON.stringify([places, known, count, open, reservations.map(({ reservation }) => reservation)]);
}
