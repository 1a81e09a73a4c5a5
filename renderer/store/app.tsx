// The store window: all sent, or offline and safe here, or something needs you.
import { type ReadonlySignal, useComputed } from '@preact/signals';
import { type JSX, render } from 'preact';
import type { Snapshot } from '../../protocol/local/window.ts';
import { tradingDay } from '../kit/format.ts';
import { Mark } from '../kit/icons.tsx';
import { ticking } from '../kit/ticker.ts';
import { words } from '../kit/words.ts';
import { type Agent, connectAgent } from './agent.ts';
import { NeedsYou } from './needs/needs.tsx';
import { Facts } from './now/facts.tsx';
import type { Headline } from './now/headline.ts';
import { Hero } from './now/hero.tsx';
import { GoodToKnow } from './now/notices.tsx';
import { Throughput } from './now/throughput.tsx';
import { Tills } from './now/tills.tsx';
import { followHeadline, followOutside } from './now/top.ts';
import { Recent } from './receipts/recent.tsx';
import { SetAside } from './set-aside/set-aside.tsx';
import { takeToken } from './token.ts';
import { TryFile } from './try/try.tsx';
import '../kit/tokens.css';
import '../kit/base.css';
import './store.css';
import './needs/needs.css';
import './now/now.css';
import './receipts/receipts.css';
import './set-aside/set-aside.css';
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

type StoreProps = { agent: Agent; now: Now; top: ReadonlySignal<Headline>; spoken: ReadonlySignal<string> };

function Store({ agent, now, top, spoken }: StoreProps): JSX.Element {
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
            <NeedsYou agent={agent} state={state} />
            <Facts state={state} now={now} />
            <div class="columns">
              <div class="column">
                <Throughput agent={agent} />
                <Tills state={state} />
              </div>
              <Recent agent={agent} />
            </div>
            <SetAside agent={agent} count={setAside} />
            <TryFile token={token} />
            <GoodToKnow state={state} />
          </>
        )}
      </main>
    </>
  );
}

const token = takeToken(window);
const agent = connectAgent(token);
const now = ticking(() => Date.now() + agent.offsetMs.peek());
const host = document.getElementById('app');
const top = followHeadline(agent, now);
const spoken = followOutside(agent, top);
if (host !== null) render(<Store agent={agent} now={now} top={top} spoken={spoken} />, host);
