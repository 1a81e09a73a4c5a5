// One dry run: would anything be lost, in which stores, which documents, and what it would change in sending.
import type { ReadonlySignal } from '@preact/signals';
import { useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { TryRow, TryStory } from '../../../protocol/hq/tries.ts';
import { showFavicon } from '../../kit/favicon.ts';
import { StateSign } from '../../kit/icons.tsx';
import { type Asked, askAnew } from '../asked.ts';
import type { Central } from '../central.ts';
import { CONFIGURATION } from '../place.ts';
import { words } from '../words.ts';
import { wholeTry } from './ask.ts';
import { LOOKS, type Outcome, outcomeOf, verdictOf } from './outcome.ts';
import { Examples, Problems, Silent, StoreTable } from './parts.tsx';

const say = words.tries;
const LOOK_MS = 5_000;

function sentenceOf(row: TryRow, { all, hurt }: Outcome, verdict: ReturnType<typeof verdictOf>): string {
  if (verdict === 'hurts') return all.lost > 0 ? say.hurts(all.lost, all.documents, hurt) : say.unread;
  if (verdict === 'fine') return say.fine(all.documents);
  return verdict === 'waiting' ? say.waiting(row.told, row.stores) : say.silent(row.told, row.stores);
}

type TryProps = { id: string; central: Central; now: ReadonlySignal<number> };

export function Try({ id, central, now }: TryProps): JSX.Element {
  const asked = useMemo(() => askAnew(() => wholeTry(central, id), LOOK_MS), [central, id]);
  useEffect(() => asked.stop, [asked]);
  const story = asked.value.value;
  const outcome = useMemo(() => (story === null ? null : outcomeOf(story.stores)), [story]);
  useSignalEffect(() => {
    const told = asked.value.value;
    if (told === null) return;
    document.title = words.title(say.name(told.row.revision, told.row.title));
    showFavicon(LOOKS[verdictOf(told.row, outcomeOf(told.stores))].sign);
  });
  return (
    <div class="one-store">
      <p>
        <a href={CONFIGURATION}>{words.configuration.back}</a>
      </p>
      <Head asked={asked} outcome={outcome} now={now.value} />
      {outcome !== null && (
        <>
          <StoreTable stores={outcome.stores} ways={outcome.ways} />
          <Problems problems={outcome.problems} />
          <Examples examples={outcome.examples} />
          <Silent stores={outcome.silent} />
        </>
      )}
    </div>
  );
}

type HeadProps = { asked: Asked<TryStory>; outcome: Outcome | null; now: number };

function Head({ asked, outcome, now }: HeadProps): JSX.Element {
  const story = asked.value.value;
  const declined = asked.declined.value;
  if (story === null || outcome === null) {
    return (
      <section class="hero fleet-hero" data-tone="lost">
        <div class="hero-sign">
          <StateSign name="lost" />
        </div>
        <div class="hero-words">
          <h1>{say.one}</h1>
          <p role="status">{declined?.status === 404 ? say.unknown : words.headline.opening}</p>
        </div>
      </section>
    );
  }
  const { row } = story;
  const verdict = verdictOf(row, outcome);
  const { tone, sign } = LOOKS[verdict];
  return (
    <section class="hero fleet-hero" data-tone={tone} aria-labelledby="try-name">
      <div class="hero-sign">
        <StateSign name={sign} />
      </div>
      <div class="hero-words">
        <h1 id="try-name">{sentenceOf(row, outcome, verdict)}</h1>
        <p class="hero-todo">{say.name(row.revision, row.title)}</p>
        <p role="status">
          {say.about(row.query, row.days)} · {say.told(row.told, row.stores)}
        </p>
        <p class="hero-small">
          {say.asked(row.by, row.askedMs, now)} {say.nothingChanged}
        </p>
        {declined?.status === 0 && <p>{words.configuration.lostDetail}</p>}
      </div>
    </section>
  );
}
