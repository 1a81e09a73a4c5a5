// Which counts go on and which are finished, and the beginning of another one.
import { useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import type { SheetHead, Sheets } from '../../../protocol/local/rooms/count.ts';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';
import { linkTo } from '../place.ts';
import { Begin } from './begin.tsx';

const say = words.count.list;

type TableProps = { heads: SheetHead[]; caption: string; nowMs: number };

function Row({ head, nowMs }: { head: SheetHead; nowMs: number }): JSX.Element {
  const isKept = head.state === 'kept';
  const act = isKept ? say.see : say.go;
  const atMs = isKept ? (head.finishedMs ?? head.begunMs) : head.begunMs;
  return (
    <tr>
      <th scope="row" class="count-area">
        {head.area}
      </th>
      <td>
        <time dateTime={new Date(atMs).toISOString()}>{say.when(atMs, nowMs)}</time>
      </td>
      <td class="count-who">{head.counters.map(({ counter }) => counter).join(', ')}</td>
      <td class="number">{head.articles}</td>
      <td class="number">{words.count.units(head.units)}</td>
      <td>
        <a href={linkTo('count', head.sheet)} aria-label={say.aria(act, head.area)}>
          {act}
        </a>
      </td>
    </tr>
  );
}

function SheetTable({ heads, caption, nowMs }: TableProps): JSX.Element {
  const isKept = heads[0]?.state === 'kept';
  return (
    <table class="table">
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{say.columns.area}</th>
          <th scope="col">{isKept ? say.columns.finished : say.columns.begun}</th>
          <th scope="col">{say.columns.people}</th>
          <th scope="col" class="number">
            {say.columns.articles}
          </th>
          <th scope="col" class="number">
            {say.columns.units}
          </th>
          <td />
        </tr>
      </thead>
      <tbody>
        {heads.map((head) => (
          <Row key={head.sheet} head={head} nowMs={nowMs} />
        ))}
      </tbody>
    </table>
  );
}

export function CountList({ agent, nowMs }: { agent: Agent; nowMs: number }): JSX.Element {
  const sheets = useSignal<Sheets | null>(null);
  useSignalEffect(() => {
    if (agent.snapshot.value === null || agent.connection.value !== 'open') return;
    void agent
      .ask((client, signal) => client.count.sheets(undefined, { signal }))
      .then((told) => {
        if (told !== null) sheets.value = told;
      });
  });
  const told = sheets.value;
  return (
    <div class="columns count-columns">
      <Begin agent={agent} />
      <div class="column count-lists">
        {told?.trouble != null && (
          <p class="card count-trouble" role="alert">
            {told.trouble}
          </p>
        )}
        <section class="card">
          <h2>{say.open}</h2>
          {told !== null && told.open.length === 0 && <p class="empty">{say.none}</p>}
          {told !== null && told.open.length > 0 && <SheetTable heads={told.open} caption={say.open} nowMs={nowMs} />}
        </section>
        <section class="card">
          <h2>{say.kept}</h2>
          {told !== null && told.kept.length === 0 && <p class="empty">{say.noneKept}</p>}
          {told !== null && told.kept.length > 0 && <SheetTable heads={told.kept} caption={say.kept} nowMs={nowMs} />}
        </section>
      </div>
    </div>
  );
}
