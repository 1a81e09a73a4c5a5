// Begins a count: what is counted, who counts here, and what should be there.
import { type Signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { AREA_LENGTH_MAX, AREA_LIST_MAX, COUNTER_LENGTH_MAX } from '../../../core/limits/count.ts';
import { IDENTIFIER_LENGTH_MAX } from '../../../core/limits.ts';
import type { Expect } from '../../../protocol/local/rooms/count.ts';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';
import { linkTo } from '../place.ts';
import { counter, rememberCounter } from './counter.ts';
import { mintSheet } from './ids.ts';

const say = words.count.begin;
const WAYS = ['nothing', 'last-count', 'books', 'list'] as const;
type Way = Expect['from'];

type Form = { area: Signal<string>; way: Signal<Way>; prefix: Signal<string>; list: Signal<string> };

const listed = (text: string): string[] => [...new Set(text.split(/[\s,;]+/).filter((sku) => sku !== ''))];

function expectOf({ way, prefix, list }: Form): Expect {
  switch (way.value) {
    case 'books':
      return { from: 'books', prefix: prefix.value.trim() };
    case 'list':
      return { from: 'list', skus: listed(list.value) };
    default:
      return { from: way.value };
  }
}

export function CounterField(): JSX.Element {
  return (
    <label class="count-field">
      <span>{say.counter}</span>
      <input
        type="text"
        maxLength={COUNTER_LENGTH_MAX}
        autocomplete="off"
        value={counter.value}
        onInput={(event) => rememberCounter(event.currentTarget.value)}
      />
    </label>
  );
}

function Expected({ form }: { form: Form }): JSX.Element {
  return (
    <fieldset class="count-expect" aria-describedby="count-expect-hint">
      <legend>{say.expect}</legend>
      {WAYS.map((way) => (
        <label key={way} class="count-option">
          <input
            type="radio"
            name="count-expect"
            checked={form.way.value === way}
            onChange={() => {
              form.way.value = way;
            }}
          />
          <span>{say.expects[way]}</span>
        </label>
      ))}
      {form.way.value === 'books' && (
        <label class="count-field">
          <span>{say.prefix}</span>
          <input
            type="text"
            maxLength={AREA_LENGTH_MAX}
            autocomplete="off"
            aria-describedby="count-prefix-hint"
            value={form.prefix.value}
            onInput={(event) => {
              form.prefix.value = event.currentTarget.value;
            }}
          />
          <span id="count-prefix-hint" class="quiet">
            {say.prefixHint}
          </span>
        </label>
      )}
      {form.way.value === 'list' && (
        <label class="count-field">
          <span>{say.skus}</span>
          <textarea
            rows={5}
            spellcheck={false}
            value={form.list.value}
            onInput={(event) => {
              form.list.value = event.currentTarget.value;
            }}
          />
        </label>
      )}
      <p id="count-expect-hint" class="quiet">
        {say.expectHint}
      </p>
    </fieldset>
  );
}

export function Begin({ agent }: { agent: Agent }): JSX.Element {
  const form: Form = {
    area: useSignal(''),
    way: useSignal<Way>('nothing'),
    prefix: useSignal(''),
    list: useSignal(''),
  };
  const said = useSignal('');
  const isBusy = useSignal(false);
  // Pressed twice, or again after a silence, it is the same count.
  const sheet = useMemo(mintSheet, []);

  function problem(): string | null {
    if (form.area.value.trim() === '') return say.noArea;
    if (counter.value.trim() === '') return say.noCounter;
    if (form.way.value !== 'list') return null;
    const skus = listed(form.list.value);
    const odd = skus.find((sku) => sku.length > IDENTIFIER_LENGTH_MAX || !/^[^\p{C}|]+$/u.test(sku));
    if (odd !== undefined) return say.notAnArticle(odd.slice(0, IDENTIFIER_LENGTH_MAX));
    return skus.length > AREA_LIST_MAX ? say.tooLong(AREA_LIST_MAX) : null;
  }

  async function begin(): Promise<void> {
    said.value = problem() ?? '';
    if (said.value !== '' || isBusy.value) return;
    isBusy.value = true;
    const request = { sheet, area: form.area.value.trim(), expect: expectOf(form) };
    const answer = await agent.ask(async (client, signal) => ({
      head: await client.count.begin(request, { signal }),
    }));
    isBusy.value = false;
    if (answer === null) said.value = words.count.noAnswer;
    else if (answer.head === null) said.value = say.tooMany;
    else location.hash = linkTo('count', sheet);
  }

  return (
    <section class="card">
      <h2>{say.heading}</h2>
      <p class="quiet">{say.intro}</p>
      <form
        class="count-begin"
        onSubmit={(event) => {
          event.preventDefault();
          void begin();
        }}
      >
        <label class="count-field">
          <span>{say.area}</span>
          <input
            type="text"
            maxLength={AREA_LENGTH_MAX}
            autocomplete="off"
            aria-describedby="count-area-hint"
            value={form.area.value}
            onInput={(event) => {
              form.area.value = event.currentTarget.value;
            }}
          />
          <span id="count-area-hint" class="quiet">
            {say.areaHint}
          </span>
        </label>
        <CounterField />
        <Expected form={form} />
        <p>
          <button type="submit" class="primary" disabled={isBusy.value}>
            {say.start}
          </button>
        </p>
        <p role="status" class="count-said">
          {said.value}
        </p>
      </form>
    </section>
  );
}
