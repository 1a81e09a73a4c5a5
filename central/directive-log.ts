// Directives as they are kept: bytes that central itself has written.
import type { Directive } from '../core/decision.ts';
import { text } from '../core/hash.ts';
import type { Grant } from './law-ports.ts';

export const readDirective = (bytes: Uint8Array): Directive => JSON.parse(text(bytes)) as Directive;

export function grantOf({ dseq, body }: Directive): Grant | null {
  if (body.kind !== 'epoch-granted') return null;
  const { ordinal, life, closed } = body;
  return { dseq, ordinal, life, closed };
}
