// The statement that a PC may be wiped: signed by its device key, with central's own signed word for each epoch.
import { z } from 'zod';
import { canonicalJson } from '../core/canonical.ts';
import { Digest, StoreId } from './fact.ts';
import { EpochSchema, FrameSchema, type Mark, type Welcome } from './wire/frames.ts';
import { isSignedBy, isStatementSignedBy, keyIdOf, type Signer } from './wire/signing.ts';

const Millis = z.int().nonnegative();
const PublicKey = z.string().regex(/^[0-9a-f]{64}$/);
const EPOCHS_MAX = 4_096;
const MARK_LENGTH_MAX = 8_192;

export const WipeCertificate = z.strictObject({
  kind: z.literal('tillwire safe-to-wipe'),
  v: z.literal(1),
  store: StoreId,
  at: Millis,
  /** Version of the program that wrote it. */
  program: z.string().max(64),
  device: z.strictObject({ keyId: z.string(), publicKey: PublicKey }),
  /** Central's key as this store pinned it; null where it never heard from central and so has nothing. */
  centralKey: PublicKey.nullable(),
  /** Each life of the journal up to its last entry that counts, oldest first. */
  epochs: z
    .array(
      z.strictObject({
        epoch: EpochSchema,
        seq: Millis,
        chain: Digest.nullable(),
        /** Central's newest frame about it, word for word; null of one that central closed by its next grant. */
        mark: z.string().max(MARK_LENGTH_MAX).nullable(),
      }),
    )
    .max(EPOCHS_MAX),
  signature: z.string().regex(/^[0-9a-f]{128}$/),
});
export type WipeCertificate = z.infer<typeof WipeCertificate>;

const statementOf = ({ signature: _, ...said }: Omit<WipeCertificate, 'signature'> & { signature?: string }): string =>
  `tillwire safe-to-wipe ${canonicalJson(said)}`;

export function signCertificate(
  said: Omit<WipeCertificate, 'kind' | 'v' | 'device' | 'signature'>,
  signer: Signer,
): WipeCertificate {
  const { keyId, publicKey } = signer;
  const whole = { kind: 'tillwire safe-to-wipe' as const, v: 1 as const, ...said, device: { keyId, publicKey } };
  return { ...whole, signature: signer.sign(statementOf(whole)) };
}

/** `problems`: why it proves nothing. `remarks`: what it leaves to central's own books. */
export type Verified = { problems: string[]; remarks: string[] };

/**
 * Checks the PC's signature, and of each epoch central's: its mark must cover the last entry that counts, with the same
 * chain. `centralKey` is central's public key in hex as the reader knows it; else the one that the store had pinned.
 */
export function verifyCertificate(certificate: WipeCertificate, centralKey: string | null): Verified {
  const { device, centralKey: pinned, epochs, signature } = certificate;
  const problems: string[] = [];
  const remarks: string[] = [];
  if (device.keyId !== keyIdOf(device.publicKey)) problems.push('The name of the device key is not that of its key.');
  if (!isStatementSignedBy(statementOf(certificate), signature, device.publicKey)) {
    problems.push('The signature of the PC does not fit what the certificate says: it was changed.');
  }
  if (centralKey !== null && pinned !== null && centralKey !== pinned) {
    problems.push('The store had pinned another key of central than the one that was named.');
  }
  const key = centralKey ?? pinned;
  if (centralKey === null)
    remarks.push("Central's key is taken from the certificate itself: name it with --central-key.");
  epochs.forEach((row, index) => {
    const isLast = index === epochs.length - 1;
    if (row.seq === 0) return;
    if (!isLast && (row.mark === null || (readMark(row.mark)?.seq ?? 0) < row.seq)) {
      remarks.push(`Epoch ${row.epoch.ordinal} ended at ${row.seq}: central closed it, its mark there was not kept.`);
    } else problems.push(...problemsOf(certificate.store, row, key));
  });
  return { problems, remarks };
}

type Row = WipeCertificate['epochs'][number];

function problemsOf(store: string, { epoch, seq, chain, mark }: Row, key: string | null): string[] {
  const told = (what: string): string[] => [`Epoch ${epoch.ordinal}: ${what}`];
  if (mark === null || key === null) return told('central has not signed anything about it.');
  const frame = readMark(mark);
  if (frame === null) return told("central's mark cannot be read.");
  if (!isSignedBy(frame, key)) return told("central's mark is not signed with its key.");
  const isAbout = frame.store === store && frame.epoch?.ordinal === epoch.ordinal && frame.epoch.life === epoch.life;
  if (!isAbout) return told("central's mark is about another journal.");
  if (frame.seq < seq) return told(`central has confirmed ${frame.seq} of ${seq} entries.`);
  if (frame.seq === seq && frame.chain !== chain)
    return told('central confirmed something else than what was captured.');
  return [];
}

/** Null where it is no frame with which central says how far it holds a store. */
export function readMark(text: string): Mark | Welcome | null {
  try {
    const read = FrameSchema.safeParse(JSON.parse(text));
    if (!read.success) return null;
    return read.data.kind === 'mark' || read.data.kind === 'welcome' ? read.data : null;
  } catch {
    return null;
  }
}
