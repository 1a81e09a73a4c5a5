// The configuration of a store among what is known of it: revision in force, how it stands, the way to all of it.
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { EffectiveConfiguration } from '../../../protocol/hq/configuration.ts';
import { askAgain } from '../asked.ts';
import type { Central } from '../central.ts';
import { linkToConfigurationOf } from '../place.ts';
import { words } from '../words.ts';
import { lookOfStore } from './in-words.ts';

const say = words.configuration.store;
const LOOK_MS = 10_000;

export function ConfigurationFact({ store, central }: { store: string; central: Central }): JSX.Element | null {
  const asked = useMemo(
    () => askAgain<EffectiveConfiguration>(central, `/configuration/effective?store=${store}`, LOOK_MS),
    [central, store],
  );
  useEffect(() => asked.stop, [asked]);
  const told = asked.value.value;
  if (told === null) return null;
  const { standing } = told;
  const applied = standing?.applied ?? null;
  return (
    <div class="fact">
      <dt>{say.fact}</dt>
      <dd>
        <a href={linkToConfigurationOf(store)}>{applied === null ? say.factNone : say.facts(applied)}</a>
      </dd>
      <dd class="fact-more" data-tone={lookOfStore(told).tone}>
        {standing === null ? '' : say.standings[standing.state]}
      </dd>
    </div>
  );
}
