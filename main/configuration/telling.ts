// The standing as it was last looked at: told at once where it is another one, and now and then where only counts grew.
import type { SlotsState } from '../../core/configuration/slots-machine.ts';
import type { Notice } from '../../protocol/local/window.ts';
import type { ConfigurationStanding } from '../../protocol/wire/config-frames.ts';
import type { ConfigurationParts } from './keeper.ts';
import { configurationNotices } from './notices.ts';
import type { Pace } from './pace.ts';
import { standingOf } from './standing.ts';
import type { TrustStore } from './trust-store.ts';

export type Telling = { standing(): ConfigurationStanding; notices(): Notice[]; look(): Promise<void> };

type Parts = Pick<ConfigurationParts, 'storage' | 'clock' | 'onStanding'> & {
  slots(): SlotsState;
  trust: Pick<TrustStore, 'now'>;
  pace: Pace;
};

export async function openTelling({ storage, clock, slots, trust, pace, onStanding }: Parts): Promise<Telling> {
  let seen = await sightNow();
  async function sightNow() {
    const counts = await storage.cameIn();
    const state = slots();
    const nowMs = clock.wallMs();
    const standing = standingOf(state, { nowMs, counts, trust: trust.now()?.version ?? null });
    return { standing, words: wordsOf(standing), countedMs: clock.monotonicMs(), refusedMs: nowMs };
  }
  /** What is news; with the counts at the begin nothing has come in yet. */
  const wordsNow = (): string => {
    const state = slots();
    return wordsOf(
      standingOf(state, { nowMs: clock.wallMs(), counts: state.since, trust: trust.now()?.version ?? null }),
    );
  };
  return {
    standing: () => seen.standing,
    notices: () =>
      configurationNotices(seen.standing, {
        refusedMs: isForPeople(slots()) ? seen.refusedMs : null,
        expiresMs: slots().inForce?.expiresMs ?? null,
      }),
    async look() {
      const isOther = wordsNow() !== seen.words;
      const restMs = slots().trial === null ? pace.quietToldMs : pace.trialToldMs;
      if (!isOther && clock.monotonicMs() - seen.countedMs < restMs) return;
      const next = await sightNow();
      const isSame = JSON.stringify(next.standing) === JSON.stringify(seen.standing);
      seen = isOther ? next : { ...next, refusedMs: seen.refusedMs };
      if (!isSame) onStanding();
    },
  };
}

const wordsOf = ({ captured: _, setAside: __, ...words }: ConfigurationStanding): string => JSON.stringify(words);

/** An old message at the broker is nobody's to act on, and what was put back or taken back is told otherwise. */
const isForPeople = ({ shown }: SlotsState): boolean =>
  shown?.refused != null && !['older', 'put-back', 'withdrawn'].includes(shown.refused.code);
