// Sums of a count sheet: what several people wrote of one article, added up, and when; and which figures are questioned.
import { QUANTITY_SCALE } from './amounts.ts';
import type { CountedWhen } from './captured.ts';
import { SURPRISE_SUM_MIN, SURPRISE_TIMES, SURPRISE_UNITS_MIN, SURPRISE_UNKNOWN_MIN } from './limits/count.ts';

/** What one person wrote of one article. `quantity` in thousandths, may be zero. */
export type SheetLine = { sku: string; quantity: number } & CountedWhen;
/** All parts of one article together. */
export type Tallied = { sku: string; counted: number; when: CountedWhen };

const UNIT = 10 ** QUANTITY_SCALE;

/** Added up by SKU, in the order of the SKUs: the same whatever the order in which lines were written. */
export function tally(lines: Iterable<SheetLine>): Tallied[] {
  const sums = new Map<string, Tallied>();
  for (const { sku, quantity, fromMs, toMs, frame, frameStart } of lines) {
    const when = { fromMs, toMs, frame, frameStart };
    const known = sums.get(sku);
    if (known === undefined) sums.set(sku, { sku, counted: quantity, when });
    else sums.set(sku, { sku, counted: known.counted + quantity, when: together(known.when, when) });
  }
  return [...sums.values()].sort((a, b) => (a.sku < b.sku ? -1 : a.sku > b.sku ? 1 : 0));
}

/**
 * From the first part to the last: what was sold in between is unclear (R7). Parts of two stretches of the clock belong
 * to the later one and begin before it, so that nothing of the earlier one passes for surely before or after (R6).
 */
function together(a: CountedWhen, b: CountedWhen): CountedWhen {
  const [early, late] = a.frame <= b.frame ? [a, b] : [b, a];
  const { frame, frameStart } = late;
  if (early.frame === frame && early.frameStart === frameStart) {
    return { fromMs: Math.min(a.fromMs, b.fromMs), toMs: Math.max(a.toMs, b.toMs), frame, frameStart };
  }
  return { fromMs: Math.min(early.fromMs, late.fromMs, frameStart - 1), toMs: late.toMs, frame, frameStart };
}

/**
 * True where a person is asked once more: much at once, and the sum is far beyond what the books have. Thousandths;
 * `books` null where they know nothing. A scan that adds one is never questioned.
 */
export function isSurprising(entered: number, sum: number, books: number | null): boolean {
  if (entered <= SURPRISE_UNITS_MIN * UNIT) return false;
  if (books === null) return sum > SURPRISE_UNKNOWN_MIN * UNIT;
  return sum > Math.max(SURPRISE_SUM_MIN * UNIT, SURPRISE_TIMES * books);
}
