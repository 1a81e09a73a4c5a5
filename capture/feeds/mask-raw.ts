// The input of a document before it is set aside: card numbers painted over, identifiers left alone (L12, D23).
import { findCardNumbers, paintOver, type Ranges } from '../mask.ts';
import { type Piece, xmlPieces, xmlText } from './xml-pieces.ts';

const JSON_STRING = /"(?:[^"\\]|\\.)*"/sy;
const JSON_NUMBER = /-?\d[\d.eE+-]*/y;
const COLON = /\s*:/y;

/** `identifiers` are local names of elements, attributes or properties whose values are never taken for cards. */
export function maskRaw(raw: string, identifiers: readonly string[]): { raw: string; masked: Ranges } {
  const spared = new Set(identifiers);
  const ranges: Ranges = [];
  for (const { from, to, name } of piecesOf(raw)) {
    if (spared.has(name)) continue;
    for (const [a, b] of cardsIn(raw.slice(from, to))) ranges.push([from + a, from + b]);
  }
  return { raw: paintOver(raw, ranges), masked: ranges };
}

/** What is neither XML nor JSON is free text from end to end. */
function piecesOf(raw: string): Iterable<Piece> {
  if (raw.trimStart().startsWith('<')) return xmlPieces(raw);
  return isJson(raw) ? jsonPieces(raw) : [{ from: 0, to: raw.length, name: '' }];
}

function isJson(raw: string): boolean {
  try {
    JSON.parse(raw);
    return true;
  } catch {
    return false;
  }
}

/** Where escapes or markup hide digits, all of the value is painted over. */
function cardsIn(text: string): Ranges {
  const plain = findCardNumbers(text);
  if (plain.length > 0 || !/[\\&<]/.test(text)) return plain;
  return findCardNumbers(readable(text)).length > 0 ? [[0, text.length]] : [];
}

const readable = (text: string): string =>
  xmlText(text).replace(/\\u([0-9a-fA-F]{4})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)));

/** Of valid JSON: names, and strings and numbers with the property that they belong to, through arrays. */
function* jsonPieces(raw: string): Generator<Piece> {
  const outer: string[] = [];
  let name = '';
  for (let at = 0; at < raw.length; ) {
    const string = matchAt(JSON_STRING, raw, at);
    if (string !== null) {
      const end = at + string.length;
      const isName = matchAt(COLON, raw, end) !== null;
      yield { from: at + 1, to: end - 1, name: isName ? '' : name };
      if (isName) name = string.slice(1, -1);
      at = end;
      continue;
    }
    const number = matchAt(JSON_NUMBER, raw, at);
    if (number !== null) yield { from: at, to: at + number.length, name };
    if (raw[at] === '{' || raw[at] === '[') outer.push(name);
    if (raw[at] === '}' || raw[at] === ']') name = outer.pop() ?? '';
    at += number?.length ?? 1;
  }
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}
