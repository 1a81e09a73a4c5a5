// Reads the fields of a vendor's object; what cannot be read is told by the name of the field and the fix.
import type { SetAsideCode } from '../../../core/captured.ts';
import { hex, utf8 } from '../../../core/hash.ts';
import { IDENTIFIER_LENGTH_MAX, TEXT_LENGTH_MAX } from '../../../core/limits.ts';
import { sha256 } from '../../../protocol/sha256.ts';
import { maskText } from '../../mask.ts';
import { decimalOf, type Figure, fromMinor } from '../figures.ts';
import { type Fields, isFields } from './node.ts';

/** This one object cannot be expressed: it is set aside with the sentence. */
export class Unreadable extends Error {
  override name = 'Unreadable';
  code: SetAsideCode;
  constructor(code: SetAsideCode, message: string) {
    super(message);
    this.code = code;
  }
}

export function unreadable(field: string, problem: string, fix: string): never {
  throw new Unreadable('bad-receipt', `${field} ${problem}: ${fix}.`);
}

/** Text or a whole number as text; undefined where it is absent, null, empty or something else. */
export function wordOf(fields: Fields, key: string): string | undefined {
  const value = fields[key];
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text === '' ? undefined : text;
}

export function neededWord(fields: Fields, key: string): string {
  return wordOf(fields, key) ?? unreadable(key, 'is missing', 'let the relay send the whole object');
}

export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** A list of objects; none where it is absent or null. */
export function listOf(fields: Fields, key: string): Fields[] {
  const value = fields[key];
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every(isFields)) return value;
  return unreadable(key, 'is no list of objects', 'let the relay send it as the vendor does');
}

export function decimal(value: unknown, field: string): string {
  return readFigure(decimalOf(value), field);
}

/** Undefined where there is nothing. */
export const optionalDecimal = (value: unknown, field: string): string | undefined =>
  value === undefined || value === null || value === '' ? undefined : decimal(value, field);

/** Whole minor units of a currency. */
export const minor = (value: unknown, currency: string, field: string): string =>
  readFigure(fromMinor(value, currency), field);

function readFigure(figure: Figure, field: string): string {
  return figure.ok ? figure.text : unreadable(field, figure.problem, figure.fix);
}

/** A text for people: without control characters, cut where it is too long; undefined where nothing is left. */
export function description(...parts: (string | undefined)[]): string | undefined {
  const text = parts
    .filter((part) => part !== undefined)
    .join(' - ')
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  if (text === '') return undefined;
  return text.length <= TEXT_LENGTH_MAX
    ? text
    : text
        .slice(0, TEXT_LENGTH_MAX)
        .toWellFormed()
        .replace(/\uFFFD$/, '');
}

const CUSTOM = 'custom:';
const HASH_LENGTH = 8;

/**
 * The code that a line is known by: its SKU, else the first id of the vendor's catalogue, else "custom:" and its name,
 * so that what nobody has in a catalogue is captured too. Names are no identifiers: card numbers in them are painted over.
 */
export function skuOf(fields: Fields, ids: string[], name: string | undefined): string {
  const known =
    wordOf(fields, 'sku') ?? ids.map((id) => wordOf(fields, id)).find((id) => id !== undefined && id !== '0');
  if (known !== undefined) return known;
  const said = maskText(name ?? 'unnamed').text;
  const plain = said
    .toWellFormed()
    .replace(/[\p{C}|]+/gu, ' ')
    .trim();
  const room = IDENTIFIER_LENGTH_MAX - CUSTOM.length;
  if (plain === said && plain.length <= room) return `${CUSTOM}${plain}`;
  const mark = hex(sha256(utf8(said))).slice(0, HASH_LENGTH);
  const head = plain
    .slice(0, room - HASH_LENGTH - 1)
    .toWellFormed()
    .replace(/\uFFFD/g, '')
    .trim();
  return `${CUSTOM}${head}~${mark}`;
}
