// Configuration of the chain: what is on its way to stores, every rollout so far, and whose signatures count.
import type { ReadonlySignal } from '@preact/signals';
import { useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { TrustRow } from '../../../protocol/hq/configuration.ts';
import type { RolloutRow } from '../../../protocol/hq/rollouts.ts';
import type { TryRow } from '../../../protocol/hq/tries.ts';
import { showFavicon } from '../../kit/favicon.ts';
import { number } from '../../kit/format.ts';
import { StateSign } from '../../kit/icons.tsx';
import type { SignName, Tone } from '../../kit/shapes.ts';
import { type Asked, askAgain } from '../asked.ts';
import type { Central } from '../central.ts';
import { linkToRollout } from '../place.ts';
import { RolloutList } from '../rollouts/list.tsx';
import { lookOfRollout, progressOf } from '../rollouts/tally.ts';
import { TryList } from '../tries/list.tsx';
import { words } from '../words.ts';
import { Trusted } from './trusted.tsx';

const say = words.configuration;
const ROLLOUTS_MS = 3_000;
/** Keys change a few times a year. */
const TRUSTS_MS = 60_000;
const SHOWN = 100;

type Top = { tone: Tone; sign: SignName; sentence: string; rollout: RolloutRow | null };

/** The one that is under way, else the newest. */
function topOf({ value, declined }: Asked<RolloutRow[]>): Top {
  const rollouts = value.value;
  if (declined.value !== null) return { tone: 'lost', sign: 'lost', sentence: words.headline.lost, rollout: null };
  if (rollouts === null) return { tone: 'lost', sign: 'lost', sentence: words.headline.opening, rollout: null };
  const rollout = rollouts.find(({ state }) => isUnderWay(state)) ?? rollouts[0];
  if (rollout === undefined) return { tone: 'lost', sign: 'lost', sentence: say.none, rollout: null };
  return { ...lookOfRollout(rollout), sentence: say.rollouts.headlines[rollout.state](rollout.revision), rollout };
}

const isUnderWay = (state: RolloutRow['state']): boolean =>
  state === 'waiting' || state === 'running' || state === 'paused';

export function ConfigurationPage({ central, now }: { central: Central; now: ReadonlySignal<number> }): JSX.Element {
  const rollouts = useMemo(() => askAgain<RolloutRow[]>(central, `/rollouts?limit=${SHOWN}`, ROLLOUTS_MS), [central]);
  const trusts = useMemo(() => askAgain<TrustRow[]>(central, '/configuration/trusts', TRUSTS_MS), [central]);
  const tries = useMemo(() => askAgain<TryRow[]>(central, '/configuration/tries', ROLLOUTS_MS), [central]);
  useEffect(
    () => () => {
      rollouts.stop();
      trusts.stop();
      tries.stop();
    },
    [rollouts, trusts, tries],
  );
  useSignalEffect(() => {
    const { sentence, sign } = topOf(rollouts);
    document.title = words.title(sentence);
    showFavicon(sign);
  });
  const rows = rollouts.value.value;
  return (
    <div class="one-store">
      <Head top={topOf(rollouts)} rollouts={rollouts} />
      {rows !== null && rows.length > 0 && <RolloutList rollouts={rows} now={now.value} />}
      <TryList tries={tries.value.value} now={now.value} />
      <Trusted trust={trusts.value.value?.[0] ?? null} isTold={trusts.value.value !== null} now={now.value} />
    </div>
  );
}

function Head({ top, rollouts }: { top: Top; rollouts: Asked<RolloutRow[]> }): JSX.Element {
  const { tone, sign, sentence, rollout } = top;
  const isLost = rollouts.declined.value !== null;
  const isNone = !isLost && rollouts.value.value?.length === 0;
  return (
    <section class="hero fleet-hero" data-tone={tone} aria-labelledby="headline">
      <div class="hero-sign">
        <StateSign name={sign} />
      </div>
      <div class="hero-words">
        <h1 id="headline">{sentence}</h1>
        <p role="status">
          {isLost && (rollouts.declined.value?.message || words.headline.lostDetail)}
          {isNone && say.noneDetail}
          {rollout !== null && (rollout.why === '' ? say.rollouts.explained[rollout.state] : rollout.why)}
        </p>
        {isNone && <p class="exact">{say.how}</p>}
        {rollout !== null && (
          <p class="hero-todo">
            <a href={linkToRollout(rollout.id)}>{rollout.title}</a>
          </p>
        )}
      </div>
      {rollout !== null && (
        <p class="hero-figure">
          <strong>{number(progressOf(rollout).well)}</strong>{' '}
          <span>{say.rollouts.well(progressOf(rollout).stores)}</span>
        </p>
      )}
    </section>
  );
}
