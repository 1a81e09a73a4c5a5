// One JSON object with the text that it was written as, so that what is set aside is kept word for word.
import { FEED_BODY_VALUES_MAX } from '../../../core/limits/feeds.ts';
import { parseStrictJson } from '../../strict-json.ts';

export type Fields = Record<string, unknown>;
export type BodyNode = { fields: Fields; raw: string };

export type NodeRead = { ok: true; value: unknown } | { ok: false; reason: string };

/** More significant digits than a number keeps: as text it stays exact. */
const LONG_FRACTION = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+\.\d+(?:[eE][+-]?\d+)?(?=[ \t\r\n]*[,\]}]|[ \t\r\n]*$)/gs;
const DIGITS_KEPT = 15;

/** Valid JSON that would be kept as it was meant; fractions with too many digits come back as text. */
export function readJson(text: string): NodeRead {
  const parsed = parseStrictJson(withLongFractionsAsText(text), { valuesMax: FEED_BODY_VALUES_MAX });
  if (parsed.ok) return parsed;
  if (parsed.code === 'bad-json') {
    return { ok: false, reason: `It is not valid JSON: the mistake is behind character ${parsed.position}.` };
  }
  return { ok: false, reason: `${parsed.field} ${parsed.problem}: ${parsed.fix}.` };
}

/** Some shops write what their program computed: 21.989999999999998. Their quantities and sums must not stop a body. */
export function withLongFractionsAsText(text: string): string {
  if (!/\d\.\d{8}|\d{8}\.\d/.test(text)) return text;
  return text.replace(LONG_FRACTION, (found) => {
    const digits = found
      .replace(/[eE].*$/s, '')
      .replace(/\D/g, '')
      .replace(/^0+/, '');
    return found.startsWith('"') || digits.length <= DIGITS_KEPT ? found : `"${found}"`;
  });
}

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Elements of a list that an object holds, each with its text; null where there is no such list or not of objects. */
export function elementsOf({ fields, raw }: BodyNode, key: string): BodyNode[] | null {
  const list = fields[key];
  if (!Array.isArray(list) || !list.every(isFields)) return null;
  const texts = elementTexts(raw, key);
  return list.map((element, index) => ({ fields: element, raw: texts[index] ?? '' }));
}

/** What an object holds under a key, with its text; null where it is no object. */
export function memberOf({ fields, raw }: BodyNode, key: string): BodyNode | null {
  const member = fields[key];
  if (!isFields(member)) return null;
  const at = valueAt(raw, key);
  return { fields: member, raw: raw.slice(at, endOf(raw, at)) };
}

function elementTexts(raw: string, key: string): string[] {
  const texts: string[] = [];
  let at = skipSpace(raw, valueAt(raw, key) + 1);
  while (at < raw.length && raw[at] !== ']') {
    const end = endOf(raw, at);
    texts.push(raw.slice(at, end));
    at = skipSpace(raw, end);
    if (raw[at] === ',') at = skipSpace(raw, at + 1);
  }
  return texts;
}

/** Where the value of a key begins in the text of a valid object that has it. */
function valueAt(raw: string, key: string): number {
  let at = skipSpace(raw, raw.indexOf('{') + 1);
  while (at < raw.length) {
    const end = endOf(raw, at);
    const name: unknown = JSON.parse(raw.slice(at, end));
    const value = skipSpace(raw, skipSpace(raw, end) + 1);
    if (name === key) return value;
    at = skipSpace(raw, skipSpace(raw, endOf(raw, value)) + 1);
  }
  return raw.length;
}

function skipSpace(raw: string, from: number): number {
  let at = from;
  while (at < raw.length && raw.charCodeAt(at) <= 0x20) at++;
  return at;
}

const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/sy;
const PLAIN = /[^\s,\]}]+/y;
const SKIPPED = /[^"{}[\]]+/y;

const matchEnd = (pattern: RegExp, raw: string, at: number): number => {
  pattern.lastIndex = at;
  return pattern.test(raw) ? pattern.lastIndex : at + 1;
};

/** End of the value that begins here, in valid JSON. */
function endOf(raw: string, from: number): number {
  const first = raw[from];
  if (first === '"') return matchEnd(STRING, raw, from);
  if (first !== '{' && first !== '[') return matchEnd(PLAIN, raw, from);
  let depth = 0;
  let at = from;
  while (at < raw.length) {
    const char = raw[at];
    if (char === '"') at = matchEnd(STRING, raw, at);
    else if (char === '{' || char === '[') {
      depth++;
      at++;
    } else if (char === '}' || char === ']') {
      depth--;
      at++;
      if (depth === 0) return at;
    } else at = matchEnd(SKIPPED, raw, at);
  }
  return raw.length;
}
