// Keeps the headline true, and with it the tab's title and icon and what a screen reader is told.
import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { showFavicon } from '../../kit/favicon.ts';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';
import { type Backlog, nextBacklog } from './backlog.ts';
import { type Headline, headline } from './headline.ts';

/** `now` by the agent's clock. Lives as long as the page. */
export function followHeadline(agent: Agent, now: ReadonlySignal<number>): ReadonlySignal<Headline> {
  const backlog = signal<Backlog | null>(null);
  effect(() => {
    const state = agent.snapshot.value;
    if (state !== null) backlog.value = nextBacklog(backlog.peek(), state);
  });
  return computed(() =>
    headline({
      connection: agent.connection.value,
      connectionSinceMs: agent.connectionSinceMs.value + agent.offsetMs.value,
      trouble: agent.trouble.value,
      snapshot: agent.snapshot.value,
      nowMs: now.value,
      backlog: backlog.value,
    }),
  );
}

/** Title and icon of the tab. Returns one line to be spoken whenever the state changes, never for each single sale. */
export function followOutside(agent: Agent, top: ReadonlySignal<Headline>): ReadonlySignal<string> {
  const sign = computed(() => top.value.sign);
  const spoken = signal('');
  effect(() => {
    const store = agent.snapshot.value?.store;
    document.title = store === undefined ? 'Tillwire' : words.title(top.value.sentence, words.store(store));
  });
  effect(() => showFavicon(sign.value));
  effect(() => {
    void sign.value;
    const { todo, sentence } = top.peek();
    spoken.value = todo === null ? sentence : `${sentence}. ${todo}`;
  });
  return spoken;
}
