// What became of a count that is kept, article by article, in words.
import { useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { PartOutcome, SheetHead } from '../../../protocol/local/rooms/count.ts';
import { moment } from '../../kit/format.ts';
import { words } from '../../kit/words.ts';
import { linkTo } from '../place.ts';
import type { SheetProps } from './room.tsx';

const say = words.count.done;
const SHOWN_MAX = 500;

export function Done({ agent, sheet, nowMs, head }: SheetProps & { head: SheetHead }): JSX.Element {
  const parts = useSignal<PartOutcome[] | null | undefined>(undefined);
  const turn = useRef(0);
  async function read(): Promise<void> {
    const mine = ++turn.current;
    const told: PartOutcome[] = [];
    for (let part = 0, many = 1; part < many; part++) {
      const one = await agent.ask(async (client, signal) => ({
        outcome: await client.count.outcomes({ sheet: sheet.id, part }, { signal }),
      }));
      if (one === null || mine !== turn.current) return;
      if (one.outcome === null) {
        parts.value = null;
        return;
      }
      told.push(one.outcome);
      many = one.outcome.parts;
    }
    parts.value = told;
  }
  const shown = useRef('');
  useSignalEffect(() => {
    const state = agent.snapshot.value;
    // An outcome is told anew when head office has confirmed more, until it has confirmed this.
    const key = `${agent.connection.value} ${state?.settled}`;
    const isFinal = parts.peek()?.every(({ soFar }) => !soFar) ?? false;
    if (agent.connection.value !== 'open' || key === shown.current || isFinal) return;
    shown.current = key;
    void read();
  });
  const rows = parts.value?.flatMap((part) => part.rows) ?? [];
  return (
    <section class="card count-done">
      <div class="card-head">
        <h2>{say.heading(head.area)}</h2>
        <p class="count-acts">
          <a href={linkTo('count', `${sheet.id}/print`)}>{words.count.acts.print}</a>
          <a href={linkTo('count')}>{words.count.acts.all}</a>
        </p>
      </div>
      <p role="status" class="count-kept">
        {say.kept(moment(head.finishedMs ?? head.begunMs, nowMs))}
      </p>
      {parts.value === null && <p>{say.notHere}</p>}
      <ul class="count-outcomes">
        {rows.slice(0, SHOWN_MAX).map(({ sku, name, counted, sentence }) => (
          <li key={sku}>
            <strong>{say.row(words.count.article(sku, name), words.count.units(counted))}</strong> {sentence}
          </li>
        ))}
      </ul>
      {rows.length > SHOWN_MAX && <p class="quiet">{words.count.missing.more(rows.length - SHOWN_MAX)}</p>}
    </section>
  );
}
