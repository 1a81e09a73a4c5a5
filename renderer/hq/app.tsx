// Head office's page: which stores need somebody, worst first, live; and one store with what can be done about it.
import { useSignal, useSignalEffect } from '@preact/signals';
import { type JSX, render } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { WhoAmI } from '../../protocol/hq/accounts.ts';
import { Mark } from '../kit/icons.tsx';
import { NOW } from '../kit/language.ts';
import { ticking } from '../kit/ticker.ts';
import { Fleet } from './fleet.tsx';
import { followFleet, type Live } from './live.ts';
import { followStore } from './place.ts';
import type { Wish } from './sight.ts';
import { SignIn } from './sign-in.tsx';
import { Store } from './store.tsx';
import { openSession, type Session } from './who.ts';
import { words } from './words.ts';
import '../kit/tokens.css';
import '../kit/base.css';
import '../kit/virtual-table.css';
import '../store/store.css';
import '../store/now/now.css';
import './hq.css';
import './store.css';

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

/** Of one person: whoever signs in after them begins anew. */
function Stores({ session, who }: { session: Session; who: WhoAmI }): JSX.Element {
  const live: Live = useMemo(() => followFleet(session.central), [session]);
  useEffect(() => live.stop, [live]);
  const now = useMemo(() => ticking(() => Date.now() + live.offsetMs.peek()), [live]);
  // Whoever comes back from a store finds the list as it was left.
  const wish = useSignal<Wish>({ text: '', only: null, order: 'worst' });
  const store = place.value;
  if (store !== null) return <Store key={store} id={store} live={live} now={now} session={session} who={who} />;
  return <Fleet live={live} now={now} central={session.central} wish={wish} />;
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
      <main tabIndex={-1}>
        {who === null ? <SignIn session={session} /> : <Stores key={who.account} session={session} who={who} />}
      </main>
    </>
  );
}

document.documentElement.lang = NOW.language;
const place = followStore(window);
const host = document.getElementById('app');
if (host !== null) render(<Page session={openSession(sessionStorage)} />, host);
