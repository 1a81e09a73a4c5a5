// How what central holds compares with our own journal: the end of every doubt about who lost what (L3, L7).
import { type Epoch, sameEpoch } from '../core/chain.ts';
import type { Welcome } from '../protocol/wire/frames.ts';
import type { DirectivesHead, Heads, Missing, Outbox } from './ports.ts';
import type { Standing } from './session-words.ts';

/**
 * The epoch that is to be streamed, and where our journal stands in it. `keeps`: where central contradicts what it
 * said before, the last directive of ours that can stand beside it.
 */
export type Compared = { standing: Standing; epoch: Epoch; tip: number; keeps: number };

type Compares = Pick<Outbox, 'canonicalEpochs' | 'closedAt' | 'chainAt' | 'directivesPage' | 'missing'>;

/** `ours` is the head of our directives. */
export async function compareHistory(
  outbox: Compares,
  heads: Heads,
  ours: DirectivesHead,
  welcome: Welcome,
): Promise<Compared> {
  const { epoch, seq, chain } = welcome;
  const present = (standing: Standing): Compared => ({ standing, epoch: heads.epoch, tip: heads.seq, keeps: 0 });
  const earlier = (of: Epoch, tip: number): Compared => ({ standing: 'earlier', epoch: of, tip, keeps: 0 });
  const contradicted = (dseq: number): Compared => ({ ...present('contradicted'), keeps: dseq - 1 });
  if (!(await isOurLog(outbox, ours, welcome.directives))) return contradicted(1);
  const hole = await outbox.missing();
  if (hole !== null && isLostAt(welcome, hole)) return contradicted(hole.dseq);
  const granted = await outbox.canonicalEpochs();
  if (epoch === null) {
    // A central that holds nothing begins where our history does.
    const [first] = granted;
    const end = first === undefined ? null : (first.end?.seq ?? (await outbox.closedAt(first.epoch)));
    return first === undefined || end === null ? present('same') : earlier(first.epoch, end);
  }
  const here = chain === null ? null : await outbox.chainAt(epoch, seq);
  const isOurs = here !== null && here === chain;
  if (sameEpoch(epoch, heads.epoch)) return present(isOurs ? 'same' : 'other');
  const end = granted.find((one) => sameEpoch(one.epoch, epoch))?.end;
  if (end) {
    // Entries of another life that were not recalled yet: central needs its own words back, nothing else.
    if (here === null && seq <= end.seq) return present('ungranted');
    return isOurs && seq <= end.seq ? earlier(epoch, end.seq) : contradicted(end.dseq);
  }
  const closedAt = await outbox.closedAt(epoch);
  if (closedAt !== null) return isOurs && seq <= closedAt ? earlier(epoch, closedAt) : present('other');
  return present(epoch.ordinal < heads.epoch.ordinal ? 'ungranted' : 'other');
}

/** Central granted what neither it nor we hold any more: nothing can ever build on that. */
function isLostAt({ epoch, seq, directives }: Welcome, hole: Missing): boolean {
  if (directives.dseq >= hole.dseq) return false;
  return epoch === null || epoch.ordinal < hole.epoch.ordinal || (sameEpoch(epoch, hole.epoch) && seq < hole.through);
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
