// Why a shelf reads what it does: its documents in order, each with what became of it. Read when somebody opens it.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { formatQuantity } from '../../../core/amounts.ts';
import type { ShelfStep, ShelfStory } from '../../../protocol/local/exceptions.ts';
import { Icon } from '../../kit/icons.tsx';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';

const say = words.history;

const nameOf = ({ kind, number, workstation, name }: ShelfStep): string =>
  kind === null || number === null
    ? say.decision(name)
    : words.needs.document(words.recent.kinds[kind], number, workstation ?? '');

function Steps({ story, nowMs }: { story: ShelfStory; nowMs: number }): JSX.Element {
  return (
    <>
      <ol>
        {story.steps.map((step) => (
          <li key={step.name}>
            <time dateTime={new Date(step.atMs).toISOString()}>{say.when(step.atMs, nowMs)}</time>
            <p>
              <strong>{nameOf(step)}.</strong> {step.sentence} {say.onHand(formatQuantity(step.onHand))}
            </p>
          </li>
        ))}
      </ol>
      {story.readings.map(({ without, onHand }) => {
        const left = story.steps.find(({ name }) => name === without);
        return <p key={without}>{say.without(left === undefined ? without : nameOf(left), formatQuantity(onHand))}</p>;
      })}
    </>
  );
}

type HistoryProps = { agent: Pick<Agent, 'ask'>; sku: string; nowMs: number };

export function ShelfHistory({ agent, sku, nowMs }: HistoryProps): JSX.Element {
  const story = useSignal<ShelfStory | null | undefined>(undefined);
  const read = async (isOpen: boolean): Promise<void> => {
    if (isOpen) story.value = await agent.ask((client, signal) => client.stock.explain({ sku }, { signal }));
  };
  const told = story.value;
  return (
    <details class="shelf-history" onToggle={(event) => void read(event.currentTarget.open)}>
      <summary>
        <Icon name="chevron" />
        {words.needs.why(sku)}
      </summary>
      {told === null && <p>{say.nothing}</p>}
      {told !== null && told !== undefined && <Steps story={told} nowMs={nowMs} />}
    </details>
  );
}
