// Who is welcome, and whether a new life of a journal is granted: decided without any I/O (D4, D9, D12).
import { sameEpoch } from '../core/chain.ts';
import { OWED_HELLOS_MAX } from '../core/limits/conversation.ts';
import { type At, compareAt, sameAt } from '../core/order.ts';
import type { Hello } from '../protocol/wire/frames.ts';
import { fence, type Owed, type Refused, reject, type Stream } from './judge.ts';

export type HelloVerdict =
  | Refused
  | { kind: 'welcome'; session: 'same' | 'new'; takesOverFrom: string | null; grants: boolean };

/** `chainShown` is central's chain at the last directive that the hello shows, null where it holds no such one. */
export function judgeHello(stream: Stream, hello: Hello, chainShown: string | null, owed: Owed | null): HelloVerdict {
  if (stream.fromSuperseded) return fence(stream.store);
  const { dseq, chain } = hello.directives;
  if (dseq > 0 && dseq <= stream.heldDseq && chain !== chainShown) return otherDecisions(dseq);
  const isSameInstance = stream.instance === hello.instance;
  return {
    kind: 'welcome',
    session: isSameInstance && stream.hello === hello.nonce && stream.session !== null ? 'same' : 'new',
    takesOverFrom: isSameInstance ? null : stream.instance,
    grants: isGranted(stream, hello, owed),
  };
}

/**
 * A life with a higher ordinal ends the present one, once central holds again whatever it lost (H10 of the law). Entries
 * that the store cannot give back, because central went on with others, are not waited for for ever.
 */
function isGranted(stream: Stream, { epoch, directives }: Hello, owed: Owed | null): boolean {
  if (stream.epoch === null || sameEpoch(stream.epoch, epoch) || epoch.ordinal <= stream.epoch.ordinal) return false;
  if (directives.dseq > stream.heldDseq || stream.heldDseq > stream.dseq) return false;
  return owed === null || owed.asked > OWED_HELLOS_MAX;
}

/** What the store is asked to hand back now; `at` is how far its proof goes beyond central. */
export function nextOwed({ owed, seq }: Stream, at: At | null): Owed | null {
  if (at === null) return null;
  const isAgain = owed !== null && sameAt(owed, at) && owed.from === seq;
  return { ...at, from: seq, asked: isAgain ? owed.asked + 1 : 1 };
}

const otherDecisions = (dseq: number): Refused =>
  reject(
    'chain',
    `Directive ${dseq} of this store is another one than central holds: central decided after it was put back from a copy. What central holds now counts.`,
  );

/** Why nothing may be decided for this store now, as a sentence; null where it may. */
export function whyUndecidable(stream: Stream): string | null {
  const { store, greeted, incarnation, heldDseq, promisedDseq, dseq } = stream;
  if (greeted !== incarnation) return `Store ${store} has not reported since central was restored.`;
  if (heldDseq < promisedDseq || dseq < heldDseq || isOwed(stream)) {
    return `Store ${store} is still handing back what central lost when it was restored. Try again in a moment.`;
  }
  return null;
}

function isOwed({ owed, epoch, seq }: Stream): boolean {
  return owed !== null && (epoch === null || compareAt({ epoch: epoch.ordinal, seq }, owed) < 0);
}
