// One rollout: how it stands in words, what can be done, ring by ring how far it is, who failed and why, what happened.
import type { ReadonlySignal } from '@preact/signals';
import { useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { WhoAmI } from '../../../protocol/hq/accounts.ts';
import type { RolloutEvent, RolloutRow, RolloutStory } from '../../../protocol/hq/rollouts.ts';
import { showFavicon } from '../../kit/favicon.ts';
import { number } from '../../kit/format.ts';
import { StateSign } from '../../kit/icons.tsx';
import { askAgain } from '../asked.ts';
import type { Central } from '../central.ts';
import { CONFIGURATION, linkToRevision } from '../place.ts';
import { words } from '../words.ts';
import { Acts } from './acts.tsx';
import { Rings } from './rings.tsx';
import { Away, Failed } from './stores.tsx';
import { lookOfRollout, progressOf } from './tally.ts';

const say = words.configuration;
/** As often as central looks whether it may go on. */
const LOOK_MS = 2_000;

type RolloutProps = { id: string; central: Central; who: WhoAmI; now: ReadonlySignal<number> };

export function Rollout({ id, central, who, now }: RolloutProps): JSX.Element {
  const asked = useMemo(() => askAgain<RolloutStory>(central, `/rollouts/${id}`, LOOK_MS), [central, id]);
  useEffect(() => asked.stop, [asked]);
  const story = asked.value.value;
  const declined = asked.declined.value;
  useSignalEffect(() => {
    const told = asked.value.value;
    if (told === null) return;
    const { rollout } = told;
    document.title = words.title(say.rollouts.headlines[rollout.state](rollout.revision));
    showFavicon(lookOfRollout(rollout).sign);
  });
  return (
    <div class="one-store">
      <p>
        <a href={CONFIGURATION}>{say.back}</a>
      </p>
      {story === null ? (
        <section class="hero fleet-hero" data-tone="lost">
          <div class="hero-sign">
            <StateSign name="lost" />
          </div>
          <div class="hero-words">
            <h1>{say.heading}</h1>
            <p role="status">{declined?.status === 404 ? say.rollouts.unknown(id) : words.headline.opening}</p>
          </div>
        </section>
      ) : (
        <>
          <Head rollout={story.rollout} isLost={declined?.status === 0} now={now.value} />
          <Acts rollout={story.rollout} central={central} who={who} look={asked.look} />
          <Rings rollout={story.rollout} now={now.value} />
          <div class="columns">
            <div class="store-side">
              <Failed rollout={story.rollout} stores={story.failed} now={now.value} />
              <Away rollout={story.rollout} stores={story.away} now={now.value} />
            </div>
            <Events events={story.events} now={now.value} />
          </div>
        </>
      )}
    </div>
  );
}

type HeadProps = { rollout: RolloutRow; isLost: boolean; now: number };

function Head({ rollout, isLost, now }: HeadProps): JSX.Element {
  const { state, revision, title, why, by, publishedMs, approvedBy, approvedMs, expiresMs } = rollout;
  const { tone, sign } = lookOfRollout(rollout);
  const { stores, well } = progressOf(rollout);
  const about = [
    say.rollouts.published(by, publishedMs, now),
    approvedBy !== null && approvedMs !== null && say.rollouts.approved(approvedBy, approvedMs, now),
    rollout.times !== null && say.rollouts.inTimes,
    expiresMs <= now && say.rollouts.expired(expiresMs),
  ];
  return (
    <section class="hero fleet-hero" data-tone={tone} aria-labelledby="rollout-name">
      <div class="hero-sign">
        <StateSign name={sign} />
      </div>
      <div class="hero-words">
        <h1 id="rollout-name">{say.rollouts.headlines[state](revision)}</h1>
        <p class="hero-todo">
          <a href={linkToRevision(revision)}>{title}</a>
        </p>
        <p role="status">{why === '' ? say.rollouts.explained[state] : why}</p>
        <p class="hero-small">{about.filter(Boolean).join(' ')}</p>
        {isLost && <p>{say.lostDetail}</p>}
      </div>
      <p class="hero-figure">
        <strong>{number(well)}</strong> <span>{say.rollouts.well(stores)}</span>
      </p>
    </section>
  );
}

function Events({ events, now }: { events: RolloutEvent[]; now: number }): JSX.Element {
  return (
    <section class="card" aria-labelledby="events-heading">
      <h2 id="events-heading">{say.events.heading}</h2>
      <ol class="asked">
        {events.toReversed().map(({ atMs, what, by, ring, message }) => (
          <li key={`${atMs} ${what} ${ring}`}>
            <p>
              <strong>{say.events.what[what](ring ?? '')}</strong>
              <span class="became">{say.events.by(by, atMs, now)}</span>
            </p>
            {message !== '' && <p>{message}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}
