// The sample tills' own sums of each trading day, as their Z reports print them, with receipts that never arrived.
import { formatDecimal, parseDecimal } from '../../core/amounts.ts';
import type { DayInput } from '../../protocol/local/documents.ts';
import type { Stamped } from './shop.ts';

const MINOR_DIGITS = 2;

type Day = {
  workstation: string;
  businessDate: string;
  receipts: number;
  /** Cents; returns and voids are positive. */
  sums: Record<'sale' | 'return' | 'void', number>;
  currency: string | undefined;
  occurred: string;
  firstReceipt: string;
  lastReceipt: string;
};

export function openTally() {
  const days = new Map<string, Day>();
  return {
    add(stamped: Stamped): void {
      if (!('receipt' in stamped)) return;
      const { workstation, businessDate, occurred, receipt, kind, currency, total } = stamped;
      const key = `${workstation}|${businessDate}`;
      const day = days.get(key) ?? {
        ...{ workstation, businessDate, occurred, currency, receipts: 0, firstReceipt: receipt, lastReceipt: receipt },
        sums: { sale: 0, return: 0, void: 0 },
      };
      days.set(key, day);
      day.receipts += 1;
      day.occurred = occurred;
      day.lastReceipt = receipt;
      day.sums[kind] += (kind === 'sale' ? 1 : -1) * (parseDecimal(String(total ?? 0), MINOR_DIGITS) ?? 0);
    },
    /** The reports of the trading days before this one, each once. */
    due({ businessDate: today }: Pick<Stamped, 'businessDate'>): DayInput[] {
      const over = [...days].filter(([, { businessDate }]) => businessDate < today);
      for (const [key] of over) days.delete(key);
      return over.map(([, day]) => report(day));
    },
  };
}

function report({ workstation, businessDate, occurred, receipts, sums, currency, ...numbers }: Day): DayInput {
  const money = (cents: number): string => formatDecimal(cents, MINOR_DIGITS);
  const told = { sales: money(sums.sale), returns: money(sums.return), voids: money(sums.void) };
  return {
    ...{ workstation, businessDate, occurred, document: `Z-${numbers.lastReceipt}` },
    ...{ receipts, currency, ...numbers, ...told },
  };
}
