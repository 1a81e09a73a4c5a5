// Sentences about a file without what stands in its cells: a wrong mapping may take a customer's name for a number.
import { maskText } from '../mask.ts';

/** Letters become x, digits 9: "Jane Doe" is "xxxx xxx", "12,50" is "99,99". */
export const blurred = (text: string): string => text.replace(/\p{L}|\p{M}/gu, 'x').replace(/\p{N}/gu, '9');

/**
 * What a reason quotes is blurred, save words that stand in the reading itself; card numbers are painted over. Where
 * quotation marks do not pair, a cell held one: then all between the first and the last is blurred.
 */
export function withoutCells(reason: string, reading: string): string {
  const { text } = maskText(reason);
  const marks = text.match(/"/g)?.length ?? 0;
  if (marks === 0) return text;
  if (marks % 2 === 1) {
    const [first, last] = [text.indexOf('"'), text.lastIndexOf('"')];
    return text.slice(0, first) + blurred(text.slice(first, last + 1)) + text.slice(last + 1);
  }
  return text.replace(/"([^"]*)"/g, (whole, quoted: string) =>
    quoted === '' || reading.includes(JSON.stringify(quoted)) ? whole : `"${blurred(quoted)}"`,
  );
}
