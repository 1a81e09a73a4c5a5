// The small signed file beside a configuration: what people put their keys under, off line if they want.
import { existsSync, writeFileSync } from 'node:fs';
import { type Compiled, envelopeText } from '../../core/configuration/compile.ts';
import { envelopeStatement } from '../../core/configuration/trust.ts';
import { CONFIGURATION_FILE_BYTES_MAX } from '../../core/limits/configuration.ts';
import { Envelope, SignedEnvelope } from '../../protocol/configuration/revision.ts';
import type { Signer } from '../../protocol/wire/signing.ts';
import { UsageError } from '../usage-error.ts';
import { parseText, readText } from './read-file.ts';

export type SignedFile = { signed: SignedEnvelope; envelope: Envelope };

/** `chain.json` has `chain.signed.json` beside it. */
export const signedFileOf = (path: string): string => `${path.replace(/\.json$/, '')}.signed.json`;

/** Null where nothing was signed yet. Throws UsageError where it is something else. */
export function readSigned(path: string): SignedFile | null {
  if (!existsSync(path)) return null;
  const read = parseText(readText(path, CONFIGURATION_FILE_BYTES_MAX));
  const signed = SignedEnvelope.safeParse('value' in read ? read.value : null);
  if (signed.success) {
    const said = parseText(signed.data.envelope);
    const envelope = Envelope.safeParse('value' in said ? said.value : null);
    if (envelope.success) return { signed: signed.data, envelope: envelope.data };
  }
  throw new UsageError(`${path} is no signed configuration: take it away and sign again.`);
}

export const writeSigned = (path: string, signed: SignedEnvelope): void =>
  writeFileSync(path, `${JSON.stringify(signed, null, 2)}\n`);

/** Whether what was signed is this very source, with all documents that follow from it. */
export const isAbout = ({ signed, envelope }: SignedFile, compiled: Compiled): boolean =>
  signed.envelope === envelopeText(compiled, envelope.issuedMs);

/** Beside the signatures that are there for the same source, a new one; other signatures are of no use any more. */
export function signedBy(signer: Signer, compiled: Compiled, before: SignedFile | null, nowMs: number): SignedEnvelope {
  const goesOn = before !== null && isAbout(before, compiled);
  const base = goesOn ? before.signed : { envelope: envelopeText(compiled, nowMs), signatures: [] };
  return withSignature(base, signer);
}

export function withSignature(signed: SignedEnvelope, signer: Signer): SignedEnvelope {
  const signature = { keyId: signer.keyId, signature: signer.sign(envelopeStatement(signed.envelope)) };
  return {
    envelope: signed.envelope,
    signatures: [...signed.signatures.filter(({ keyId }) => keyId !== signer.keyId), signature],
  };
}
