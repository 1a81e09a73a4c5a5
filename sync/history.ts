// How what central holds compares with our own journal: the end of every doubt about who lost what (L3, L7).
import { type Epoch, sameEpoch } from '../core/chain.ts';
import type { Welcome } from '../protocol/wire/frames.ts';
import type { DirectivesHead, Heads, Outbox } from './ports.ts';
import type { Standing } from './session-words.ts';

/** The epoch that is to be streamed, and where our journal stands in it. */
export type Compared = { standing: Standing; epoch: Epoch; tip: number };

type Compares = Pick<Outbox, 'canonicalEpochs' | 'closedAt' | 'chainAt' | 'directivesPage'>;

/** `ours` is the head of our directives. */
export async function compareHistory(
  outbox: Compares,
  heads: Heads,
  ours: DirectivesHead,
  welcome: Welcome,
): Promise<Compared> {
  const { epoch, seq, chain } = welcome;
  const present = (standing: Standing): Compared => ({ standing, epoch: heads.epoch, tip: heads.seq });
  if (!(await isOurLog(outbox, ours, welcome.directives))) return present('contradicted');
  const granted = await outbox.canonicalEpochs();
  if (epoch === null) {
    // A central that holds nothing begins where the granted history does.
    const [first] = granted;
    return first?.end ? { standing: 'earlier', epoch: first.epoch, tip: first.end.seq } : present('same');
  }
  const here = chain === null ? null : await outbox.chainAt(epoch, seq);
  const isOurs = here !== null && here === chain;
  if (sameEpoch(epoch, heads.epoch)) return present(isOurs ? 'same' : 'other');
  const end = granted.find((one) => sameEpoch(one.epoch, epoch))?.end;
  if (end) {
    // Entries of another life that were not recalled yet: central needs its own words back, nothing else.
    if (here === null && seq <= end.seq) return present('ungranted');
    const isPart = isOurs && seq <= end.seq;
    return isPart ? { standing: 'earlier', epoch, tip: end.seq } : present('contradicted');
  }
  const closedAt = await outbox.closedAt(epoch);
  if (closedAt !== null)
    return isOurs && seq <= closedAt ? { standing: 'earlier', epoch, tip: closedAt } : present('other');
  return present(epoch.ordinal < heads.epoch.ordinal ? 'ungranted' : 'other');
}

/** Central's directives up to its head are those that it gave us, as far as we have them. */
async function isOurLog(
  outbox: Pick<Outbox, 'directivesPage'>,
  ours: DirectivesHead,
  { dseq, chain }: DirectivesHead,
): Promise<boolean> {
  if (dseq === 0 || dseq > ours.dseq) return true;
  const [last] = dseq === ours.dseq ? [ours] : await outbox.directivesPage(dseq - 1, 1);
  return last?.dseq === dseq && last.chain === chain;
}

/** True where our own chain at that entry is the one that central names; there is none beyond our last entry. */
export const holds = async (
  outbox: Pick<Outbox, 'chainAt'>,
  epoch: Epoch,
  seq: number,
  chain: string | null,
): Promise<boolean> => chain !== null && (await outbox.chainAt(epoch, seq)) === chain;
