// Head office's page: which stores need somebody, live; one store with what can be done about it; configuration on its way.
import { useSignal, useSignalEffect } from '@preact/signals';
import { type JSX, render } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { WhoAmI } from '../../protocol/hq/accounts.ts';
import { Mark } from '../kit/icons.tsx';
import { NOW } from '../kit/language.ts';
import { ticking } from '../kit/ticker.ts';
import { ConfigurationPage } from './configuration/page.tsx';
import { Revision } from './configuration/revision.tsx';
import { StoreConfiguration } from './configuration/store.tsx';
import { Fleet } from './fleet.tsx';
import { followFleet, type Live } from './live.ts';
import { CONFIGURATION, followPlace, LIST } from './place.ts';
import { Rollout } from './rollouts/rollout.tsx';
import type { Wish } from './sight.ts';
import { SignIn } from './sign-in.tsx';
import { Store } from './store.tsx';
import { Try } from './tries/try.tsx';
import { openSession, type Session } from './who.ts';
import { words } from './words.ts';
import '../kit/tokens.css';
import '../kit/base.css';
import '../kit/virtual-table.css';
import '../store/store.css';
import '../store/now/now.css';
import './hq.css';
import './store.css';
import './configuration/configuration.css';

const say = words.session;

function Banner({ who, session }: { who: WhoAmI | null; session: Session }): JSX.Element {
  return (
    <header class="banner">
      <p class="product">
        <Mark />
        Tillwire
      </p>
      <p class="store-name">{words.place}</p>
      {who !== null && (
        <p class="trading-day account">
          {say.as(who.account)}
          {who.accounts && (
            <button type="button" onClick={session.signOut}>
              {say.signOut}
            </button>
          )}
        </p>
      )}
    </header>
  );
}

/** The two halves of the page; whoever may see one store only finds no more than it anyway. */
function Ways(): JSX.Element {
  const { at } = place.value;
  const isStores = at === 'stores' || at === 'store' || at === 'store-configuration';
  return (
    <nav class="ways" aria-label={words.ways.label}>
      <ul>
        <li>
          <a href={LIST} aria-current={isStores ? 'page' : undefined}>
            {words.ways.stores}
          </a>
        </li>
        <li>
          <a href={CONFIGURATION} aria-current={isStores ? undefined : 'page'}>
            {words.ways.configuration}
          </a>
        </li>
      </ul>
    </nav>
  );
}

/** Of one person: whoever signs in after them begins anew. */
function Places({ session, who }: { session: Session; who: WhoAmI }): JSX.Element {
  const live: Live = useMemo(() => followFleet(session.central), [session]);
  useEffect(() => live.stop, [live]);
  const now = useMemo(() => ticking(() => Date.now() + live.offsetMs.peek()), [live]);
  // Whoever comes back from a store finds the list as it was left.
  const wish = useSignal<Wish>({ text: '', only: null, order: 'worst' });
  const here = place.value;
  const { central } = session;
  switch (here.at) {
    case 'stores':
      return <Fleet live={live} now={now} central={central} wish={wish} />;
    case 'store':
      return <Store key={here.store} id={here.store} live={live} now={now} session={session} who={who} />;
    case 'store-configuration':
      return <StoreConfiguration key={here.store} store={here.store} central={central} now={now} />;
    case 'configuration':
      return <ConfigurationPage central={central} now={now} />;
    case 'rollout':
      return <Rollout key={here.id} id={here.id} central={central} who={who} now={now} />;
    case 'try':
      return <Try key={here.id} id={here.id} central={central} now={now} />;
    case 'revision':
      return <Revision key={here.revision} revision={here.revision} central={central} now={now} />;
  }
}

function Page({ session }: { session: Session }): JSX.Element {
  const standing = session.standing.value;
  const who = standing.at === 'in' ? standing.who : null;
  const isFirst = useSignal(true);
  useSignalEffect(() => {
    void place.value;
    // Whoever goes to another page by keyboard goes on from its beginning.
    if (!isFirst.peek()) document.querySelector('main')?.focus();
    isFirst.value = false;
  });
  return (
    <>
      <Banner who={who} session={session} />
      {who !== null && <Ways />}
      <main tabIndex={-1}>
        {who === null ? <SignIn session={session} /> : <Places key={who.account} session={session} who={who} />}
      </main>
    </>
  );
}

document.documentElement.lang = NOW.language;
const place = followPlace(window);
const host = document.getElementById('app');
if (host !== null) render(<Page session={openSession(sessionStorage)} />, host);
