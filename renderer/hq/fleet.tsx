// All stores: does anything need somebody, how are they spread, and the list with the worst first.
import { type ReadonlySignal, type Signal, useComputed, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { CentralStatus } from '../../protocol/hq/status.ts';
import { showFavicon } from '../kit/favicon.ts';
import { number } from '../kit/format.ts';
import { Icon, StateSign } from '../kit/icons.tsx';
import type { Central } from './central.ts';
import { type Headline, headlineOf } from './headline.ts';
import { StoreList } from './list.tsx';
import type { Live } from './live.ts';
import { Overview } from './overview.tsx';
import { shownRows, spreadOf, type Wish } from './sight.ts';
import { words } from './words.ts';

/** Groups by age move on by themselves, and not each second. */
const GRAIN_MS = 10_000;
/** What is told of central itself changes seldom. */
const STATUS_MS = 30_000;

type FleetProps = { live: Live; now: ReadonlySignal<number>; central: Central; wish: Signal<Wish> };

export function Fleet({ live, now, central, wish }: FleetProps): JSX.Element {
  const coarse = useComputed(() => now.value - (now.value % GRAIN_MS) + GRAIN_MS);
  const rows = useComputed(() => live.rows.value ?? []);
  const spread = useComputed(() => spreadOf(rows.value, coarse.value));
  const shown = useComputed(() => shownRows(rows.value, wish.value, coarse.value, (state) => words.states[state]));
  const headline = useComputed(() => headlineOf(live.line.value, live.rows.value, spread.value));
  useSignalEffect(() => {
    document.title = words.title(headline.value.sentence);
    showFavicon(headline.value.sign);
  });
  return (
    <div class="fleet">
      <Top {...headline.value} more={live.more.value} />
      <Restored central={central} />
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

/** Central's own sentence after it was put back from a copy, until all stores have reported. */
function Restored({ central }: { central: Central }): JSX.Element | null {
  const sentence = useSignal<string | null>(null);
  useEffect(() => {
    const ask = async (): Promise<void> => {
      const status = await central.get<CentralStatus>('/status');
      if (status.ok) sentence.value = status.value.restored?.sentence ?? null;
    };
    void ask();
    const timer = setInterval(() => void ask(), STATUS_MS);
    return () => clearInterval(timer);
  }, [central]);
  if (sentence.value === null) return null;
  return (
    <p class="card restored" role="status">
      <Icon name="warning" />
      {sentence.value}
    </p>
  );
}
