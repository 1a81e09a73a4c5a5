// Decisions for a store: placed behind the last entry that is posted, signed, stepped and written (R2, R14, R22).
import { type At, factName } from '../core/order.ts';
import type { Draft } from './directive-log.ts';
import { headAt } from './fold.ts';
import type { Intake } from './intake.ts';
import type { Stream } from './judge.ts';
import { whyUndecidable } from './judge-hello.ts';
import type { AsideFact } from './law-ports.ts';
import type { LedgerTx } from './ports.ts';
import { openPosting, type Posting } from './posting.ts';

/** Nothing may be decided, or not this; the message is for people. The transaction must end with it. */
export class Undecidable extends Error {
  override readonly name = 'Undecidable';
}

/**
 * Decides for one store, whose stream is locked: all of them or none. A release lets in whatever waited for that fact
 * only, behind it. Answers with the stream behind the last one. Throws Undecidable.
 */
export async function decide(tx: LedgerTx, intake: Intake, stream: Stream, drafts: Draft[]): Promise<Stream> {
  const why = whyUndecidable(stream);
  if (why !== null) throw new Undecidable(why);
  if (drafts.length === 0) return stream;
  const bodies = drafts.map(({ body }) => body);
  const waiting = bodies.some(({ kind }) => kind === 'release') ? await tx.putAside.waiting(stream.store) : [];
  const posting = await openPosting(tx, intake, stream, { facts: [], bodies, aside: waiting });
  const basis = headAt(stream);
  for (const draft of drafts) {
    if (draft.body.kind === 'release')
      release(posting, { store: stream.store, by: draft.by, basis }, draft.body.fact, waiting);
    else posting.fold.takeDecision(draft, basis, null);
  }
  return posting.write([]);
}

/** Steps what an adoption added to the log, as far as its entries are posted. The stream must be locked. */
export async function stepPending(tx: LedgerTx, intake: Intake, stream: Stream): Promise<Stream> {
  const { fold, write } = await openPosting(tx, intake, stream, { facts: [], bodies: [] });
  fold.stepPending();
  return write([]);
}

type Releasing = { store: string; by: string; basis: At };

function release(posting: Posting, releasing: Releasing, fact: At, waiting: AsideFact[]): void {
  const { fold, facts } = posting;
  const { store, by, basis } = releasing;
  const read = facts.get(factName(fact)) ?? null;
  const why = whyUnreleasable(posting, store, fact);
  if (why !== null) throw new Undecidable(why);
  fold.takeDecision({ by, body: { kind: 'release', fact } }, basis, read);
  for (const { at } of waiting) {
    const next = facts.get(factName(at)) ?? null;
    if (
      !fold.isAside(at) ||
      next === null ||
      fold.blocker(next, at) !== null ||
      fold.obstacle({ read: next }) !== null
    ) {
      continue;
    }
    fold.takeDecision({ by, body: { kind: 'release', fact: at } }, basis, next);
  }
}

/** As a sentence; null where it can be let in. */
function whyUnreleasable({ fold, facts }: Posting, store: string, fact: At): string | null {
  const name = factName(fact);
  if (!fold.isAside(fact)) return `Entry ${name} of store ${store} is not set aside: there is nothing to release.`;
  const read = facts.get(name) ?? null;
  const blocker = read === null ? null : fold.blocker(read, fact);
  if (blocker !== null) return `Entry ${name} waits for entry ${factName(blocker)}: release that one first.`;
  switch (fold.obstacle({ read })) {
    case 'unreadable':
      return `Entry ${name} of store ${store} still cannot be read: central has to be updated first.`;
    case 'other-body':
      return `Another document with the number of entry ${name} is posted and says something else: it cannot be released.`;
    case 'out-of-bounds':
      return `The shelves that entry ${name} moves are too full to be counted exactly: correct them first.`;
    default:
      return null;
  }
}
