// Exact arithmetic on decimal text: amounts of lines are added up before they become minor units.

type Exact = { units: bigint; places: number };

/** "12.50" plus "-2.5" is "10". The texts come from decimalOf or fromMinor. */
export function sumOf(...texts: string[]): string {
  const parts = texts.map(exact);
  const places = Math.max(0, ...parts.map((part) => part.places));
  const units = parts.reduce((sum, part) => sum + part.units * 10n ** BigInt(places - part.places), 0n);
  return textOf({ units, places });
}

export function timesOf(a: string, b: string): string {
  const [left, right] = [exact(a), exact(b)];
  return textOf({ units: left.units * right.units, places: left.places + right.places });
}

export const negated = (text: string): string => sumOf('0', text.startsWith('-') ? text.slice(1) : `-${text}`);

export const isZero = (text: string): boolean => exact(text).units === 0n;
export const isNegative = (text: string): boolean => exact(text).units < 0n;

/** Decimals behind the point that are not zero. */
export const placesOf = (text: string): number => /\.(\d*?)0*$/.exec(text)?.[1]?.length ?? 0;

function exact(text: string): Exact {
  const [whole = '0', fraction = ''] = text.split('.');
  return { units: BigInt(`${whole}${fraction}`), places: fraction.length };
}

function textOf({ units, places }: Exact): string {
  const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const fraction = places === 0 ? '' : digits.slice(-places).replace(/0+$/, '');
  const text = fraction === '' ? whole : `${whole}.${fraction}`;
  return units < 0n ? `-${text}` : text;
}
