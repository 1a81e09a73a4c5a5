// The store window: all sent, or offline and safe here, or something needs you.
import { effect, type ReadonlySignal } from '@preact/signals';
import { type JSX, render } from 'preact';
import type { Snapshot } from '../../protocol/local/window.ts';
import { tradingDay } from '../kit/format.ts';
import { Mark } from '../kit/icons.tsx';
import { chooseLanguage, NOW } from '../kit/language.ts';
import { ticking } from '../kit/ticker.ts';
import { words } from '../kit/words.ts';
import { type Agent, connectAgent } from './agent.ts';
import type { Headline } from './now/headline.ts';
import { Hero } from './now/hero.tsx';
import { followHeadline, followOutside } from './now/top.ts';
import { followPlace, type Place } from './place.ts';
import { Here, Ways } from './rooms.tsx';
import { takeToken } from './token.ts';
import '../kit/tokens.css';
import '../kit/base.css';
import '../kit/article-field.css';
import '../kit/virtual-table.css';
import './store.css';
import './count/count.css';
import './needs/needs.css';
import './now/now.css';
import './receipts/receipts.css';
import './set-aside/set-aside.css';
import './stock/stock.css';
import './goods/goods.css';
import './this-pc/this-pc.css';
import './try/try.css';

type Now = ReadonlySignal<number>;

function Banner({ state }: { state: Snapshot | null }): JSX.Element {
  return (
    <header class="banner">
      <p class="product">
        <Mark />
        Tillwire
      </p>
      {state !== null && (
        <>
          <p class="store-name">{words.store(state.store)}</p>
          {state.notices.some(({ code }) => code === 'trial-central') && <p class="chip">{words.trial}</p>}
          <p class="trading-day">
            {words.tradingDay} <time dateTime={state.businessDate}>{tradingDay(state.businessDate)}</time>
          </p>
        </>
      )}
    </header>
  );
}

type StoreProps = {
  agent: Agent;
  now: Now;
  place: ReadonlySignal<Place>;
  top: ReadonlySignal<Headline>;
  spoken: ReadonlySignal<string>;
};

function Store({ agent, now, place, top, spoken }: StoreProps): JSX.Element {
  const state = agent.snapshot.value;
  return (
    <>
      <Banner state={state} />
      <Ways place={place.value} state={state} />
      <main>
        <p class="unseen" role="status">
          {spoken.value}
        </p>
        <p class="told" role="status">
          {agent.told.value !== null && words.told[agent.told.value]}
        </p>
        <Hero {...top.value} small={place.value.room !== 'now'} />
        {state !== null && <Here agent={agent} state={state} now={now} top={top} place={place.value} />}
      </main>
    </>
  );
}

document.documentElement.lang = NOW.language;
const agent = connectAgent(window, takeToken(window));
const now = ticking(() => Date.now() + agent.offsetMs.peek());
const host = document.getElementById('app');
const top = followHeadline(agent, now);
const spoken = followOutside(agent, top);
effect(() => {
  const state = agent.snapshot.value;
  if (state !== null && chooseLanguage(state.settings.language, localStorage, NOW)) location.reload();
});
if (host !== null) {
  render(<Store agent={agent} now={now} place={followPlace(window)} top={top} spoken={spoken} />, host);
}
