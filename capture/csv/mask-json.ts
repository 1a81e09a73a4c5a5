// Where card numbers are in the text of a JSON object: in every value but those of the paths that are identifiers (D23).
import { findCardNumbers, type Ranges } from '../mask.ts';

const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s"[\]{},:]+/gs;

/** `spared` are paths such as "order.till.id"; lists have no name of their own. A text that is no JSON is all free text. */
export function cardsInJson(text: string, spared: ReadonlySet<string>): Ranges {
  if (!isJson(text)) return cardsIn(text, 0);
  const ranges: Ranges = [];
  const path: string[] = [];
  let name = '';
  let last = '';
  let lastAt = 0;
  const settle = (): void => {
    if (last !== '' && !spared.has([...path, name].filter((part) => part !== '').join('.'))) {
      ranges.push(...cardsIn(last, lastAt));
    }
    last = '';
  };
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === ':') {
      // A name is text, too.
      ranges.push(...cardsIn(last, lastAt));
      name = nameOf(last);
      last = '';
    } else if (token === '{' || token === '[') {
      path.push(name);
      name = '';
    } else if (token === '}' || token === ']') {
      settle();
      name = path.pop() ?? '';
    } else if (token === ',') {
      settle();
    } else [last, lastAt] = [token, index];
  }
  settle();
  return ranges;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function nameOf(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    return token;
  }
}

/** Where escapes hide digits, all of the value is painted over. */
function cardsIn(token: string, at: number): Ranges {
  const plain = findCardNumbers(token).map(([from, to]): [number, number] => [at + from, at + to]);
  if (plain.length > 0 || !HIDDEN_DIGITS.test(token)) return plain;
  const readable = token.replace(ESCAPE, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)));
  if (findCardNumbers(readable).length === 0) return [];
  return token.startsWith('"') ? [[at + 1, at + token.length - 1]] : [[at, at + token.length]];
}

/** JSON may write digits, and the spaces and dashes between them, as escapes. */
export const HIDDEN_DIGITS = /\\u00(3\d|2[0d])/i;
const ESCAPE = /\\u([0-9a-f]{4})/gi;
