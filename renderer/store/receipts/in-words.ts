// What is looked for, in words: people see at once what the program understood.
import { SEARCH_AMOUNT_SCALE } from '../../../core/search-keys.ts';
import type { ReceiptQuery } from '../../../protocol/local/rooms/receipts.ts';
import { clockMinutes, number, tradingDay } from '../../kit/format.ts';
import { words } from '../../kit/words.ts';

const say = words.find;
/** Amounts beyond are "and more". */
const OPEN_END = 900_000_000_000;

const amount = (thousandths: number): string =>
  thousandths > OPEN_END ? '∞' : number(thousandths / 10 ** SEARCH_AMOUNT_SCALE);

/** `tills`: names of those that fit, where a till is asked for. */
export function inWords(query: ReceiptQuery, tills: string[] | null): string {
  const { terms, till, days, times, kinds, state } = query;
  const parts: string[] = [];
  const isTill = (term: string): boolean => tills?.some((name) => name.toLowerCase() === term.toLowerCase()) ?? false;
  const left = terms.filter((term) => !isTill(term));
  if (left.length > 0) parts.push(say.words(left.join(' ')));
  if (tills !== null) parts.push(tills.length === 0 ? say.atTill(till ?? '?') : tills.map(say.atTill).join(', '));
  if (query.amount !== undefined) {
    const { from, to } = query.amount;
    parts.push(from === to ? say.exactly(amount(from)) : say.between(amount(from), amount(to)));
  }
  if (days !== undefined)
    parts.push(
      days.from === days.to ? say.onDay(tradingDay(days.from)) : say.days(tradingDay(days.from), tradingDay(days.to)),
    );
  if (times !== undefined) parts.push(say.times(clockMinutes(times.fromMs), clockMinutes(times.toMs)));
  if (kinds !== undefined) parts.push(kinds.map((kind) => words.recent.kinds[kind]).join(', '));
  if (state !== undefined) parts.push(words.recent[state]);
  return parts.join(' · ');
}
