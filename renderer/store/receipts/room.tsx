// The receipts room: search, list, and beside it the life of the receipt that was asked for.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';
import type { RoomProps } from '../rooms.tsx';
import { Find } from './find.tsx';
import { openFinder } from './found.ts';
import { Life } from './life.tsx';
import { List, type ListWords } from './list.tsx';
import type { Place } from './rows.ts';

const ALL: ListWords = {
  ...{ caption: words.recent.caption, empty: words.recent.empty },
  ...{ open: words.recent.loading, end: words.recent.end, bound: words.recent.bound },
};
const FOUND: ListWords = {
  ...{ caption: words.find.caption, empty: words.find.none },
  ...{ open: words.recent.loading, end: words.find.end, bound: words.recent.bound },
};

/** "1:55": an entry; anything else behind the room's name is a receipt number. */
function placeIn(rest: string): Place | null {
  const [, epoch, seq] = /^(\d{1,4}):(\d{1,12})$/.exec(rest) ?? [];
  return epoch === undefined || seq === undefined ? null : { epoch: Number(epoch), seq: Number(seq) };
}

/** Of a number that only one document has, where it lies. */
async function onlyOne(agent: Agent, number: string): Promise<Place | null> {
  const rows = await agent.ask((client, signal) => client.receipts.numbered({ number }, { signal }));
  const [row] = rows ?? [];
  return row === undefined || rows?.length !== 1 ? null : { epoch: row.epoch, seq: row.seq };
}

export function ReceiptsRoom({ agent, state, now, rest }: RoomProps): JSX.Element {
  const finder = useMemo(() => openFinder(agent), [agent]);
  const typed = useSignal('');
  const place = useSignal<Place | null>(null);
  useEffect(() => {
    const named = placeIn(rest);
    place.value = named;
    if (named !== null || rest === '') return;
    typed.value = rest;
    let isLeft = false;
    void onlyOne(agent, rest).then((one) => {
      if (!isLeft) place.value = one;
    });
    return () => {
      isLeft = true;
    };
  }, [agent, rest]);
  const { list, id, query, notes } = finder.found.value;
  const open = place.value;
  const told = query === null ? ALL : notes.value.isBound ? { ...FOUND, end: words.find.bound } : FOUND;
  return (
    <div class={open === null ? 'receipts-room' : 'receipts-room with-life'}>
      <section class="card recent" aria-labelledby="recent-heading">
        <h2 id="recent-heading">{words.recent.heading}</h2>
        <Find
          finder={finder}
          typed={typed}
          tills={state.tills.map(({ workstation }) => workstation)}
          nowMs={() => now.peek()}
        />
        <List key={id} agent={agent} list={list} told={told} shown={open === null ? '' : `${open.epoch}:${open.seq}`} />
      </section>
      {open !== null && <Life key={`${open.epoch}:${open.seq}`} agent={agent} place={open} state={state} />}
    </div>
  );
}
