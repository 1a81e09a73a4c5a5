// All stores: does anything need somebody, how are they spread, and the list with the worst first.
import { type ReadonlySignal, type Signal, useComputed, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import type { WhoAmI } from '../../protocol/hq/accounts.ts';
import { showFavicon } from '../kit/favicon.ts';
import { number } from '../kit/format.ts';
import { StateSign } from '../kit/icons.tsx';
import { type Headline, headlineOf } from './headline.ts';
import { StoreList } from './list.tsx';
import type { Live } from './live.ts';
import { Overview } from './overview.tsx';
import { linkToStore } from './place.ts';
import { shownRows, spreadOf, type Wish } from './sight.ts';
import { words } from './words.ts';

/** Groups by age move on by themselves, and not each second. */
const GRAIN_MS = 10_000;

type FleetProps = { live: Live; now: ReadonlySignal<number>; who: WhoAmI; wish: Signal<Wish> };

export function Fleet({ live, now, who, wish }: FleetProps): JSX.Element {
  const coarse = useComputed(() => now.value - (now.value % GRAIN_MS) + GRAIN_MS);
  const rows = useComputed(() => live.rows.value ?? []);
  const spread = useComputed(() => spreadOf(rows.value, coarse.value));
  const shown = useComputed(() => shownRows(rows.value, wish.value, coarse.value, (state) => words.states[state]));
  const headline = useComputed(() => headlineOf(live.line.value, live.rows.value, spread.value));
  useSignalEffect(() => {
    document.title = words.title(headline.value.sentence);
    showFavicon(headline.value.sign);
  });
  if (live.line.value === 'narrow') return <Narrow who={who} />;
  return (
    <div class="fleet">
      <Top {...headline.value} more={live.more.value} />
      {rows.value.length > 0 && (
        <>
          <Overview spread={spread.value} wish={wish} />
          <StoreList all={rows.value.length} rows={shown.value} wish={wish} now={now} />
        </>
      )}
    </div>
  );
}

function Top({ tone, sign, sentence, detail, figure, more }: Headline & { more: number }): JSX.Element {
  return (
    <section class="hero fleet-hero" data-tone={tone} aria-labelledby="headline">
      <div class="hero-sign">
        <StateSign name={sign} />
      </div>
      <div class="hero-words">
        <h1 id="headline">{sentence}</h1>
        <p role="status">
          <span class="unseen">{sentence}. </span>
          {detail}
        </p>
        {more > 0 && <p class="hero-todo">{words.headline.more(more)}</p>}
      </div>
      {figure !== null && (
        <p class="hero-figure">
          <strong>{number(figure.value)}</strong> <span>{figure.label}</span>
        </p>
      )}
    </section>
  );
}

/** A token or account that is for some stores only may not see the rest, but each of them. */
function Narrow({ who }: { who: WhoAmI }): JSX.Element {
  return (
    <section class="card">
      <h1>{words.list.heading}</h1>
      <p>{words.session.narrow}</p>
      <ul class="narrow">
        {(who.stores ?? []).map((store) => (
          <li key={store}>
            <a href={linkToStore(store)}>{words.store.name(store)}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}
