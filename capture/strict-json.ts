// JSON as two programs never read it differently: what JSON.parse would take or change in silence is refused, by place.
import { getUnsafeNumberReason, UnsafeNumberReason } from 'lossless-json';
import { JSON_DEPTH_MAX, JSON_KEYS_MAX, JSON_VALUES_MAX } from '../core/limits/feeds.ts';
import { CELL_SHOWN_LENGTH_MAX } from '../core/limits/files.ts';
import { mistakeAt } from './json-mistake.ts';

/** `unsafe-json`: it is JSON, but not all of it would be kept as it was meant. */
export type StrictJson =
  | { ok: true; value: unknown }
  /** Characters that are right before the mistake. */
  | { ok: false; code: 'bad-json'; position: number }
  | { ok: false; code: 'unsafe-json'; position: number; field: string; problem: string; fix: string };

export type JsonBounds = { depthMax: number; valuesMax: number; keysMax: number };

type Mistake = { position: number; field: string; problem: string; fix: string; isBound: boolean };
type Note = (position: number, told: Told, isBound?: boolean) => void;
type Told = readonly [problem: string, fix: string];

/** An object or array that is open at a place: its keys so far, or null for an array, and where in it we are. */
type Open = { keys: Set<string> | null; key: string; index: number };

const BOUNDS: JsonBounds = { depthMax: JSON_DEPTH_MAX, valuesMax: JSON_VALUES_MAX, keysMax: JSON_KEYS_MAX };
const PROTOTYPE_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
/** A number that every program keeps: at most 15 significant digits, no exponent. */
const PLAIN_NUMBER = /^-?\d{1,15}$|^(?=-?[\d.]{3,16}$)-?\d+\.\d+$/;
const NUMBER = /[-+\d.eE]+/y;
/** Up to what ends a string, or is written as an escape in it. */
const STRING_PIECE = /[^"\\]*/y;

/**
 * A text as a value; the answer does not depend on which of two equal keys a program believes, how long its numbers are
 * or what it does with half a character. Takes time in proportion to the text, whatever it holds.
 */
export function parseStrictJson(text: string, bounds: Partial<JsonBounds> = {}): StrictJson {
  const mistake = firstMistake(text, { ...BOUNDS, ...bounds });
  // What is beyond a bound is not even parsed.
  if (mistake?.isBound === true) return unsafe(mistake);
  try {
    const value: unknown = JSON.parse(text);
    return mistake === null ? { ok: true, value } : unsafe(mistake);
  } catch {
    return { ok: false, code: 'bad-json', position: mistakeAt(text) };
  }
}

const unsafe = ({ position, field, problem, fix }: Mistake): StrictJson => ({
  ...{ ok: false, code: 'unsafe-json' },
  ...{ position, field, problem, fix },
});

const TWICE: Told = ['is there twice in the same object', 'send it once'];
const FORBIDDEN: Told = ['is a name that no field may have', 'leave it out'];
const HALF: Told = ['holds half of a character (a lone surrogate)', 'send whole characters'];
const AS_TEXT = 'send such a figure as text, in quotation marks';
const beyond = (what: string): Told => [what, 'split what you send'];

/** Reads a text that may not be JSON at all: then it finds anything, and JSON.parse refuses it anyhow. */
function firstMistake(text: string, { depthMax, valuesMax, keysMax }: JsonBounds): Mistake | null {
  const open: Open[] = [];
  // Most bodies: then only the names of fields are looked at.
  const isPlain = !text.includes('\\') && text.isWellFormed();
  let values = 0;
  let found: Mistake | null = null;
  const note: Note = (position, [problem, fix], isBound = false) => {
    found ??= { position, field: fieldOf(open), problem, fix, isBound };
    if (isBound) found = { ...found, isBound };
  };
  const countValue = (at: number): void => {
    if (++values > valuesMax) note(at, beyond(`is one of more than ${valuesMax} values`), true);
  };
  const enter = (at: number, keys: Set<string> | null): void => {
    countValue(at);
    open.push({ keys, key: '', index: 0 });
    if (open.length > depthMax) note(at, beyond(`is nested more than ${depthMax} levels deep`), true);
  };
  const readString = (at: number): number => {
    const end = endOfString(text, at);
    const top = open.at(-1);
    const isKey = top !== undefined && top.keys !== null && isFollowedByColon(text, end + 1);
    if (isPlain && !isKey) return end;
    const raw = text.slice(at + 1, end);
    const word = raw.includes('\\') ? unescaped(raw) : raw;
    if (word === null) return end;
    if (isKey && top.keys !== null) {
      top.key = word;
      if (top.keys.has(word)) note(at, TWICE);
      if (PROTOTYPE_KEYS.has(word)) note(at, FORBIDDEN);
      if (top.keys.add(word).size > keysMax) note(at, beyond(`is one of more than ${keysMax} fields`), true);
    }
    if (!word.isWellFormed()) note(at, HALF);
    return end;
  };
  const next = (at: number): number => {
    const code = text.charCodeAt(at);
    const top = open.at(-1);
    if (code === QUOTE) return readString(at);
    if (code === OPEN_OBJECT) enter(at, new Set());
    else if (code === OPEN_ARRAY) enter(at, null);
    else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) open.pop();
    else if (isNumberStart(code)) return checkNumber(text, at, note);
    else if (code === COMMA) {
      countValue(at);
      if (top !== undefined) top.index++;
    }
    return at;
  };
  const isBeyond = (): boolean => found?.isBound === true;
  for (let at = 0; at < text.length && !isBeyond(); at++) at = next(at);
  return found;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const MINUS = 0x2d;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

const isNumberStart = (code: number): boolean => (code >= 0x30 && code <= 0x39) || code === MINUS;

/** Place of the closing quotation mark, or of the last character where there is none. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length) {
    STRING_PIECE.lastIndex = at;
    STRING_PIECE.test(text);
    at = STRING_PIECE.lastIndex;
    if (text.charCodeAt(at) !== BACKSLASH) return at;
    // Beyond the text a sticky search would begin anew.
    at += 2;
  }
  return text.length;
}

function isFollowedByColon(text: string, from: number): boolean {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0x20) return code === COLON;
  }
  return false;
}

/** Null where it is no JSON string. */
function unescaped(raw: string): string | null {
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return null;
  }
}

