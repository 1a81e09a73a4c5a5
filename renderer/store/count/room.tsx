// The count room: the list of counts, one of them to write on, the look before it is kept, and the sheet for paper.
import { useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';
import { linkTo } from '../place.ts';
import type { RoomProps } from '../rooms.tsx';
import { Check } from './check.tsx';
import { Counting } from './counting.tsx';
import { Done } from './done.tsx';
import { CountList } from './list.tsx';
import { Paper } from './paper.tsx';
import { openSheet, type Sheet } from './sheet.ts';

const say = words.count;
const SHEET = /^[0-9A-Z]{8}$/;

/** Sheets that this window wrote on: what is not written yet outlives a look at another room. */
const sheets = new WeakMap<Agent, Map<string, Sheet>>();

function sheetOf(agent: Agent, id: string): Sheet {
  const known = sheets.get(agent) ?? new Map<string, Sheet>();
  sheets.set(agent, known);
  const sheet = known.get(id) ?? openSheet(agent, id);
  known.set(id, sheet);
  return sheet;
}

export type SheetProps = { agent: Agent; sheet: Sheet; nowMs: number };

function OneSheet({ agent, id, page, nowMs }: { agent: Agent; id: string; page: string; nowMs: number }): JSX.Element {
  const sheet = useMemo(() => sheetOf(agent, id), [agent, id]);
  useSignalEffect(() => {
    // Whenever anything changed on this PC, perhaps this sheet did.
    if (agent.snapshot.value !== null && agent.connection.value === 'open') void sheet.follow();
  });
  useEffect(() => {
    // What is not written yet would go with the page.
    const warn = (event: BeforeUnloadEvent): void => {
      if (sheet.waiting.value > 0) event.preventDefault();
    };
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [sheet]);
  const head = sheet.head.value;
  if (head === undefined) return <p class="quiet">{words.headline.opening}</p>;
  if (head === null) {
    return (
      <section class="card count-gone">
        <p>{say.acts.gone}</p>
        <p>
          <a href={linkTo('count')}>{say.acts.all}</a>
        </p>
      </section>
    );
  }
  const props = { agent, sheet, nowMs };
  if (page === 'paper' || page === 'print') return <Paper {...props} head={head} isFilled={page === 'print'} />;
  if (head.state === 'kept') return <Done {...props} head={head} />;
  return page === 'check' ? <Check {...props} head={head} /> : <Counting {...props} head={head} />;
}

export function CountRoom({ agent, state, rest }: RoomProps): JSX.Element {
  const [id = '', page = ''] = rest.split('/');
  if (!SHEET.test(id)) return <CountList agent={agent} nowMs={state.nowMs} />;
  return <OneSheet key={id} agent={agent} id={id} page={page} nowMs={state.nowMs} />;
}
