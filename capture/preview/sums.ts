// Exact sums of what a file would become.
import { QUANTITY_SCALE } from '../../core/amounts.ts';
import type { FactContent, FactKind } from '../../core/fact.ts';
import type { PreviewSummary } from '../../protocol/local/preview.ts';
import { amountText } from './show.ts';

type Money = Map<string, { lines: bigint; totals: bigint }>;
type Sum = { documents: number; lines: number; units: bigint; money: Money };

const newSum = (): Sum => ({ documents: 0, lines: 0, units: 0n, money: new Map() });

/** Big integers: no file is too large for them. */
export function openSums() {
  const all = newSum();
  const kinds = new Map<FactKind, Sum>();
  return {
    add(content: FactContent): void {
      const sum = kinds.get(content.kind) ?? newSum();
      kinds.set(content.kind, sum);
      addTo(sum, content, 1n);
      addTo(all, content, content.kind === 'sale' ? 1n : 'receipt' in content ? -1n : 0n);
    },
    told: (): Pick<PreviewSummary, 'documents' | 'lines' | 'units' | 'amounts' | 'kinds'> => ({
      ...toldOf(all),
      kinds: Object.fromEntries([...kinds].map(([kind, sum]) => [kind, toldOf(sum)])),
    }),
  };
}

function addTo(sum: Sum, content: FactContent, sign: bigint): void {
  const lines = 'lines' in content ? content.lines : [];
  sum.documents++;
  sum.lines += lines.length;
  for (const line of lines) sum.units += sign * BigInt('counted' in line ? line.counted : line.quantity);
  if (!('receipt' in content) || content.currency === undefined) return;
  const money = sum.money.get(content.currency) ?? { lines: 0n, totals: 0n };
  for (const { amount } of content.lines) money.lines += BigInt(amount ?? 0);
  money.totals += BigInt(content.total ?? 0);
  sum.money.set(content.currency, money);
}

const toldOf = ({ documents, lines, units, money }: Sum) => ({
  documents,
  lines,
  units: unitsText(units),
  amounts: Object.fromEntries(
    [...money].map(([currency, sums]) => [
      currency,
      { lines: amountText(sums.lines, currency), totals: amountText(sums.totals, currency) },
    ]),
  ),
});

function unitsText(thousandths: bigint): string {
  const digits = String(thousandths < 0n ? -thousandths : thousandths).padStart(QUANTITY_SCALE + 1, '0');
  const fraction = digits.slice(-QUANTITY_SCALE).replace(/0+$/, '');
  return `${thousandths < 0n ? '-' : ''}${digits.slice(0, -QUANTITY_SCALE)}${fraction === '' ? '' : `.${fraction}`}`;
}
