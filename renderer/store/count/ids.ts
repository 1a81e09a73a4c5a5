// Names that the window gives to what it asks for, so that asking twice does it once.

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 5 bits of chance for each character. */
function mint(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => LETTERS.charAt(byte % LETTERS.length)).join('');
}

export const mintSheet = (): string => mint(8);
export const mintOp = (): string => mint(12);
