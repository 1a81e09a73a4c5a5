// Objects of a JSON file as the rows of a mapped file: a column is a path to a property, a list gives a row for each entry.
import { isUtf8 } from 'node:buffer';
import { setImmediate as breathe } from 'node:timers/promises';
import { isLosslessNumber, parse } from 'lossless-json';
import { JSON_RECORD_DEPTH_MAX, JSON_RECORD_LINES_MAX } from '../../core/limits/feeds.ts';
import { CELL_SHOWN_LENGTH_MAX } from '../../core/limits/files.ts';
import { decimalOf } from '../feeds/figures.ts';
import { mistakeAt } from '../json-mistake.ts';
import { maskText } from '../mask.ts';
import { type JsonPiece, jsonLines, jsonValues } from './json-pieces.ts';
import type { CsvMapping } from './mapping.ts';
import type { CsvRecord } from './records.ts';
import { type Bytes, textOf } from './source.ts';

/**
 * Streams rows out of UTF-8 bytes. All rows of one object follow each other, and only the first carries its text as
 * `raw`. What is no object becomes one broken row. `names` are the paths in the order of the cells.
 */
export async function* jsonRecords(source: Bytes, mapping: CsvMapping, names: string[]): AsyncGenerator<CsvRecord> {
  const rowsOf = rowReader(mapping, names);
  let bytes = 0;
  for await (const piece of mapping.format === 'json' ? jsonValues(source) : jsonLines(source)) {
    // What is no JSON takes the longest: tills that post meanwhile must not wait for a file full of it.
    bytes += piece.bytes.length + 1;
    if (bytes >= BYTES_AT_ONCE) {
      bytes = 0;
      await breathe();
    }
    const raw = textOf(piece.bytes);
    const { line } = piece;
    const read = isUtf8(piece.bytes) || piece.problem !== undefined ? objectOf(piece, raw) : 'it is not UTF-8';
    const rows = typeof read === 'string' ? read : rowsOf(read);
    if (typeof rows === 'string') {
      yield { line, cells: [], raw, broken: 'json', problem: rows };
      continue;
    }
    for (const [nth, { cells, problem }] of rows.entries()) {
      const broken = problem === undefined ? {} : { broken: 'json' as const, problem };
      yield { line, cells, raw: nth === 0 ? raw : '', ...broken };
    }
  }
}

const BYTES_AT_ONCE = 4_096;

type JsonObject = Record<string, unknown>;

/** The object, its numbers as they are written, or a sentence. */
function objectOf({ problem }: JsonPiece, text: string): JsonObject | string {
  if (problem !== undefined) return problem;
  if (!isShallow(text)) return `it is nested more than ${JSON_RECORD_DEPTH_MAX} levels deep`;
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    const twice = /^Duplicate key '(.*)' encountered/.exec(error instanceof Error ? error.message : '')?.[1];
    if (twice === undefined) return `it is no JSON: the mistake is behind character ${mistakeAt(text)}`;
    return `the property "${shown(maskText(twice).text)}" is there twice, with different values`;
  }
  return isObject(value) ? value : 'it is no object';
}

/** The parser calls itself for each level. */
function isShallow(text: string): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth--;
    if (depth > JSON_RECORD_DEPTH_MAX) return false;
  }
  return true;
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value);

type Row = { cells: string[]; problem?: string | undefined };

function rowReader(mapping: CsvMapping, names: string[]): (object: JsonObject) => Row[] | string {
  const { linesAt, columns } = mapping;
  const inList = linesAt === undefined ? null : `${linesAt}.`;
  const figures = new Set([columns.quantity, columns.unitPrice, columns.amount, columns.expected]);
  const comma = mapping.decimalComma;
  const row = (object: JsonObject, entry: unknown): Row => {
    let problem: string | undefined;
    const cells = names.map((name) => {
      const own = inList !== null && name.startsWith(inList);
      const value = own ? valueAt(entry, name.slice(inList.length)) : valueAt(object, name);
      const text = textAt(value);
      if (text === null) {
        const kind = Array.isArray(value) ? 'a list' : 'an object';
        problem ??= `${shown(name)} is ${kind}: name a property inside it, for example ${shown(name)}.${Array.isArray(value) ? '0' : 'id'}`;
      }
      // The mapping's decimal comma is about texts: a JSON number has a point.
      return comma && isLosslessNumber(value) && figures.has(name) ? (text ?? '').replace('.', ',') : (text ?? '');
    });
    return { cells, problem };
  };
  return (object) => {
    if (linesAt === undefined) return [row(object, undefined)];
    const list = valueAt(object, linesAt);
    if (!Array.isArray(list)) return `${linesAt} is ${list === undefined ? 'missing' : 'no list'}: look at linesAt`;
    if (list.length === 0) return `${linesAt} is empty: there is nothing to capture`;
    if (list.length > JSON_RECORD_LINES_MAX) return `${linesAt} has more than ${JSON_RECORD_LINES_MAX} entries`;
    return list.map((entry: unknown) => row(object, entry));
  };
}

/** "order.till.id": a property whose own name is the whole path, else through the property before the first dot. */
function valueAt(value: unknown, path: string): unknown {
  if (Array.isArray(value)) {
    const [, index = '', rest] = /^(\d{1,6})(?:\.(.+))?$/s.exec(path) ?? [];
    if (index === '') return undefined;
    return rest === undefined ? value[Number(index)] : valueAt(value[Number(index)], rest);
  }
  if (!isObject(value)) return undefined;
  if (Object.hasOwn(value, path)) return value[path];
  const dot = path.indexOf('.');
  const first = path.slice(0, dot);
  return dot > 0 && Object.hasOwn(value, first) ? valueAt(value[first], path.slice(dot + 1)) : undefined;
}

/** Null for what is no single value. */
function textAt(value: unknown): string | null {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (!isLosslessNumber(value)) return null;
  if (!/[eE]/.test(value.value)) return value.value;
  const plain = decimalOf(value);
  return plain.ok ? plain.text : value.value;
}

const shown = (name: string): string => name.slice(0, CELL_SHOWN_LENGTH_MAX);
