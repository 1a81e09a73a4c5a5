// Stores of a rollout that somebody may have to look at: those that failed, in their own words, and those not well yet.
import type { JSX } from 'preact';
import type { RolloutRow, RolloutStore } from '../../../protocol/hq/rollouts.ts';
import { linkToConfigurationOf } from '../place.ts';
import { words } from '../words.ts';
import { progressOf } from './tally.ts';

const say = words.configuration;
/** So many are enough to see what is wrong; the rest is counted. */
const SHOWN_MAX = 50;

export function Failed({ rollout, stores, now }: StoresProps): JSX.Element {
  const { failed } = progressOf(rollout);
  const shown = stores.slice(0, SHOWN_MAX);
  return (
    <section class="card" aria-labelledby="failed-heading">
      <h2 id="failed-heading">{say.failed.heading}</h2>
      {stores.length === 0 && <p class="quiet">{say.failed.none}</p>}
      <ul class="questions">
        {shown.map(({ store, ring, message, sinceMs }) => (
          <li key={store}>
            <p>
              <a href={linkToConfigurationOf(store)}>{store}</a> <span class="became">{say.failed.ring(ring)}</span>
            </p>
            <p>{message === '' ? say.failed.noWord : message}</p>
            <p class="quiet">{say.failed.since(sinceMs, now)}</p>
          </li>
        ))}
      </ul>
      {failed > shown.length && <p class="quiet">{say.more(failed - shown.length)}</p>}
    </section>
  );
}

type StoresProps = { rollout: RolloutRow; stores: RolloutStore[]; now: number };

/** Nothing where all of them are. */
export function Away({ rollout, stores, now }: StoresProps): JSX.Element | null {
  if (stores.length === 0) return null;
  const shown = stores.slice(0, SHOWN_MAX);
  const all = rollout.rings.reduce((sum, { tally }) => sum + tally.given + tally.waiting + tally.trial, 0);
  const more = Math.max(all, stores.length) - shown.length;
  return (
    <section class="card" aria-labelledby="away-heading">
      <h2 id="away-heading">{say.away.heading}</h2>
      <ul class="away">
        {shown.map(({ store, ring, state, sinceMs }) => (
          <li key={store}>
            <a href={linkToConfigurationOf(store)}>{store}</a>{' '}
            <span class="quiet">
              {say.failed.ring(ring)} · {say.away.state(say.away.states[state], sinceMs, now)}
            </span>
          </li>
        ))}
      </ul>
      {more > 0 && <p class="quiet">{say.more(more)}</p>}
    </section>
  );
}
