// What central's decisions and a recalled branch must prove before the journal takes them: number, chain, signature.
import { linkChain, sameEpoch } from '../core/chain.ts';
import { directiveStatement, directivesGenesis, linkDirective } from '../core/decision.ts';
import { text, utf8 } from '../core/hash.ts';
import { DirectiveSchema } from '../protocol/directive.ts';
import { sha256 } from '../protocol/sha256.ts';
import type { Batch, Directives, SignedDirective } from '../protocol/wire/frames.ts';
import { isStatementSignedBy, keyIdOf } from '../protocol/wire/signing.ts';
import type { DirectivesHead, Missing, OutboxEntry, ReceivedDirective } from './ports.ts';
import { CONTRADICTED, STRANGER, UNREADABLE_DECISION } from './reasons.ts';

export type CheckedDirectives =
  /** Those that are new, in order; none where all are applied already. */
  | { kind: 'good'; received: ReceivedDirective[] }
  /** Behind ones that did not come. */
  | { kind: 'gap' }
  | { kind: 'doubted'; reason: string }
  /** Central signed another log before. */
  | { kind: 'contradicted'; reason: string };

/** The frame's own signature has been checked; `head` is the last directive that is applied. */
export function checkDirectives(frame: Directives, head: DirectivesHead, centralKey: string): CheckedDirectives {
  const { store, first, last, entries } = frame;
  if (entries.length !== last - first + 1) return { kind: 'doubted', reason: UNREADABLE_DECISION };
  if (first > head.dseq + 1) return { kind: 'gap' };
  const ours = head.chain ?? directivesGenesis(sha256, store);
  const keyId = keyIdOf(centralKey);
  const received: ReceivedDirective[] = [];
  let chain = frame.before;
  for (const [index, entry] of entries.entries()) {
    const dseq = first + index;
    if (dseq === head.dseq + 1 && chain !== ours) return { kind: 'contradicted', reason: CONTRADICTED };
    const bytes = utf8(entry.bytes);
    chain = linkDirective(sha256, chain, bytes);
    if (dseq <= head.dseq) continue;
    const isCentrals =
      entry.keyId === keyId && isStatementSignedBy(directiveStatement(store, dseq, chain), entry.signature, centralKey);
    if (!isCentrals) return { kind: 'doubted', reason: STRANGER };
    const directive = readDirective(entry, store, dseq);
    if (directive === null) return { kind: 'doubted', reason: UNREADABLE_DECISION };
    received.push({ dseq, chain, bytes, keyId, signature: entry.signature, directive });
  }
  if (chain !== frame.chain) return { kind: 'doubted', reason: STRANGER };
  const isOurLast = last === head.dseq && chain !== ours;
  return isOurLast ? { kind: 'contradicted', reason: CONTRADICTED } : { kind: 'good', received };
}

/** Null where its place is not the one it was signed for, or this program does not know such a decision. */
function readDirective({ bytes }: SignedDirective, store: string, dseq: number): ReceivedDirective['directive'] | null {
  try {
    const { data } = DirectiveSchema.safeParse(JSON.parse(bytes));
    return data !== undefined && data.store === store && data.dseq === dseq ? data : null;
  } catch {
    return null;
  }
}

export type CheckedBranch =
  | { kind: 'good'; entries: OutboxEntry[] }
  /** Not the entries that are missing next: late, or repeated. */
  | { kind: 'stale' }
  | { kind: 'doubted' }
  /** They do not follow what was taken for common with central. */
  | { kind: 'apart' }
  /** They do not lead to what central granted. */
  | { kind: 'contradicted' };

/** The batch's own signature has been checked; it covers the chain at both ends. */
export function checkBranch(batch: Batch, missing: Missing): CheckedBranch {
  if (!sameEpoch(batch.epoch, missing.epoch) || batch.first !== missing.after + 1) return { kind: 'stale' };
  if (batch.entries.length !== batch.last - batch.first + 1) return { kind: 'doubted' };
  if (batch.before !== missing.before) return { kind: 'apart' };
  let chain = batch.before;
  const entries = batch.entries.map((entry, index): OutboxEntry => {
    const bytes = utf8(entry);
    chain = linkChain(sha256, chain, bytes);
    return { seq: batch.first + index, chain, bytes };
  });
  if (chain !== batch.chain) return { kind: 'doubted' };
  const wanted = entries.filter(({ seq }) => seq <= missing.through);
  const last = wanted.at(-1);
  if (last?.seq === missing.through && last.chain !== missing.chain) return { kind: 'contradicted' };
  return { kind: 'good', entries: wanted };
}

/** As central signed it, word for word. */
export const signedDirective = ({
  bytes,
  keyId,
  signature,
}: Omit<ReceivedDirective, 'directive'>): SignedDirective => ({
  bytes: text(bytes),
  keyId,
  signature,
});
