// What a document takes back: the name under which a second one that does the same is found.
import { takenKey } from '../core/book.ts';
import type { Fact } from '../core/fact.ts';

/** Of a void the receipt, of a reversal the document; undefined for what takes nothing back. */
export function namesTaken({ store, content }: Fact): string | undefined {
  if (content.kind === 'reversal') return content.reverses;
  return content.kind === 'void' && content.voids !== undefined ? takenKey(content.voids, content, store) : undefined;
}
