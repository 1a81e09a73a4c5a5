// The lines of a document as its life shows them, whatever kind it is.
import type { FactContent, MovementLine, StocktakeLine, TransactionLine } from '../core/fact.ts';
import type { LifeLine } from '../protocol/local/receipt-life.ts';

/** Of a reversal those of what it takes back. */
export function linesOf(content: FactContent, nameOf: (sku: string) => string | null): LifeLine[] {
  if (content.kind === 'reversal') return linesOf(content.original.content, nameOf);
  if (!('lines' in content)) return [];
  return content.lines.map((line: TransactionLine | MovementLine | StocktakeLine, index) => ({
    ...{ line: index + 1, sku: line.sku, gtin: line.gtin ?? null, description: line.description ?? null },
    name: nameOf(line.sku),
    quantity: 'counted' in line ? line.counted : line.quantity,
    amount: 'amount' in line ? (line.amount ?? null) : null,
    notGoods: 'notGoods' in line && line.notGoods === true,
    expected: 'expected' in line ? (line.expected ?? null) : null,
  }));
}
