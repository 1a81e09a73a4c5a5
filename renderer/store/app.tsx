// The store window: all sent, or offline and safe here, or something needs you.
import { type ReadonlySignal, useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { type JSX, render } from 'preact';
import type { Snapshot } from '../../protocol/local/window.ts';
import { showFavicon } from '../kit/favicon.ts';
import { tradingDay } from '../kit/format.ts';
import { Mark } from '../kit/icons.tsx';
import { startTicker } from '../kit/ticker.ts';
import { words } from '../kit/words.ts';
import { type Agent, connectAgent } from './agent.ts';
import { type Backlog, nextBacklog } from './now/backlog.ts';
import { Facts } from './now/facts.tsx';
import { type Headline, headline } from './now/headline.ts';
import { Hero } from './now/hero.tsx';
import { GoodToKnow, NeedsYou, needsSomeone } from './now/notices.tsx';
import { Throughput } from './now/throughput.tsx';
import { Tills } from './now/tills.tsx';
import { Recent } from './receipts/recent.tsx';
import { SetAside } from './set-aside/set-aside.tsx';
import { takeToken } from './token.ts';
import '../kit/tokens.css';
import '../kit/base.css';
import './store.css';
import './now/now.css';
import './receipts/receipts.css';
import './set-aside/set-aside.css';

type Now = ReadonlySignal<number>;

function useHeadline(agent: Agent, now: Now): ReadonlySignal<Headline> {
  const backlog = useSignal<Backlog | null>(null);
  useSignalEffect(() => {
    const state = agent.snapshot.value;
    if (state !== null) backlog.value = nextBacklog(backlog.peek(), state);
  });
  return useComputed(() =>
    headline({
      connection: agent.connection.value,
      connectionSinceMs: agent.connectionSinceMs.value + agent.offsetMs.value,
      snapshot: agent.snapshot.value,
      nowMs: now.value,
      backlog: backlog.value,
    }),
  );
}

/** The tab's title and icon, and one spoken line whenever the state changes; never for each single sale. */
function useOutside(top: ReadonlySignal<Headline>, agent: Agent): ReadonlySignal<string> {
  const spoken = useSignal('');
  const tone = useComputed(() => top.value.tone);
  useSignalEffect(() => {
    const store = agent.snapshot.value?.store;
    document.title = store === undefined ? 'Tillwire' : words.title(top.value.sentence, words.store(store));
  });
  useSignalEffect(() => {
    const state = agent.snapshot.value;
    const needed = tone.value === 'good' && state !== null && needsSomeone(state);
    showFavicon(needed ? 'needs' : tone.value);
  });
  useSignalEffect(() => {
    tone.value;
    const { sentence, todo } = top.peek();
    spoken.value = todo === null ? sentence : `${sentence}. ${todo}`;
  });
  return spoken;
}

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

function Store({ agent, now }: { agent: Agent; now: Now }): JSX.Element {
  const top = useHeadline(agent, now);
  const spoken = useOutside(top, agent);
  const setAside = useComputed(() => agent.snapshot.value?.setAside ?? 0);
  const state = agent.snapshot.value;
  return (
    <>
      <Banner state={state} />
      <main>
        <p class="unseen" role="status">
          {spoken.value}
        </p>
        <Hero {...top.value} />
        {state !== null && (
          <>
            <NeedsYou state={state} />
            <Facts state={state} now={now} />
            <div class="columns">
              <div class="column">
                <Throughput agent={agent} />
                <Tills state={state} />
              </div>
              <Recent agent={agent} />
            </div>
            <SetAside agent={agent} count={setAside} />
            <GoodToKnow state={state} />
          </>
        )}
      </main>
    </>
  );
}

const agent = connectAgent(takeToken(window));
const { now } = startTicker(() => Date.now() + agent.offsetMs.peek());
const host = document.getElementById('app');
if (host !== null) render(<Store agent={agent} now={now} />, host);
