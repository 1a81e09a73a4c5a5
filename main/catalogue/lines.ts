// The lines of a packed file, some at a time, so that a large one never holds up what else the program does.
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SNAPSHOT_INFLATED_BYTES_MAX, SNAPSHOT_LINE_BYTES_MAX } from '../../core/limits/catalogue.ts';
import { WrongCatalogue } from './fetch.ts';

const LINE_END = 10;

/** Throws WrongCatalogue where it is not packed, or holds more than any catalogue has. */
export async function* packedLines(path: string, signal: AbortSignal): AsyncGenerator<string> {
  const unpacked = pipeline(createReadStream(path, { signal }), createGunzip(), () => {});
  let rest = Buffer.alloc(0);
  let bytes = 0;
  try {
    for await (const chunk of unpacked) {
      bytes += (chunk as Buffer).length;
      if (bytes > SNAPSHOT_INFLATED_BYTES_MAX) throw new WrongCatalogue('The catalogue holds more than any has.');
      rest = Buffer.concat([rest, chunk as Buffer]);
      let from = 0;
      for (let end = rest.indexOf(LINE_END); end >= 0; end = rest.indexOf(LINE_END, from)) {
        yield rest.toString('utf8', from, end);
        from = end + 1;
      }
      rest = rest.subarray(from);
      if (rest.length > SNAPSHOT_LINE_BYTES_MAX) throw new WrongCatalogue('A line of the catalogue is too long.');
    }
  } catch (error) {
    if (signal.aborted || error instanceof WrongCatalogue) throw error;
    throw new WrongCatalogue('The catalogue on this disk cannot be read.', { cause: error });
  }
  if (rest.length > 0) yield rest.toString('utf8');
}
