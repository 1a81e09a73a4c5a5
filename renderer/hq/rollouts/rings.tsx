// A bar for each ring: how many stores are well, on trial, waiting, failed; and what lets the next ring begin.
import type { JSX } from 'preact';
import type { RingRow, RolloutRow } from '../../../protocol/hq/rollouts.ts';
import { words } from '../words.ts';
import { partsOf, phaseOf } from './tally.ts';

const say = words.configuration.rings;
const MINUTE_MS = 60_000;

export function Rings({ rollout, now }: { rollout: RolloutRow; now: number }): JSX.Element {
  const { rings } = rollout;
  return (
    <section class="card" aria-labelledby="rings-heading">
      <h2 id="rings-heading">{say.heading}</h2>
      <ol class="rings">
        {rings.map((ring, index) => (
          <Ring key={ring.name} ring={ring} place={index + 1} isLast={index === rings.length - 1} now={now} />
        ))}
      </ol>
    </section>
  );
}

type RingProps = { ring: RingRow; place: number; isLast: boolean; now: number };

function Ring({ ring, place, isLast, now }: RingProps): JSX.Element {
  const { name, query, stores, successPercent, failurePercent, soakMinutes, openedMs, reachedMs } = ring;
  const phase = phaseOf(ring);
  const begun = openedMs === null ? say.notBegun : say.begun(openedMs, now);
  return (
    <li class="ring" data-phase={phase}>
      <p class="ring-head">
        <strong>{say.title(place, name)}</strong>
        <span class="exact">{query}</span>
        <span class="ring-phase">{reachedMs === null ? begun : say.reached(reachedMs, now)}</span>
      </p>
      {stores === 0 ? <p class="quiet">{say.empty}</p> : <Bar ring={ring} />}
      <p class="quiet">
        {isLast ? say.last(successPercent) : say.goesOn(successPercent, soakMinutes * MINUTE_MS)},{' '}
        {say.stops(failurePercent)}
      </p>
    </li>
  );
}

/** One store among thousands is still seen: each part has a least width. The numbers are below, in words. */
function Bar({ ring }: { ring: RingRow }): JSX.Element {
  const parts = partsOf(ring);
  return (
    <>
      <div class="ring-bar" aria-hidden="true">
        {parts.map(({ state, share }) => (
          <span key={state} data-part={state} style={{ flexGrow: String(share) }} />
        ))}
      </div>
      <ul class="ring-parts" aria-label={say.partsOf(ring.name)}>
        {parts.map(({ state, count }) => (
          <li key={state} data-part={state}>
            {say.part(count, say.parts[state])}
          </li>
        ))}
      </ul>
    </>
  );
}
