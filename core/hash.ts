// Bytes, hex and the hash that shells hand in: core has no crypto of its own.

/** SHA-256: any bytes in, 32 bytes out, synchronous. */
export type Hash = (bytes: Uint8Array) => Uint8Array;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const utf8 = (text: string): Uint8Array => encoder.encode(text);
export const text = (bytes: Uint8Array): string => decoder.decode(bytes);

/** Two digits for each byte value: digests are spelled for every entry of a backlog. */
const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function hex(bytes: Uint8Array): string {
  let out = '';
  for (const byte of bytes) out += PAIRS[byte];
  return out;
}

export function fromHex(digits: string): Uint8Array {
  const out = new Uint8Array(digits.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = nibble(digits, i * 2) * 16 + nibble(digits, i * 2 + 1);
  return out;
}

/** Of a lower-case digit, by its character code: slicing and parsing text costs more than the hash itself. */
function nibble(digits: string, at: number): number {
  const code = digits.charCodeAt(at);
  return code <= NINE ? code - ZERO : code - LETTER_A + 10;
}
const [ZERO, NINE, LETTER_A] = [0x30, 0x39, 0x61];

export function concat(...parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
