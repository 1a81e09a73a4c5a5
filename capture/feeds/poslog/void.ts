// A receipt that takes another one back: named by a link, with the lines it repeats or those of the same document.
import type { TransactionInput } from '../../../protocol/local/transaction.ts';
import { amountText, quantityText } from './figures.ts';
import type { Line } from './line.ts';
import type { Link } from './link.ts';
import type { Memory, Remembered } from './memory.ts';
import { type Paid, sumOf } from './money.ts';
import { aside, type Outcome } from './outcome.ts';
import { identityOf, inputTenders, type Read, voidable } from './receipt.ts';
import { withoutVoided } from './voided-lines.ts';

/** The lines are those of the voided receipt: as they were, or turned round. */
export function voidOf(read: Read, link: Link, memory: Memory): Outcome {
  const { line: _line, ...voids } = link.ref;
  const original = memory.find(voids, read.head.workstation);
  const own = ownLines(read.lines);
  const lines = own.length > 0 ? own : (original?.lines ?? []);
  if (lines.length === 0) {
    const reason = `It voids receipt ${voids.receipt} and lists no lines, and that receipt does not stand before it in the same document, so it is not known which goods came back: send both in one document, or the void with its lines.`;
    return aside('bad-receipt', reason);
  }
  const turned = own.length > 0 && isTurned(own, original);
  const inputs = lines.map((line) => inputLine(line, turned));
  const amounts = lines.map(({ amount }) => (amount === undefined ? 0 : turned ? amount : -amount));
  const direction = Math.sign(amounts.reduce((sum, amount) => sum + amount, 0)) || -1;
  const grand = read.totals.grand ?? original?.total;
  const total = grand === undefined ? undefined : direction * Math.abs(grand);
  const body: TransactionInput = {
    kind: 'void',
    ...identityOf(read),
    lines: inputs,
    tenders: inputTenders(turnedTenders(read.tenders, total)),
    total: total === undefined ? undefined : amountText(total),
    voids,
  };
  return { kind: 'documents', documents: [{ way: 'transactions', body }] };
}

/** In a void every line may be flagged for the void's sake; where only some are, they were voided before. */
function ownLines(lines: Line[]): Line[] {
  if (lines.every(({ voided }) => voided)) return lines;
  const resolved = withoutVoided(lines.map(voidable), () => false);
  if (!resolved.ok) return lines.filter(({ voided }) => !voided);
  return resolved.kept.map(({ line, size, amount }) => ({ ...line, quantity: size, amount }));
}

/** Whether the lines are the negative of the voided receipt: by that receipt, else by sales below zero only. */
function isTurned(lines: Line[], original: Remembered | null): boolean {
  const net = (all: Line[]): number =>
    all.reduce((sum, { quantity, notGoods }) => sum + (notGoods ? 0 : Math.sign(quantity)), 0);
  const before = original === null ? 0 : net(original.lines);
  if (before !== 0) return net(lines) !== 0 && Math.sign(before) !== Math.sign(net(lines));
  return lines.every(({ quantity, isReturn }) => quantity < 0 && !isReturn);
}

/** Positive takes back what was sold; the money goes the other way than it did. */
function inputLine(line: Line, turned: boolean): TransactionInput['lines'][number] {
  const { item, quantity, unitPrice, amount, notGoods } = line;
  return {
    ...item,
    quantity: quantityText(turned ? -quantity : quantity),
    unitPrice: unitPrice === undefined ? undefined : amountText(unitPrice),
    amount: amount === undefined ? undefined : amountText(turned ? amount : -amount),
    notGoods: notGoods ? true : undefined,
  };
}

/** Some repeat the tenders of the voided receipt as they were. */
function turnedTenders(tenders: Paid[] | undefined, total: number | undefined): Paid[] | undefined {
  if (tenders === undefined || total === undefined || sumOf(tenders) !== -total) return tenders;
  return tenders.map(({ type, amount }) => ({ type, amount: -amount }));
}