/** Place of its last character. */
function checkNumber(text: string, start: number, note: Note): number {
  NUMBER.lastIndex = start;
  NUMBER.test(text);
  const end = NUMBER.lastIndex;
  const written = text.slice(start, end);
  if (!PLAIN_NUMBER.test(written)) {
    const problem = numberProblem(written);
    if (problem !== null) note(start, [problem, AS_TEXT]);
  }
  return end - 1;
}

/** Numbers of so many characters are not worth to be looked at closely. */
const NUMBER_LENGTH_MAX = 400;

/** The number itself is not told: it may be a card's (L12). */
function numberProblem(written: string): string | null {
  if (written.length > NUMBER_LENGTH_MAX) return 'holds a number that is too long to be kept exactly';
  const value = Number(written);
  // No number at all: JSON.parse says so.
  if (Number.isNaN(value)) return null;
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) return 'holds a number beyond what is kept exactly';
  const reason = getUnsafeNumberReason(written);
  if (reason === undefined) return null;
  const isSmall = reason === UnsafeNumberReason.underflow;
  return isSmall ? 'holds a number that is too small to be kept' : 'holds a number with more digits than are kept';
}

/** "lines.3.quantity", or "body" at the top. */
function fieldOf(open: Open[]): string {
  const names = open.map(({ keys, key, index }) => (keys === null ? String(index) : key));
  const path = names.filter((name) => name !== '').join('.');
  const shown = path.length > CELL_SHOWN_LENGTH_MAX ? `…${path.slice(-CELL_SHOWN_LENGTH_MAX)}` : path;
  return shown.toWellFormed().replace(/\p{C}/gu, '?') || 'body';
}
