// A quantity as somebody types it, with point or comma.
import { parseDecimal, QUANTITY_SCALE } from '../../../core/amounts.ts';
import { AMOUNT_MAX } from '../../../core/limits.ts';

/** So many digits in a row are a barcode that was scanned into the wrong field. */
const BARCODE = /^\d{8,14}$/;
/** A thousand two hundred to one reader, one and a fifth to another. */
const TWO_WAYS = /^[1-9]\d{0,2}[.,]\d{3}$/;

export type Typed = { quantity: number } | { problem: 'barcode' | 'two-ways' | 'not-a-number' };

/** Thousandths, zero too. */
export function readQuantity(text: string): Typed {
  const typed = text.trim();
  if (BARCODE.test(typed)) return { problem: 'barcode' };
  if (TWO_WAYS.test(typed)) return { problem: 'two-ways' };
  const quantity = parseDecimal(typed.replace(',', '.'), QUANTITY_SCALE);
  return quantity === null || quantity < 0 || quantity > AMOUNT_MAX ? { problem: 'not-a-number' } : { quantity };
}
