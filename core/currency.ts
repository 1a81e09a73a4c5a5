// How many digits a currency has behind the point.

const known = new Map<string, number>();

const USUAL = 2;
const CODE = /^[A-Z]{3}$/;

/** ISO 4217 minor digits: EUR 2, JPY 0, BHD 3; 2 for what nobody knows, also where it is no code at all. */
export function minorDigits(currency: string): number {
  if (!CODE.test(currency)) return USUAL;
  const before = known.get(currency);
  if (before !== undefined) return before;
  const options = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
  const digits = options.maximumFractionDigits ?? USUAL;
  known.set(currency, digits);
  return digits;
}
