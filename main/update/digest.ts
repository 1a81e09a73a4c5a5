// Whether a file is the one that was signed: its length and SHA-256, in one reading.
import { createHash } from 'node:crypto';
import { closeSync, readSync } from 'node:fs';
import { openPlainly } from './files.ts';

const READ_BYTES = 1024 * 1024;

/** SHA-256 of a plain file of exactly `size` bytes, read once; null where it is longer or shorter. */
export function digestOf(path: string, size: number, copy?: (bytes: Buffer) => void): string | null {
  const handle = openPlainly(path);
  try {
    const hash = createHash('sha256');
    const bytes = Buffer.alloc(READ_BYTES);
    let length = 0;
    for (;;) {
      const read = readSync(handle, bytes, 0, bytes.length, null);
      if (read === 0) break;
      length += read;
      if (length > size) return null;
      const part = bytes.subarray(0, read);
      hash.update(part);
      copy?.(part);
    }
    return length === size ? hash.digest('hex') : null;
  } finally {
    closeSync(handle);
  }
}
