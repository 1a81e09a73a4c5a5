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

type Splitter = { take(text: string): JsonPiece[]; end(): JsonPiece[] };

function createSplitter(): Splitter {
  /** What came before of the piece that is being read. */
  let held: string[] = [];
  let heldLength = 0;
  let chunk = '';
  /** Where in the chunk the piece begins, and where we are. */
  let from = 0;
  let at = 0;
  let depth = 0;
  let inString = false;
  let isEscaped = false;
  /** Nothing but space stands in the piece yet. */
  let isBlank = true;
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
  /** Ends a piece before character `to` of the chunk; the next one begins at `next`. False where nothing stands in it. */
  const cut = (to: number, next: number): boolean => {
    const hadText = !isBlank;
    if (hadText) pieces.push({ text: trimmed(`${held.join('')}${chunk.slice(from, to)}`), nth: ++nth });
    held = [];
    heldLength = 0;
    from = next;
    at = next;
    isBlank = true;
    if (hadText) owing = false;
    return hadText;
  };
  const open = (code: number): void => {
    if (depth === 0 && isBlank && code === OPEN_ARRAY && !inList) {
      inList = true;
      cut(at, at + 1);
      return;
    }
    depth++;
    at++;
    isBlank = false;
  };
  const close = (code: number): void => {
    if (depth > 0) {
      depth--;
      at++;
      if (depth === 0 && !inList) cut(at, at);
      return;
    }
    if (!inList || code !== CLOSE_ARRAY) stop(`character ${before + at + 1} closes what nothing opened`);
    if (!cut(at, at + 1) && owing) stop(`before character ${before + at} an element is missing`);
    inList = false;
  };
  const step = (code: number): void => {
    if (code === OPEN_OBJECT || code === OPEN_ARRAY) open(code);
    else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) close(code);
    else if (depth === 0 && inList && code === COMMA) {
      if (!cut(at, at + 1)) stop(`before character ${before + at} an element is missing`);
      owing = true;
    } else if (depth === 0 && !inList && code === NEWLINE) {
      // Outside of a list a plain value ends with its line.
      cut(at, at + 1);
    } else {
      inString = code === QUOTE;
      if (isBlank && !isSpace(code)) isBlank = false;
      at++;
    }
  };
  const overString = (): void => {
    for (; at < chunk.length; at++) {
      const code = chunk.charCodeAt(at);
      if (isEscaped) isEscaped = false;
      else if (code === BACKSLASH) isEscaped = true;
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
      chunk = text;
      from = 0;
      at = 0;
      while (at < chunk.length) {
        if (inString) overString();
        else step(chunk.charCodeAt(at));
      }
      before += chunk.length;
      if (!isBlank) {
        heldLength += chunk.length - from;
        held.push(chunk.slice(from));
      }
      if (heldLength > FEED_BODY_LENGTH_MAX) {
        stop(`one value is larger than ${FEED_BODY_LENGTH_MAX} characters: write one document behind the other`);
      }
      return taken();
    },
    end() {
      if (depth > 0 || inString || inList) stop('it ends in the middle');
      chunk = '';
      cut(0, 0);
      return taken();
    },
  };
}

/** Only what JSON takes for space. */
const isSpace = (code: number): boolean => code === 0x20 || code === 0x09 || code === NEWLINE || code === 0x0d;

function trimmed(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isSpace(text.charCodeAt(from))) from++;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}
