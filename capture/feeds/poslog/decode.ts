// The bytes of an XML document as text: a byte order mark or the XML declaration says in which encoding.
import { POSLOG_PIECE_LENGTH } from '../../../core/limits/feeds.ts';
import { ImportStopped } from '../../csv/source.ts';

const DECLARATION_BYTES = 256;
const DECLARED = /^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']/;

/** Pieces of bounded length. Rejects with ImportStopped on bytes that are not of that encoding. */
export async function* decodedText(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let head: Uint8Array = new Uint8Array(0);
  let decoder: TextDecoder | null = null;
  for await (const chunk of source) {
    if (decoder !== null) {
      yield* pieces(decode(decoder, chunk));
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < DECLARATION_BYTES) continue;
    decoder = decoderFor(head);
    yield* pieces(decode(decoder, head));
  }
  if (decoder === null) {
    decoder = decoderFor(head);
    yield* pieces(decode(decoder, head));
  }
  yield* pieces(decode(decoder));
}

function* pieces(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += POSLOG_PIECE_LENGTH) yield text.slice(at, at + POSLOG_PIECE_LENGTH);
}

function decode(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    const message = `The file is not in ${decoder.encoding}, as it says itself or as XML is where it says nothing: write it in the encoding that its first line names.`;
    throw new ImportStopped('bad-file', message);
  }
}

function decoderFor(head: Uint8Array): TextDecoder {
  const label = markedEncoding(head) ?? declaredEncoding(head);
  try {
    return new TextDecoder(label, { fatal: true });
  } catch {
    throw new ImportStopped('bad-file', `The encoding "${label}" is not known: write the document in UTF-8.`);
  }
}

/** By the byte order mark, or by where the zeros of "<?" lie. */
function markedEncoding([first, second, third, fourth]: Uint8Array): string | null {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0x3c && second === 0 && third !== 0 && fourth === 0) return 'utf-16le';
  return first === 0 && second === 0x3c && third === 0 ? 'utf-16be' : null;
}

function declaredEncoding(head: Uint8Array): string {
  const start = Buffer.from(head.subarray(0, DECLARATION_BYTES)).toString('latin1');
  const declared = DECLARED.exec(start)?.[1]?.toLowerCase() ?? 'utf-8';
  // A declaration that can be read byte by byte is no UTF-16, whatever it says.
  return declared.startsWith('utf-16') ? 'utf-8' : declared;
}
