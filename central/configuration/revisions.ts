// A signed revision comes to central: everything is computed and checked anew before it is kept (L10).
import type { Compiled } from '../../core/configuration/compile.ts';
import { envelopeStatement, signersOf } from '../../core/configuration/trust.ts';
import { ConfigurationSource } from '../../protocol/configuration/document.ts';
import type { Envelope, SignedEnvelope, Trust } from '../../protocol/configuration/revision.ts';
import { compileSource } from '../../protocol/configuration/source.ts';
import { readEnvelope, statementPorts } from '../../protocol/configuration/statements.ts';
import type { WeeklySpan } from '../../protocol/settings.ts';
import type { Declined } from '../commands/issue.ts';
import type { Db } from '../schema.ts';
import { lockConfiguration } from './lock.ts';
import { newestTrust } from './trusts.ts';

/** `source` as people wrote it; `times`: the spans of the plan in which stores put it into force, null for at once. */
export type NewRevision = { source: string; signed: SignedEnvelope; times: WeeklySpan[] | null; by: string };
export type KeptRevision = { envelope: Envelope; source: ConfigurationSource };

/** In the caller's transaction. Declined with a sentence that names the field, or kept for good. */
export async function keepRevision(
  tx: Db,
  { source, signed, times, by }: NewRevision,
  nowMs: number,
): Promise<KeptRevision | Declined> {
  await lockConfiguration(tx);
  const envelope = readEnvelope(signed.envelope);
  if (envelope === null) return bad('signed.envelope: it is not the canonical JSON of a revision. Sign the file anew.');
  const problem =
    whyNotSigned(await newestTrust(tx), signed, nowMs) ??
    whyTooLate(envelope, await newestRevision(tx), nowMs) ??
    whyOtherSource(envelope, source);
  if (problem !== null) return bad(problem);
  const { revision, title, issuedMs, expiresMs } = envelope;
  const row = { revision, title, source, envelope: signed.envelope, issued_ms: issuedMs, expires_ms: expiresMs };
  const rest = { signatures: JSON.stringify(signed.signatures), times: times === null ? null : JSON.stringify(times) };
  await tx
    .insertInto('config_revision')
    .values({ ...row, ...rest, by_whom: by, at_ms: nowMs })
    .execute();
  return { envelope, source: readSource(source) };
}

const bad = (message: string): Declined => ({ code: 'BAD_REQUEST', message });

/** By enough keys of both roles of the newest statement of trust, which must be in force. */
function whyNotSigned(trust: Trust | null, { envelope, signatures }: SignedEnvelope, nowMs: number): string | null {
  if (trust === null) {
    return "signed: nobody's signatures count here yet. Publish whose do: tillwire config trust publish.";
  }
  if (trust.expiresMs <= nowMs) {
    const day = new Date(trust.expiresMs).toISOString().slice(0, 10);
    return `signed: the trusted keys expired on ${day}. Publish the next statement of them first.`;
  }
  for (const role of ['signer', 'approver'] as const) {
    const { threshold } = trust.roles[role];
    const valid = signersOf(envelopeStatement(envelope), signatures, trust, role, statementPorts).length;
    if (valid < threshold) {
      const fix = role === 'signer' ? 'sign it: tillwire config sign' : 'let somebody else approve it: config approve';
      return `signed: ${valid} of ${threshold} signatures of ${role}s are there and valid; ${fix}.`;
    }
  }
  return null;
}

function whyTooLate({ revision, expiresMs }: Envelope, newest: number, nowMs: number): string | null {
  if (revision <= newest) return `revision: ${newest} was published already. Take a higher number, and sign it anew.`;
  if (expiresMs > nowMs) return null;
  return `expires: it expired on ${new Date(expiresMs).toISOString().slice(0, 10)}. Write a later time and sign it anew.`;
}

/** What was signed must be what this source says, to the last document. */
function whyOtherSource(envelope: Envelope, source: string): string | null {
  const read = compileSource(source);
  if (!read.ok) {
    const [first, ...more] = read.problems;
    const where = first === undefined || first.path === '' ? '' : `.${first.path}`;
    const others = more.length === 0 ? '' : ` (and ${more.length} more: tillwire config validate)`;
    return `source${where}: ${first?.message ?? 'it cannot be read'}${others}.`;
  }
  return isSame(envelope, read.compiled) ? null : 'source: this is not the document that was signed. Sign it anew.';
}

const isSame = (envelope: Envelope, compiled: Compiled): boolean =>
  envelope.revision === compiled.source.revision &&
  envelope.title === compiled.source.title &&
  envelope.expiresMs === compiled.expiresMs &&
  envelope.source === compiled.sourceDigest &&
  envelope.root === compiled.root &&
  envelope.documents === compiled.documents;

async function newestRevision(tx: Db): Promise<number> {
  const row = await tx.selectFrom('config_revision').select('revision').orderBy('revision', 'desc').limit(1).execute();
  return row[0]?.revision ?? 0;
}

/** Of a source that is kept, so it was checked. */
export const readSource = (text: string): ConfigurationSource => ConfigurationSource.parse(JSON.parse(text));
