// How the stores are spread: by state, by age, by what waits. Each part shows only its own stores when it is pressed.
import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { number } from '../kit/format.ts';
import type { Only, Spread, Wish } from './sight.ts';
import { toneOf } from './tone.ts';
import { words } from './words.ts';

const say = words.overview;

type Choice = { only: Only; name: string; count: number };
type ChoiceProps = { wish: Signal<Wish>; choice: Choice };

const isSame = (a: Only | null, b: Only): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Pressed once more it shows all again. */
function choose(wish: Signal<Wish>, only: Only): void {
  wish.value = { ...wish.value, only: isSame(wish.value.only, only) ? null : only };
}

function Chip({ wish, choice: { only, name, count } }: ChoiceProps): JSX.Element {
  const tone = only.by === 'state' ? toneOf(only.is) : only.by === 'needs' ? 'stop' : undefined;
  return (
    <button
      type="button"
      class="chip-choice"
      data-tone={tone}
      aria-pressed={isSame(wish.value.only, only)}
      onClick={() => choose(wish, only)}
    >
      <strong>{number(count)}</strong> {name}
      <span class="unseen">. {say.show}</span>
    </button>
  );
}

/** A bar is as high as its share of the highest one; one store among thousands is still seen. */
function Bars({ label, wish, choices }: { label: string; wish: Signal<Wish>; choices: Choice[] }): JSX.Element {
  const highest = Math.max(1, ...choices.map(({ count }) => count));
  return (
    <fieldset class="bars">
      <legend>{label}</legend>
      <ul>
        {choices.map(({ only, name, count }) => (
          <li key={name}>
            <button
              type="button"
              aria-pressed={isSame(wish.value.only, only)}
              disabled={count === 0}
              onClick={() => choose(wish, only)}
            >
              <span class="bar-count">{count === 0 ? '' : number(count)}</span>
              <span class="bar" style={{ height: count === 0 ? '1px' : `${0.25 + (2.5 * count) / highest}rem` }} />
              <span class="bar-name">{name}</span>
              <span class="unseen">. {say.show}</span>
            </button>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

export function Overview({ spread, wish }: { spread: Spread; wish: Signal<Wish> }): JSX.Element {
  const states = spread.states.map(
    ([state, count]): Choice => ({ only: { by: 'state', is: state }, name: words.states[state], count }),
  );
  const needs: Choice[] = spread.needs === 0 ? [] : [{ only: { by: 'needs' }, name: say.needs, count: spread.needs }];
  return (
    <section class="card overview" aria-label={say.label}>
      <fieldset class="chips">
        <legend>{say.states}</legend>
        {[...needs, ...states].map((choice) => (
          <Chip key={choice.name} wish={wish} choice={choice} />
        ))}
      </fieldset>
      <Bars
        label={say.heard}
        wish={wish}
        choices={spread.heard.map(([is, count]) => ({ only: { by: 'heard', is }, name: say.heardIn[is], count }))}
      />
      <Bars
        label={say.waiting}
        wish={wish}
        choices={spread.waiting.map(([is, count]) => ({ only: { by: 'waiting', is }, name: say.waitingOf[is], count }))}
      />
    </section>
  );
}
