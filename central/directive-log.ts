// Directives as they are kept: bytes that central itself writes, chains and signs. No I/O.
import {
  type DecisionBody,
  type Directive,
  directiveBytes,
  directiveStatement,
  linkDirective,
} from '../core/decision.ts';
import { text } from '../core/hash.ts';
import type { At } from '../core/order.ts';
import { sha256 } from '../protocol/sha256.ts';
import type { Signer } from '../protocol/wire/signing.ts';
import type { DirectiveRow, Grant } from './law-ports.ts';

export const readDirective = (bytes: Uint8Array): Directive => JSON.parse(text(bytes)) as Directive;

export function grantOf({ dseq, body }: Directive): Grant | null {
  if (body.kind !== 'epoch-granted') return null;
  const { ordinal, life, closed } = body;
  return { dseq, ordinal, life, closed };
}

export type Draft = { by: string; body: DecisionBody };
/** Where the log ends, and who signs what comes next. */
export type LogEnd = {
  store: string;
  dseq: number;
  chain: string;
  signer: Pick<Signer, 'keyId' | 'sign'>;
  nowMs: number;
};

/** The next directive of the log, chained and signed. */
export function signDirective(
  { store, dseq: last, chain: before, signer, nowMs }: LogEnd,
  draft: Draft,
  basis: At,
): DirectiveRow {
  const dseq = last + 1;
  const directive: Directive = { v: 1, store, dseq, basis, by: draft.by, at: nowMs, body: draft.body };
  const bytes = directiveBytes(directive);
  const chain = linkDirective(sha256, before, bytes);
  const signature = signer.sign(directiveStatement(store, dseq, chain));
  return { dseq, chain, bytes, keyId: signer.keyId, signature, directive };
}
