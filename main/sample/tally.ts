// A sample till's own sums of the day, as it prints them on its Z report, with the receipts that never arrived.
import { formatDecimal, parseDecimal } from '../../core/amounts.ts';
import type { DayInput } from '../../protocol/local/documents.ts';
import type { Stamped } from './shop.ts';

const MINOR_DIGITS = 2;

type Day = {
  receipts: number;
  /** Cents; returns and voids are positive. */
  sums: Record<'sale' | 'return' | 'void', number>;
  currency: string | undefined;
  firstReceipt: string;
  lastReceipt: string;
};

type Report = DayInput & Stamped;

export function openTally() {
  const days = new Map<string, Day>();
  const keyOf = ({ workstation, businessDate }: Stamped): string => `${workstation}|${businessDate}`;
  return {
    add(stamped: Stamped): void {
      if (!('receipt' in stamped)) return;
      const { receipt, kind, currency, total } = stamped;
      const day = days.get(keyOf(stamped)) ?? {
        ...{ receipts: 0, sums: { sale: 0, return: 0, void: 0 }, firstReceipt: receipt },
        ...{ currency, lastReceipt: receipt },
      };
      days.set(keyOf(stamped), day);
      day.receipts += 1;
      day.lastReceipt = receipt;
      day.sums[kind] += (kind === 'sale' ? 1 : -1) * (parseDecimal(String(total ?? 0), MINOR_DIGITS) ?? 0);
    },
    /** The report with its figures; of a till that sold nothing it says so. */
    report(stamped: Report): Report {
      const day = days.get(keyOf(stamped));
      if (day === undefined) return { ...stamped, receipts: 0 };
      const { receipts, sums, currency, firstReceipt, lastReceipt } = day;
      const money = (cents: number): string => formatDecimal(cents, MINOR_DIGITS);
      const told = { sales: money(sums.sale), returns: money(sums.return), voids: money(sums.void) };
      return { ...stamped, receipts, currency, firstReceipt, lastReceipt, ...told };
    },
  };
}
