// The standing as it was last looked at: told at once where it is another one, and now and then where only counts grew.
import type { Counts, SlotsState } from '../../core/configuration/slots-machine.ts';
import { standingOf, withProgram } from '../../core/configuration/standing.ts';
import type { Notice } from '../../protocol/local/window.ts';
import type { ConfigurationStanding } from '../../protocol/wire/config-frames.ts';
import type { InForce } from './in-force.ts';
import type { ConfigurationParts } from './keeper.ts';
import { configurationNotices } from './notices.ts';
import type { Pace } from './pace.ts';
import type { TrustStore } from './trust-store.ts';

export type Telling = { standing(): ConfigurationStanding; notices(): Notice[]; look(): Promise<void> };

type Parts = Pick<ConfigurationParts, 'storage' | 'clock' | 'program' | 'onStanding'> & {
  inForce: Pick<InForce, 'now'>;
  slots(): SlotsState;
  trust: Pick<TrustStore, 'now'>;
  pace: Pace;
};

export async function openTelling(parts: Parts): Promise<Telling> {
  const { storage, clock, slots, trust, pace, program, inForce, onStanding } = parts;
  let seen = await sightNow();
  /** What the slots say, and with what became of the version that it lets come. */
  function standingsNow(counts: Counts) {
    const own = standingOf(slots(), { nowMs: clock.wallMs(), counts, trust: trust.now()?.version ?? null });
    const upTo = inForce.now().updates?.upTo;
    return { own, standing: withProgram(own, upTo === undefined ? null : { upTo, state: program.courseTo(upTo) }) };
  }
  async function sightNow() {
    const { own, standing } = standingsNow(await storage.cameIn());
    return { own, standing, words: wordsOf(standing), countedMs: clock.monotonicMs(), refusedMs: clock.wallMs() };
  }
  /** What is news; with the counts at the begin nothing has come in yet. */
  const wordsNow = (): string => wordsOf(standingsNow(slots().since).standing);
  return {
    standing: () => seen.standing,
    // People are told of a version that was put back by a notice of its own.
    notices: () =>
      configurationNotices(seen.own, {
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
