// JSON texts out of a stream: values one behind the other, and of a list its elements, one at a time in memory.
import { FEED_BODY_LENGTH_MAX } from '../../../core/limits/feeds.ts';
import { ImportStopped } from '../../csv/source.ts';

/** One JSON value as it is written; `nth` counts from 1. Nobody has looked yet whether it is valid. */
export type JsonPiece = { text: string; nth: number };

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Throws ImportStopped("bad-file") where the text breaks off, is no UTF-8, or one value is too large to be held. */
export async function* jsonPieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<JsonPiece> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const splitter = createSplitter();
  for await (const bytes of source) yield* splitter.take(decoded(decoder, bytes));
  yield* splitter.take(decoded(decoder));
  yield* splitter.end();
}

function decoded(decoder: TextDecoder, bytes?: Uint8Array): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch {
    throw new ImportStopped('bad-file', 'The file is not UTF-8: save it as UTF-8 and try again.');
  }
}

/** Only what JSON takes for space. */
const trimmed = (text: string): string => text.replace(/^[ \t\r\n]+/, '').replace(/[ \t\r\n]+$/, '');

type Splitter = { take(text: string): JsonPiece[]; end(): JsonPiece[] };

function createSplitter(): Splitter {
  let held = '';
  let at = 0;
  let depth = 0;
  let inString = false;
  /** Inside the list that is the file itself: its elements are the pieces. */
  let inList = false;
  /** An element of the list must come: after a comma. */
  let owing = false;
  let nth = 0;
  let before = 0;
  let pieces: JsonPiece[] = [];

  const stop = (what: string): never => {
    throw new ImportStopped('bad-file', `The file is no JSON: ${what}. What came before stands.`);
  };
  /** Ends a piece before character `to`; what follows begins at `next`. */
  const cut = (to: number, next: number): boolean => {
    const text = trimmed(held.slice(0, to));
    held = held.slice(next);
    before += next;
    at = 0;
    if (text === '') return false;
    nth++;
    pieces.push({ text, nth });
    owing = false;
    return true;
  };
  const open = (code: number): void => {
    if (depth > 0 || trimmed(held.slice(0, at)) === '') {
      const begins = depth === 0 && code === OPEN_ARRAY && !inList;
      if (!begins) depth++;
      at++;
      if (!begins) return;
      inList = true;
      cut(0, at);
      return;
    }
    // Something stands before it that no comma or space ends: the piece is no JSON and will say so.
    depth++;
    at++;
  };
  const close = (code: number): void => {
    if (depth > 0) {
      depth--;
      at++;
      if (depth === 0 && !inList) cut(at, at);
      return;
    }
    if (!inList || code !== CLOSE_ARRAY) stop(`character ${before + at + 1} closes what nothing opened`);
    if (!cut(at, at + 1) && owing) stop(`before character ${before} an element is missing`);
    inList = false;
  };
  const step = (code: number): void => {
    if (code === QUOTE) inString = true;
    if (code === OPEN_OBJECT || code === OPEN_ARRAY) open(code);
    else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) close(code);
    else if (depth === 0 && inList && code === COMMA) {
      if (!cut(at, at + 1)) stop(`before character ${before} an element is missing`);
      owing = true;
    } else if (depth === 0 && !inList && code === NEWLINE) {
      // Outside of a list a plain value ends with its line.
      cut(at, at + 1);
    } else at++;
  };
  const overString = (): void => {
    for (; at < held.length; at++) {
      const code = held.charCodeAt(at);
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) {
        inString = false;
        at++;
        return;
      }
    }
  };
  const taken = (): JsonPiece[] => {
    const out = pieces;
    pieces = [];
    return out;
  };
  return {
    take(text) {
      held += text;
      while (at < held.length) {
        if (inString) overString();
        else step(held.charCodeAt(at));
      }
      if (held.length > FEED_BODY_LENGTH_MAX) {
        stop(`one value is larger than ${FEED_BODY_LENGTH_MAX} characters: write one document behind the other`);
      }
      return taken();
    },
    end() {
      if (depth > 0 || inString || inList) stop('it ends in the middle');
      cut(held.length, held.length);
      return taken();
    },
  };
}
