// Bytes to lines, each bounded: of a longer one only the beginning is held.
import { isUtf8 } from 'node:buffer';
import { JSONL_LINE_BYTES_MAX } from '../../../core/limits/feeds.ts';
import type { Bytes } from '../../csv/source.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Counted from 1; empty ones are left out. `text` without the line's end; as Latin-1 where it is no UTF-8, so that no byte is lost. */
export type Line = { number: number; text: string; isUtf8: boolean; isWhole: boolean };

export async function* linesOf(source: Bytes): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let held = 0;
  let isWhole = true;
  let number = 1;
  const hold = (bytes: Uint8Array): void => {
    const room = JSONL_LINE_BYTES_MAX - held;
    if (bytes.length > room) isWhole = false;
    const kept = bytes.subarray(0, Math.max(0, room));
    if (kept.length > 0) parts.push(kept);
    held += kept.length;
  };
  const take = (): Line => {
    const bytes = Buffer.concat(parts);
    const end = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
    // A line that was cut may end inside a character.
    const valid = isUtf8(bytes);
    const text = bytes.toString(valid || !isWhole ? 'utf8' : 'latin1', 0, end);
    const line = { number, text, isUtf8: valid, isWhole };
    parts = [];
    held = 0;
    isWhole = true;
    number++;
    return line;
  };
  for await (const chunk of source) {
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      // Of empty lines there may be very many.
      if (at === from && held === 0) number++;
      else {
        hold(chunk.subarray(from, at));
        yield take();
      }
      from = at + 1;
    }
    if (from < chunk.length) hold(Uint8Array.prototype.slice.call(chunk, from));
  }
  if (held > 0) yield take();
}
