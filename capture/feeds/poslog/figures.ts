// Figures of one transaction as exact integers; what cannot be read is noted in a sentence and sets it aside.
import { formatDecimal, parseDecimal, QUANTITY_SCALE, UNIT_PRICE_SCALE } from '../../../core/amounts.ts';
import { decimalOf } from '../figures.ts';

/** What is wrong with the transaction that is being read. */
export type Problems = string[];

/** Thousandths; undefined where there is nothing, or nothing that can be read. */
export const quantityOf = (problems: Problems, where: string, text: string | undefined): number | undefined =>
  exact(problems, where, text, QUANTITY_SCALE);

/** Ten-thousandths of the currency's unit: so fine are amounts read, the currency's own digits are checked later. */
export const amountOf = (problems: Problems, where: string, text: string | undefined): number | undefined =>
  exact(problems, where, text, UNIT_PRICE_SCALE);

function exact(problems: Problems, where: string, text: string | undefined, scale: number): number | undefined {
  if (text === undefined) return undefined;
  const figure = decimalOf(text);
  if (!figure.ok) {
    problems.push(`${where} ${figure.problem}: ${figure.fix}.`);
    return undefined;
  }
  const value = parseDecimal(figure.text, scale);
  if (value !== null) return value;
  problems.push(`${where} is "${figure.text.slice(0, 40)}": send it with at most ${scale} decimals.`);
  return undefined;
}

export const quantityText = (thousandths: number): string => formatDecimal(thousandths, QUANTITY_SCALE);
export const amountText = (tenThousandths: number): string => formatDecimal(tenThousandths, UNIT_PRICE_SCALE);

/** Thousandths times ten-thousandths in ten-thousandths, exactly; null where it would be rounded. */
export function timesExactly(quantity: number, unitPrice: number): number | null {
  const product = BigInt(quantity) * BigInt(unitPrice);
  const scale = 10n ** BigInt(QUANTITY_SCALE);
  const whole = product / scale;
  return product % scale === 0n && whole <= BigInt(Number.MAX_SAFE_INTEGER) && whole >= -BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(whole)
    : null;
}

/** Whether an amount is quantity times price, but for the rounding to a hundredth of the unit. */
export function isAbout(amount: number, quantity: number, unitPrice: number): boolean {
  const product = BigInt(quantity) * BigInt(unitPrice);
  const difference = product - BigInt(amount) * 1_000n;
  return difference < 100_000n && difference > -100_000n;
}
