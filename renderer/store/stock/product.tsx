// What head office says of one article, who decides on it, and what this store would have otherwise.
import { type Signal, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX, TargetedSubmitEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { ATTRIBUTE_TEXT_LENGTH_MAX } from '../../../core/limits/catalogue.ts';
import type { OwnProposal, ProductCard, ProductValue } from '../../../protocol/local/rooms/stock.ts';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';
import { bookMark } from '../changed.ts';
import { decidesOn, isProposable, nameOfValue, readValue, shownValue, shownValues } from './product-values.ts';

const say = words.product;

type Asked = { value: ProductValue; isOurs: boolean; send: (typed: string) => Promise<void>; cancel: () => void };

function Form({ value, isOurs, send, cancel }: Asked): JSX.Element {
  const first = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => first.current?.select(), []);
  const what = nameOfValue(value.attribute);
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    void send(first.current?.value ?? '');
  };
  return (
    <form
      class="product-form"
      aria-label={say.proposing(what)}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Escape') cancel();
      }}
    >
      <label>
        {say.other(what)}
        <input
          ref={first}
          maxLength={ATTRIBUTE_TEXT_LENGTH_MAX}
          autoComplete="off"
          defaultValue={shownValue(value.attribute, value.value, 'typed')}
        />
      </label>
      <p class="quiet">{isOurs ? say.hintHere : say.hint}</p>
      <div class="buttons">
        <button type="submit" class="primary">
          {isOurs ? say.keep : say.send}
        </button>
        <button type="button" onClick={cancel}>
          {say.cancel}
        </button>
      </div>
    </form>
  );
}

type Propose = (value: ProductValue, typed: string) => Promise<void>;
type ValuesProps = { store: string; values: ProductValue[]; open: Signal<string | null>; propose: Propose };

function Values({ store, values, open, propose }: ValuesProps): JSX.Element {
  return (
    <dl class="product-values">
      {shownValues(values).map((value) => {
        const { attribute, decides } = value;
        const isOurs = decides.kind === 'store' && decides.id === store;
        const what = nameOfValue(attribute);
        return (
          <div key={attribute}>
            <dt class="product-what">{what}</dt>
            <dd class="product-value">
              <strong>{shownValue(attribute, value.value)}</strong>{' '}
              <span class="quiet">{decidesOn(decides, store)}</span>
              {open.value === attribute ? (
                <div class="product-asking">
                  <Form
                    {...{ value, isOurs }}
                    send={(typed) => propose(value, typed)}
                    cancel={() => {
                      open.value = null;
                    }}
                  />
                </div>
              ) : (
                isProposable(attribute) && (
                  <button
                    type="button"
                    aria-label={`${isOurs ? say.change : say.propose}: ${what}`}
                    onClick={() => {
                      open.value = attribute;
                    }}
                  >
                    {isOurs ? say.change : say.propose}
                  </button>
                )
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function Proposals({ proposals, nowMs }: { proposals: OwnProposal[]; nowMs: number }): JSX.Element | null {
  if (proposals.length === 0) return null;
  return (
    <>
      <h3>{say.proposals}</h3>
      <ul class="plain-list">
        {proposals.map(({ id, attribute, value, atMs, outcome }) => (
          <li key={id}>
            {say.proposal(nameOfValue(attribute), shownValue(attribute, value), atMs, nowMs)}.{' '}
            <strong>{say.outcomes[outcome ?? 'waiting']}</strong>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Null where no catalogue is here; asked for again when something changed. */
function useProduct(agent: Agent, sku: string) {
  const card = useSignal<ProductCard | null>(null);
  const last = useRef('');
  const read = async (): Promise<void> => {
    card.value = (await agent.ask((client, signal) => client.stock.product({ sku }, { signal }))) ?? card.value;
  };
  useSignalEffect(() => {
    const state = agent.snapshot.value;
    if (agent.connection.value !== 'open' || state === null || bookMark(state) === last.current) return;
    last.current = bookMark(state);
    void read();
  });
  return { card, read };
}

export function Product({ agent, sku, nowMs }: { agent: Agent; sku: string; nowMs: number }): JSX.Element | null {
  const { card, read } = useProduct(agent, sku);
  const open = useSignal<string | null>(null);
  const told = useSignal('');
  const status = useRef<HTMLParagraphElement>(null);
  const store = agent.snapshot.value?.store ?? '';

  async function propose({ attribute, version: basedOn, value: now }: ProductValue, typed: string): Promise<void> {
    const value = readValue(attribute, typed);
    if (typeof value === 'object') told.value = value.problem;
    else if (value === now) told.value = say.same;
    else {
      const id = `p-${crypto.randomUUID()}`;
      const asked = { id, sku, attribute, value, basedOn };
      const kept = await agent.ask((client, signal) => client.stock.propose(asked, { signal }));
      told.value = kept === null ? say.failed : kept === 'full' ? say.full : say.noted;
      if (kept === 'kept') open.value = null;
      await read();
    }
    // The button that was pressed may be gone: whoever works by keyboard goes on from what was said.
    status.current?.focus();
  }

  if (card.value === null) return null;
  const { values, proposals } = card.value;
  return (
    <section class="card head-office" aria-labelledby="product-heading">
      <h2 id="product-heading">{say.heading}</h2>
      {values === null ? <p>{say.unlisted}</p> : <Values {...{ store, values, open }} propose={propose} />}
      <p ref={status} role="status" tabIndex={-1}>
        {told.value}
      </p>
      <Proposals proposals={proposals} nowMs={nowMs} />
    </section>
  );
}
