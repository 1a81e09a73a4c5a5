// Tills whose numbers or Z report do not agree with what was captured, in sentences.
import { minorDigits } from '../core/currency.ts';
import { missingReceipts } from '../core/receipt-numbers.ts';
import { missingSentence, tieOut } from '../core/tie-out.ts';
import type { TillCheck } from '../protocol/local/exceptions.ts';
import type { TillOfDay } from '../storage/till-days.ts';

/** Only those of which there is something to say; before its report a till is only told what lacks inside its numbers. */
export const tillChecks = (days: readonly TillOfDay[]): TillCheck[] =>
  days.flatMap((day) => {
    const sentences = sentencesOf(day);
    const { workstation, businessDate } = day;
    return sentences.length === 0 ? [] : [{ workstation, businessDate, closed: day.declared !== null, sentences }];
  });

function sentencesOf({ workstation, declared, captured }: TillOfDay): string[] {
  if (declared !== null) return tieOut(declared, captured, minorDigits).differences.map(({ sentence }) => sentence);
  const gaps = missingSentence(workstation, missingReceipts(captured.numbers));
  return gaps === null ? [] : [gaps];
}
