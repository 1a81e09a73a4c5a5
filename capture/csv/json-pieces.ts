// Bytes of a JSON file cut into its objects: by lines, or by brackets where they lie in one list; never more than a bound.
import { JSON_RECORD_BYTES_MAX } from '../../core/limits/feeds.ts';
import { beforeNumber } from './records.ts';
import { type Bytes, ImportStopped } from './source.ts';

/** `problem`: why these bytes are no object by themselves. */
export type JsonPiece = { line: number; bytes: Buffer; problem?: string | undefined };

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const TOO_LONG = `it is longer than ${JSON_RECORD_BYTES_MAX} bytes: let the till write one receipt a line, or fewer lines a receipt`;
const CUT_SHORT = 'the file ends inside it: let the till write the whole file';
const NO_COMMA = 'there is no comma in front of it';
const STRAY = 'it stands behind the end of the list';

/** One piece for each line that holds anything; one that is too long comes in pieces, all of its line. */
export async function* jsonLines(source: Bytes): AsyncGenerator<JsonPiece> {
  const held = openHeld();
  let line = 1;
  for await (const chunk of source) {
    for (let from = 0; from < chunk.length; ) {
      const end = chunk.indexOf(NEWLINE, from);
      const to = Math.min(end < 0 ? chunk.length : end, from + held.room());
      held.add(chunk, from, to);
      from = to;
      if (to === end) {
        const piece = held.take(line++);
        if (piece !== null) yield piece;
        from++;
      } else if (held.room() === 0) yield* held.overflow(line);
    }
  }
  const last = held.take(line);
  if (last !== null) yield last;
}

/** `begun`: the bracket of the list was the last thing seen; `loose`: objects stand one after the other. */
type Place = 'start' | 'begun' | 'list' | 'behind' | 'loose';

function startOf(byte: number): Place {
  if (byte !== OPEN_LIST && byte !== OPEN_OBJECT) throw new ImportStopped('bad-file', NO_JSON);
  return byte === OPEN_LIST ? 'begun' : 'loose';
}

/** One piece for each value of a list, or for each of several values one after the other. Throws ImportStopped. */
export async function* jsonValues(source: Bytes): AsyncGenerator<JsonPiece> {
  const held = openHeld();
  let line = 1;
  let begunAt = 1;
  let depth = 0;
  let place: Place = 'start';
  let inside: 'string' | 'escape' | 'value' | null = null;
  let problem: string | undefined;
  let comma = true;
  function* done(why = problem): Generator<JsonPiece> {
    const piece = held.take(begunAt, why);
    inside = null;
    depth = 0;
    problem = undefined;
    comma = false;
    if (piece !== null) yield piece;
  }
  for await (const chunk of source) {
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (byte === NEWLINE) line++;
      if (inside === 'escape') inside = 'string';
      else if (inside === 'string') {
        if (byte === BACKSLASH) inside = 'escape';
        else if (byte === QUOTE) inside = 'value';
      } else if (inside === null) {
        if (isSpace(byte)) continue;
        if (place === 'start') place = startOf(byte);
        else if (place === 'begun') place = 'list';
        const isComma = byte === COMMA && place === 'list' && !comma;
        const isEnd = byte === CLOSE_LIST && place === 'list';
        if (isComma) comma = true;
        if (isEnd) place = 'behind';
        if (isComma || isEnd || place === 'begun') continue;
        problem = place === 'behind' ? STRAY : place === 'list' && !comma ? NO_COMMA : undefined;
        begunAt = line;
        from = at;
        inside = byte === QUOTE ? 'string' : 'value';
        if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth = 1;
      } else if (byte === QUOTE) inside = 'string';
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth++;
      else if (depth > 0 && (byte === CLOSE_OBJECT || byte === CLOSE_LIST)) {
        depth--;
        if (depth === 0) {
          held.add(chunk, from, at + 1);
          yield* done();
        }
      } else if (depth === 0 && (byte === COMMA || byte === CLOSE_LIST || isSpace(byte))) {
        // A bare number or word, which is no document, ends where the next thing begins.
        held.add(chunk, from, at);
        yield* done();
        if (byte === COMMA) comma = true;
        if (byte === CLOSE_LIST && place === 'list') place = 'behind';
      }
      if (inside !== null && at + 1 - from >= held.room()) {
        held.add(chunk, from, at + 1);
        from = at + 1;
        yield* held.overflow(begunAt);
      }
    }
    if (inside !== null) held.add(chunk, from, chunk.length);
  }
  yield* done(CUT_SHORT);
  if (place === 'start') throw new ImportStopped('bad-file', 'The file is empty: there is no JSON in it.');
}

const NO_JSON = 'The file does not begin with "[" or "{": it is no JSON, or the mapping names the wrong format.';

const isSpace = (byte: number): boolean => byte === 0x20 || byte === NEWLINE || byte === RETURN || byte === 0x09;

/** The bytes of the object at hand, bounded. */
function openHeld() {
  let parts: Buffer[] = [];
  let size = 0;
  let overflown = false;
  const clear = (): Buffer => {
    const all = Buffer.concat(parts);
    parts = [];
    size = 0;
    return all;
  };
  return {
    room: (): number => JSON_RECORD_BYTES_MAX - size,
    add(chunk: Uint8Array, from: number, to: number): void {
      if (to <= from) return;
      parts.push(Buffer.from(chunk.subarray(from, to)));
      size += to - from;
    },
    /** What is held, without the line end; null where that is nothing. */
    take(line: number, problem?: string): JsonPiece | null {
      const bytes = clear();
      const why = overflown ? TOO_LONG : problem;
      overflown = false;
      const end = bytes.at(-1) === RETURN ? bytes.length - 1 : bytes.length;
      const all = bytes.subarray(0, end);
      return all.every(isSpace) ? null : { line, bytes: all, problem: why };
    },
    /** A first part of what is too long; a run of digits is not torn, for it may be a card's (L12). */
    *overflow(line: number): Generator<JsonPiece> {
      const bytes = clear();
      overflown = true;
      const end = beforeNumber(bytes);
      if (end < bytes.length) {
        parts = [bytes.subarray(end)];
        size = bytes.length - end;
      }
      yield { line, bytes: bytes.subarray(0, end), problem: TOO_LONG };
    },
  };
}
