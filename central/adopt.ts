// Central's own directives, given back by a store after central was restored from an older copy (D12, H10 of the law).
import { type Directive, directiveStatement, directivesGenesis, linkDirective } from '../core/decision.ts';
import { utf8 } from '../core/hash.ts';
import { compareAt } from '../core/order.ts';
import { DirectiveSchema } from '../protocol/directive.ts';
import { sha256 } from '../protocol/sha256.ts';
import type { Directives } from '../protocol/wire/frames.ts';
import { isStatementSignedBy } from '../protocol/wire/signing.ts';
import { stepPending } from './decide.ts';
import type { Intake } from './intake.ts';
import { judgeSigned, type Refused, reject, type Stream, unknownStore } from './judge.ts';
import type { HeldDirective } from './law-ports.ts';
import { type KeyRing, ownKey } from './own-keys.ts';
import type { LedgerTx } from './ports.ts';
import { headOf, markOf, type Reply, refusalOf } from './replies.ts';

/** A directive that came back, read: its bytes, its place and central's own signature over both. */
export type Returned = HeldDirective & { directive: Directive };

/**
 * Takes a frame of them, all or nothing: only what carries central's own signature, in order, on top of what it holds.
 * They stand in the log at once and take effect when the entries that they were based on are posted. Says the mark of
 * the cut that central is at then.
 */
export async function takeDirectives(intake: Intake, frame: Directives): Promise<Reply[]> {
  const taken = await intake.ledger.transaction((tx) => adopt(tx, intake, frame));
  if ('kind' in taken) return [refusalOf(intake, frame, taken)];
  const head = headOf(taken);
  return head === null ? [] : [markOf(intake, frame, head)];
}

async function adopt(tx: LedgerTx, intake: Intake, frame: Directives): Promise<Refused | Stream> {
  const { store, first, last } = frame;
  const stream = await tx.streams.lock(store, frame.instance);
  if (stream === null) return unknownStore(store);
  const refused = judgeSigned(stream, frame);
  if (refused !== null) return refused;
  if (frame.entries.length !== last - first + 1) {
    return reject('malformed', `${frame.entries.length} directives cannot be numbers ${first} to ${last}.`);
  }
  if (first > stream.heldDseq + 1) {
    return reject('gap', `Directive ${stream.heldDseq + 1} comes next, not ${first}.`);
  }
  const before = first === 1 ? directivesGenesis(sha256, store) : await tx.directives.chainAt(store, first - 1);
  if (frame.before !== before) return otherDecision(first - 1);
  const returned = readReturned(intake, frame);
  if ('kind' in returned) return returned;
  const shared = Math.min(last, stream.heldDseq);
  const chainHeld = await tx.directives.chainAt(store, shared);
  if (shared >= first && returned[shared - first]?.chain !== chainHeld) return otherDecision(shared);
  const fresh = returned.filter(({ dseq }) => dseq > stream.heldDseq);
  const contradiction = contradictionIn(stream, fresh);
  if (contradiction !== null) return contradiction;
  const newest = fresh.at(-1);
  if (newest === undefined) return stream;
  await tx.directives.append(store, fresh);
  // The store has them: nobody needs to tell it.
  await tx.directives.acked(store, newest.dseq);
  const held = { heldDseq: newest.dseq, heldChain: newest.chain, ackedDseq: newest.dseq };
  return stepPending(tx, intake, { ...stream, ...held });
}

/** Read, chained and each signature checked: it must be central's own, over this place and chain (S17). */
export function readReturned(keys: KeyRing, frame: Directives): Refused | Returned[] {
  const returned: Returned[] = [];
  let chain = frame.before;
  for (const [index, { bytes, keyId, signature }] of frame.entries.entries()) {
    const dseq = frame.first + index;
    const raw = utf8(bytes);
    chain = linkDirective(sha256, chain, raw);
    const key = ownKey(keys, keyId);
    if (key === null) {
      return reject(
        'key',
        `Directive ${dseq} is signed with key ${keyId}, which this central does not have: add that key to its key file.`,
      );
    }
    if (!isStatementSignedBy(directiveStatement(frame.store, dseq, chain), signature, key)) {
      return reject('signature', `Directive ${dseq} is not central's own word: nothing was taken.`);
    }
    const directive = readDirective(bytes);
    if (directive === null || directive.store !== frame.store || directive.dseq !== dseq) {
      return reject('malformed', `Directive ${dseq} cannot be read here: this central may be older than its word.`);
    }
    returned.push({ dseq, chain, bytes: raw, keyId, signature, directive });
  }
  return chain === frame.chain ? returned : otherDecision(frame.last);
}

function readDirective(bytes: string): Directive | null {
  try {
    return DirectiveSchema.safeParse(JSON.parse(bytes)).data ?? null;
  } catch {
    return null;
  }
}

/** What they are based on must still lie ahead, or stand exactly where central is; a grant must end this very life. */
function contradictionIn({ store, epoch, seq }: Stream, fresh: Returned[]): Refused | null {
  if (epoch !== null && seq > 0) {
    const late = fresh.find(({ directive }) => compareAt(directive.basis, { epoch: epoch.ordinal, seq }) < 0);
    if (late !== undefined) {
      return reject(
        'chain',
        `Directive ${late.dseq} of store ${store} belongs before entries that central has posted since. What central holds now counts.`,
      );
    }
  }
  const grant = fresh.map(({ directive }) => directive.body).find(({ kind }) => kind === 'epoch-granted');
  if (grant?.kind !== 'epoch-granted' || epoch === null) return null;
  const { closed } = grant;
  const isOurs = closed.ordinal === epoch.ordinal && closed.life === epoch.life && closed.seq >= seq;
  return isOurs
    ? null
    : reject(
        'chain',
        `A new journal was granted to store ${store} from where central is not. What central holds now counts.`,
      );
}

const otherDecision = (dseq: number): Refused =>
  reject(
    'chain',
    `Directive ${dseq} is another one than central holds: nothing was taken. What central holds now counts.`,
  );
