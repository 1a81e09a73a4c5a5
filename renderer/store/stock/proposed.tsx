// What others propose for articles that this store decides on: seen in the list of stock, answered at the article.
import { useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { ProposalAnswered, Proposed } from '../../../protocol/local/rooms/stock.ts';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';
import { bookMark } from '../changed.ts';
import { linkTo } from '../place.ts';
import { nameOfValue, shownValue } from './product-values.ts';

const say = words.proposed;
/** Articles that are named; the others are found behind these. */
const NAMED = 5;

/** Asked for again when their number changed, or something else here did. */
function useProposed(agent: Agent) {
  const proposed = useSignal<Proposed[]>([]);
  const last = useRef('');
  const read = async (): Promise<void> => {
    proposed.value = (await agent.ask((client, signal) => client.stock.proposed(undefined, { signal }))) ?? [];
  };
  useSignalEffect(() => {
    const state = agent.snapshot.value;
    if (agent.connection.value !== 'open' || state === null) return;
    const count = state.catalogue?.proposed ?? 0;
    const mark = `${count}/${bookMark(state)}`;
    if (mark === last.current) return;
    last.current = mark;
    if (count > 0 || proposed.peek().length > 0) void read();
  });
  return { proposed, read };
}

/** One line for each article, until all are answered. */
export function ProposedList({ agent }: { agent: Agent }): JSX.Element | null {
  const { proposed } = useProposed(agent);
  const names = new Map(proposed.value.map(({ sku, name }) => [sku, name ?? sku]));
  if (names.size === 0) return null;
  const shown = [...names].slice(0, NAMED);
  return (
    <p class="proposed-list">
      {say.waiting(names.size)}{' '}
      {shown.map(([sku, name], index) => (
        <span key={sku}>
          <a href={linkTo('stock', sku)}>{name}</a>
          {index < shown.length - 1 && ', '}
        </span>
      ))}
    </p>
  );
}

type ItemProps = { proposal: Proposed; answer: (proposal: Proposed, accept: boolean) => Promise<void> };

function Item({ proposal, answer }: ItemProps): JSX.Element {
  const { attribute, value, by, now } = proposal;
  const what = nameOfValue(attribute);
  const wanted = shownValue(attribute, value);
  const who = by.kind === 'head-office' ? say.headOffice : by.kind === 'store' ? say.store(by.id) : say.region(by.id);
  return (
    <li class="proposed">
      {say.item(who, what, wanted, shownValue(attribute, now))}
      <div class="buttons">
        <button type="button" aria-label={say.acceptOf(what, wanted)} onClick={() => void answer(proposal, true)}>
          {say.accept}
        </button>
        <button type="button" aria-label={say.rejectOf(what, wanted)} onClick={() => void answer(proposal, false)}>
          {say.reject}
        </button>
      </div>
    </li>
  );
}

const TOLD: Record<ProposalAnswered, string> = { done: say.done, changed: say.changed, unreached: say.unreached };

export function ProposedHere({ agent, sku }: { agent: Agent; sku: string }): JSX.Element | null {
  const { proposed, read } = useProposed(agent);
  const told = useSignal('');
  const status = useRef<HTMLParagraphElement>(null);
  const here = proposed.value.filter((one) => one.sku === sku);

  async function answer({ id, version }: Proposed, accept: boolean): Promise<void> {
    const wish = { proposal: id, accept, basedOn: version };
    const answered = await agent.ask((client, signal) => client.stock.answer(wish, { signal }));
    told.value = TOLD[answered ?? 'unreached'];
    await read();
    // The button that was pressed may be gone: whoever works by keyboard goes on from what was said.
    status.current?.focus();
  }

  if (here.length === 0 && told.value === '') return null;
  return (
    <section class="card head-office" aria-labelledby="proposed-heading">
      <h2 id="proposed-heading">{say.heading}</h2>
      <p ref={status} role="status" tabIndex={-1}>
        {told.value}
      </p>
      <ul class="plain-list">
        {here.map((proposal) => (
          <Item key={proposal.id} proposal={proposal} answer={answer} />
        ))}
      </ul>
    </section>
  );
}
