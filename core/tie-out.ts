// A till's Z report against what was captured of that till and day: every difference in a sentence.
import { MISSING_RANGES_NAMED_MAX } from './limits/records.ts';
import { type MissingReceipts, missingReceipts, type ReceiptNumbers } from './receipt-numbers.ts';

/** Minor units; returns and voids are positive. What is absent was not told. */
export type TillSums = {
  currency: string;
  sales?: number | undefined;
  returns?: number | undefined;
  voids?: number | undefined;
};

export type TillDeclaration = {
  workstation: string;
  businessDate: string;
  /** Number of receipts. */
  receipts?: number | undefined;
  sums?: readonly TillSums[] | undefined;
  firstReceipt?: string | undefined;
  lastReceipt?: string | undefined;
};

/** What is here of the same workstation and business date; an absent sum is zero. */
export type TillCaptured = { receipts: number; sums: readonly TillSums[]; numbers: ReceiptNumbers };

const SUMS = ['sales', 'returns', 'voids'] as const;

export type TillDifference = {
  what: 'receipts' | 'numbers' | 'last-receipt' | (typeof SUMS)[number];
  /** Of a sum. */
  currency: string | null;
  /** A number of receipts, or minor units; null where the till told no figure. */
  declared: number | null;
  captured: number | null;
  sentence: string;
};

export type TillTieOut = { differences: TillDifference[]; missing: MissingReceipts };

const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

/** "1042, 1050 to 1052 and 4 more". */
export function missingNumbers({ ranges, count }: MissingReceipts): string {
  const named = ranges.slice(0, MISSING_RANGES_NAMED_MAX);
  const rest = count - named.reduce((sum, range) => sum + range.count, 0);
  const words = named.flatMap(({ from, to, count: size }) => {
    if (size === 1) return [from];
    return size === 2 ? [from, to] : [`${from} to ${to}`];
  });
  return listed(rest > 0 ? [...words, `${rest} more`] : words);
}

const are = (count: number): string => (count === 1 ? 'is' : 'are');

/** A till's name as people read it: one that is called "Till 2" is not said to be "Till Till 2". */
export const tillName = (workstation: string): string =>
  /^till\b/i.test(workstation) ? workstation : `Till ${workstation}`;

/** What the store is shown during the day already, from the numbers alone; null where nothing lacks. */
export const missingSentence = (workstation: string, missing: MissingReceipts): string | null =>
  missing.count === 0 ? null : `${tillName(workstation)}: ${missingNumbers(missing)} ${are(missing.count)} missing.`;

function receiptsSentence(declared: TillDeclaration, captured: TillCaptured, missing: MissingReceipts): string {
  const says = declared.receipts ?? 0;
  const counts = `${tillName(declared.workstation)} says ${says} ${says === 1 ? 'receipt' : 'receipts'}, ${
    captured.receipts
  } ${are(captured.receipts)} here`;
  if (captured.receipts > says) return `${counts}: ${captured.receipts - says} more than it says.`;
  if (missing.count === 0) return `${counts}. The numbers do not show which ${are(says - captured.receipts)} missing.`;
  if (missing.count !== says - captured.receipts) {
    return `${counts}. Not here ${are(missing.count)}: ${missingNumbers(missing)}.`;
  }
  return `${counts}: ${missingNumbers(missing)} ${are(missing.count)} missing.`;
}

function receiptDifferences(
  declared: TillDeclaration,
  captured: TillCaptured,
  missing: MissingReceipts,
): TillDifference[] {
  const differences: TillDifference[] = [];
  const figures = { currency: null, declared: declared.receipts ?? null, captured: captured.receipts };
  const differs = declared.receipts !== undefined && declared.receipts !== captured.receipts;
  if (differs) {
    differences.push({ what: 'receipts', ...figures, sentence: receiptsSentence(declared, captured, missing) });
  }
  const gaps = missingSentence(declared.workstation, missing);
  if (gaps !== null && (!differs || captured.receipts > (declared.receipts ?? 0))) {
    const unused = ' The number of receipts agrees, so probably no receipt was printed with it.';
    const agrees = declared.receipts === captured.receipts;
    differences.push({ what: 'numbers', ...figures, sentence: agrees ? gaps + unused : gaps });
  }
  if (missing.beyond !== null) {
    const says = `${tillName(declared.workstation)} says its last receipt is ${declared.lastReceipt}`;
    differences.push({ what: 'last-receipt', ...figures, sentence: `${says}, ${missing.beyond} is here too.` });
  }
  return differences;
}

/** Minor units with all their digits: 123450 of EUR is "1234.50 EUR". */
function money(amount: number, currency: string, digits: number): string {
  const text = String(Math.abs(amount)).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  const fraction = digits === 0 ? '' : `.${text.slice(-digits)}`;
  return `${amount < 0 ? '-' : ''}${whole}${fraction} ${currency}`;
}

/**
 * Every difference between a till's report and what is here, and the receipt numbers that lack. A field that the till
 * did not tell is not compared; numbers are looked at in any case. `minorDigits` tells a currency's decimal places.
 */
export function tieOut(
  declared: TillDeclaration,
  captured: TillCaptured,
  minorDigits: (currency: string) => number,
): TillTieOut {
  const missing = missingReceipts(captured.numbers, declared);
  const differences = receiptDifferences(declared, captured, missing);
  for (const sums of declared.sums ?? []) {
    const { currency } = sums;
    const written = (amount: number): string => money(amount, currency, minorDigits(currency));
    const here = captured.sums.find((one) => one.currency === currency);
    for (const what of SUMS) {
      const [says, is] = [sums[what], here?.[what] ?? 0];
      if (says === undefined || says === is) continue;
      const off = `${written(Math.abs(says - is))} ${is < says ? 'less' : 'more'}`;
      const told = `${tillName(declared.workstation)} says ${what} of ${written(says)}`;
      const sentence = `${told}, ${written(is)} are here: ${off}.`;
      differences.push({ what, currency, declared: says, captured: is, sentence });
    }
  }
  return { differences, missing };
}
