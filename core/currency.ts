// How many digits a currency has behind the point.

const known = new Map<string, number>();

/** ISO 4217 minor digits: EUR 2, JPY 0, BHD 3; 2 for a code that nobody knows. `currency` is three capital letters. */
export function minorDigits(currency: string): number {
  const before = known.get(currency);
  if (before !== undefined) return before;
  const options = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
  const digits = options.maximumFractionDigits ?? 2;
  known.set(currency, digits);
  return digits;
}
