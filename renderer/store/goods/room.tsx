// The room of deliveries: what is to be received and sent, what is begun, and one document while it is typed.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { GoodsDraft } from '../../../protocol/local/rooms/goods.ts';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';
import { linkTo } from '../place.ts';
import type { RoomProps } from '../rooms.tsx';
import { DraftPage } from './draft.tsx';
import { GoodsHome } from './home.tsx';

const say = words.goods;

/** Null where it is finished or thrown away, undefined while nobody has answered yet. */
function useDraft(agent: Agent, id: string): GoodsDraft | null | undefined {
  const draft = useSignal<GoodsDraft | null | undefined>(undefined);
  const isOpen = agent.connection.value === 'open';
  useEffect(() => {
    if (!isOpen || draft.peek() !== undefined) return;
    void agent
      .ask(async (client, signal) => ({ found: await client.goods.draft({ id }, { signal }) }))
      .then((told) => {
        if (told !== null) draft.value = told.found;
      });
  }, [isOpen]);
  return draft.value;
}

function OneDraft({ agent, id, store }: { agent: Agent; id: string; store: string }): JSX.Element {
  const draft = useDraft(agent, id);
  if (draft === undefined) return <p class="card">{say.loading}</p>;
  if (draft !== null) return <DraftPage agent={agent} draft={draft} store={store} />;
  return (
    <section class="card">
      <p>
        <a href={linkTo('goods')}>{say.back}</a>
      </p>
      <p>{say.gone}</p>
    </section>
  );
}

export function GoodsRoom({ agent, state, now, rest }: RoomProps): JSX.Element {
  if (rest !== '') return <OneDraft key={rest} agent={agent} id={rest} store={state.store} />;
  return <GoodsHome agent={agent} now={now} />;
}
