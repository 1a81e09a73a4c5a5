// Quantities and money as exact integers: read from decimal text, written back as decimal text.

/** Digits behind the point: quantities are thousandths, unit prices ten-thousandths of the currency's unit. */
export const QUANTITY_SCALE = 3;
export const UNIT_PRICE_SCALE = 4;

/** Decimal text ("-1.25") to an integer at the scale (-1250 at 3); null where it is no number or would be rounded. */
export function parseDecimal(text: string, scale: number): number | null {
  const match = /^([+-]?)(\d{1,15})(?:\.(\d{0,20}))?$/.exec(text.trim());
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = ''] = match;
  if (/[1-9]/.test(fraction.slice(scale))) return null;
  const digits = Number(whole + fraction.slice(0, scale).padEnd(scale, '0'));
  if (!Number.isSafeInteger(digits)) return null;
  return sign === '-' && digits !== 0 ? -digits : digits;
}

/** An integer at the scale to its shortest decimal text: -1250 at 3 is "-1.25", 2000 is "2". */
export function formatDecimal(value: number, scale: number): string {
  const digits = String(Math.abs(value)).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${value < 0 ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

export const formatQuantity = (thousandths: number): string => formatDecimal(thousandths, QUANTITY_SCALE);

/** Quantity x unit price in minor units, rounded half away from zero; exact until the one rounding. */
export function lineAmount(quantity: number, unitPriceE4: number, minorDigits: number): number {
  const product = BigInt(quantity) * BigInt(unitPriceE4);
  const divisor = 10n ** BigInt(QUANTITY_SCALE + UNIT_PRICE_SCALE - minorDigits);
  const rounded = ((product < 0n ? -product : product) * 2n + divisor) / (divisor * 2n);
  return Number(product < 0n ? -rounded : rounded);
}
