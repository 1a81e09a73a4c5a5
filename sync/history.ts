// How what central holds compares with our own journal: the end of every doubt about who lost what (L3, L7).
import { type Epoch, sameEpoch } from '../core/chain.ts';
import type { Welcome } from '../protocol/wire/frames.ts';
import type { Heads, Outbox } from './ports.ts';
import type { History } from './session-words.ts';

export async function compareHistory(outbox: Outbox, heads: Heads, welcome: Welcome): Promise<History> {
  const { epoch, seq, chain } = welcome;
  if (epoch === null) return 'same';
  if (!sameEpoch(epoch, heads.epoch)) return epoch.ordinal < heads.epoch.ordinal ? 'ungranted' : 'other';
  return (await holds(outbox, epoch, seq, chain)) ? 'same' : 'other';
}

/** True where our own chain at that entry is the one that central names; there is none beyond our last entry. */
export const holds = async (outbox: Outbox, epoch: Epoch, seq: number, chain: string | null): Promise<boolean> =>
  chain !== null && (await outbox.chainAt(epoch, seq)) === chain;
