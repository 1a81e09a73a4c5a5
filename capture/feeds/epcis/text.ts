// Bytes of a document as text, by the encoding that it says it is in.
import { ImportStopped } from '../../csv/source.ts';

/** Enough for a byte order mark and an XML declaration. */
const HEAD_BYTES = 256;
const MARKS: [string, number[]][] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** Pieces of text, without byte order mark. Throws ImportStopped where bytes are none of the encoding. */
export async function* textOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  let head: Uint8Array = new Uint8Array();
  for await (const chunk of source) {
    if (decoder !== null) {
      yield decode(decoder, chunk);
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < HEAD_BYTES) continue;
    decoder = decoderFor(head);
    yield decode(decoder, head);
  }
  if (decoder === null) {
    decoder = decoderFor(head);
    yield decode(decoder, head);
  }
  yield decode(decoder, null);
}

function decoderFor(head: Uint8Array): TextDecoder {
  const marked = MARKS.find(([, bytes]) => bytes.every((byte, index) => head[index] === byte))?.[0];
  const start = Buffer.from(head.slice(0, HEAD_BYTES)).toString('latin1');
  const declared = /^\s*<\?xml[^>]*\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(start)?.[1];
  // Whoever turned a document of 16 bits a character into UTF-8 left its declaration as it was.
  const label = marked ?? (declared === undefined || /^(utf-?16|ucs-?2)/i.test(declared) ? 'utf-8' : declared);
  try {
    return new TextDecoder(label, { fatal: true });
  } catch {
    throw new ImportStopped('bad-file', `The encoding "${label}" is not known. Send the document in UTF-8.`);
  }
}

function decode(decoder: TextDecoder, bytes: Uint8Array | null): string {
  try {
    return bytes === null ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch {
    const message = `The document has bytes that are no ${decoder.encoding}. Send it in UTF-8.`;
    throw new ImportStopped('bad-file', message);
  }
}
