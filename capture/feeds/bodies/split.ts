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
  const splitter = newSplitter();
  for await (const bytes of source) yield* take(splitter, decoded(decoder, bytes));
  yield* take(splitter, decoded(decoder));
  yield* end(splitter);
}

function decoded(decoder: TextDecoder, bytes?: Uint8Array): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch {
    throw new ImportStopped('bad-file', 'The file is not UTF-8: save it as UTF-8 and try again.');
  }
}

type Splitter = {
  /** What came before of the piece that is being read. */
  held: string[];
  heldLength: number;
  chunk: string;
  /** Where in the chunk the piece begins, and where we are. */
  from: number;
  at: number;
  depth: number;
  inString: boolean;
  isEscaped: boolean;
  /** Nothing but space stands in the piece yet. */
  isBlank: boolean;
  /** Inside the list that is the file itself: its elements are the pieces. */
  inList: boolean;
  /** An element of the list must come: after a comma. */
  owing: boolean;
  nth: number;
  /** Characters of the chunks before. */
  before: number;
  pieces: JsonPiece[];
};

const newSplitter = (): Splitter => ({
  ...{ held: [], heldLength: 0, chunk: '', from: 0, at: 0, depth: 0, nth: 0, before: 0, pieces: [] },
  ...{ inString: false, isEscaped: false, isBlank: true, inList: false, owing: false },
});

function stop(what: string): never {
  throw new ImportStopped('bad-file', `The file is no JSON: ${what}. What came before stands.`);
}

function take(splitter: Splitter, text: string): JsonPiece[] {
  Object.assign(splitter, { chunk: text, from: 0, at: 0 });
  while (splitter.at < text.length) {
    if (splitter.inString) overString(splitter);
    else step(splitter, text.charCodeAt(splitter.at));
  }
  splitter.before += text.length;
  if (!splitter.isBlank) {
    splitter.heldLength += text.length - splitter.from;
    splitter.held.push(text.slice(splitter.from));
  }
  if (splitter.heldLength > FEED_BODY_LENGTH_MAX) {
    stop(`one value is larger than ${FEED_BODY_LENGTH_MAX} characters: write one document behind the other`);
  }
  return splitter.pieces.splice(0);
}

function end(splitter: Splitter): JsonPiece[] {
  if (splitter.depth > 0 || splitter.inString || splitter.inList) stop('it ends in the middle');
  splitter.chunk = '';
  cut(splitter, 0, 0);
  return splitter.pieces.splice(0);
}

/** Ends a piece before character `to` of the chunk; the next one begins at `next`. False where nothing stands in it. */
function cut(splitter: Splitter, to: number, next: number): boolean {
  const hadText = !splitter.isBlank;
  if (hadText) {
    const text = trimmed(`${splitter.held.join('')}${splitter.chunk.slice(splitter.from, to)}`);
    splitter.pieces.push({ text, nth: ++splitter.nth });
    splitter.owing = false;
  }
  Object.assign(splitter, { held: [], heldLength: 0, from: next, at: next, isBlank: true });
  return hadText;
}

function step(splitter: Splitter, code: number): void {
  const { depth, inList, at } = splitter;
  if (code === OPEN_OBJECT || code === OPEN_ARRAY) open(splitter, code);
  else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) close(splitter, code);
  else if (depth === 0 && inList && code === COMMA) {
    if (!cut(splitter, at, at + 1)) stop(`before character ${splitter.before + at} an element is missing`);
    splitter.owing = true;
  } else if (depth === 0 && !inList && code === NEWLINE) {
    // Outside of a list a plain value ends with its line.
    cut(splitter, at, at + 1);
  } else {
    splitter.inString = code === QUOTE;
    if (splitter.isBlank && !isSpace(code)) splitter.isBlank = false;
    splitter.at++;
  }
}

function open(splitter: Splitter, code: number): void {
  const { depth, isBlank, inList, at } = splitter;
  if (depth === 0 && isBlank && code === OPEN_ARRAY && !inList) {
    splitter.inList = true;
    cut(splitter, at, at + 1);
    return;
  }
  splitter.depth++;
  splitter.at++;
  splitter.isBlank = false;
}

function close(splitter: Splitter, code: number): void {
  const { inList, at, before } = splitter;
  if (splitter.depth > 0) {
    splitter.depth--;
    splitter.at++;
    if (splitter.depth === 0 && !inList) cut(splitter, at + 1, at + 1);
    return;
  }
  if (!inList || code !== CLOSE_ARRAY) stop(`character ${before + at + 1} closes what nothing opened`);
  if (!cut(splitter, at, at + 1) && splitter.owing) stop(`before character ${before + at} an element is missing`);
  splitter.inList = false;
}

function overString(splitter: Splitter): void {
  const { chunk } = splitter;
  let { at, isEscaped } = splitter;
  for (; at < chunk.length; at++) {
    const code = chunk.charCodeAt(at);
    if (isEscaped) isEscaped = false;
    else if (code === BACKSLASH) isEscaped = true;
    else if (code === QUOTE) {
      Object.assign(splitter, { at: at + 1, isEscaped: false, inString: false });
      return;
    }
  }
  Object.assign(splitter, { at, isEscaped });
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
