// The look before a count is kept: what it finds more or less than the books have as they stand, the largest first.
import { useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { ReviewRow, SheetHead } from '../../../protocol/local/rooms/count.ts';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';
import { linkTo } from '../place.ts';
import type { SheetProps } from './room.tsx';
import type { Sheet } from './sheet.ts';

const say = words.count.check;
const { units } = words.count;
const SHOWN_MAX = 200;

type Look = { revision: number; rows: ReviewRow[]; part: number; parts: number; isWhole: boolean };

function sentenceOf({ counted, difference, books }: ReviewRow): string {
  if (difference === null) return '';
  if (books === null && difference === counted) return say.first(units(counted));
  const expected = units(counted - difference);
  if (difference === 0) return say.same(units(counted));
  return difference < 0
    ? say.fewer(units(counted), expected, units(-difference))
    : say.more(units(counted), expected, units(difference));
}

function Row({ row }: { row: ReviewRow }): JSX.Element {
  const { sku, name, difference, since, after, correctionsTakenBack, sentence } = row;
  const sign = difference === null ? words.unknown : `${difference > 0 ? '+' : ''}${units(difference)}`;
  return (
    <li>
      <strong class="count-difference">{sign}</strong>
      <p>
        <strong>{words.count.article(sku, name)}.</strong> {sentenceOf(row)}{' '}
        {since !== 0 && say.since(`${since > 0 ? '+' : ''}${units(since)}`, units(after))}{' '}
        {correctionsTakenBack > 0 && say.corrections(correctionsTakenBack)} {sentence}
      </p>
    </li>
  );
}

/** Nothing to be looked at: it is as the books have it, and nothing is to be said of it. */
const isPlain = ({ difference, sentence, correctionsTakenBack }: ReviewRow): boolean =>
  difference === 0 && sentence === null && correctionsTakenBack === 0;

/** What cannot be used at all comes first. */
const weight = ({ difference }: ReviewRow): number =>
  difference === null ? Number.POSITIVE_INFINITY : Math.abs(difference);

/** Reads part by part; anew where somebody wrote on the sheet meanwhile. */
function useLook(agent: Agent, sheet: Sheet) {
  const look = useSignal<Look | null>(null);
  const turn = useRef(0);
  async function read(): Promise<void> {
    const mine = ++turn.current;
    let rows: ReviewRow[] = [];
    let revision: number | null = null;
    for (let part = 0, parts = 1; part < parts; part++) {
      const told = await agent.ask((client, signal) => client.count.review({ sheet: sheet.id, part }, { signal }));
      if (told === null || mine !== turn.current) return;
      if (revision !== null && told.head.revision !== revision) return read();
      revision = told.head.revision;
      parts = told.parts;
      rows = [...rows, ...told.rows];
      look.value = { revision, rows, part: part + 1, parts, isWhole: part + 1 >= parts };
    }
  }
  const shown = useRef(-1);
  useSignalEffect(() => {
    const revision = sheet.head.value?.revision ?? -1;
    if (agent.connection.value !== 'open' || (shown.current === revision && look.peek() !== null)) return;
    shown.current = revision;
    void read();
  });
  return { look, read };
}

function Differences({ rows }: { rows: ReviewRow[] }): JSX.Element {
  const differing = rows.filter((row) => !isPlain(row)).sort((a, b) => weight(b) - weight(a));
  return (
    <>
      <p>{say.differ(differing.length)}</p>
      <ul class="count-differences">
        {differing.slice(0, SHOWN_MAX).map((row) => (
          <Row key={row.sku} row={row} />
        ))}
      </ul>
      {differing.length > SHOWN_MAX && <p class="quiet">{say.rows(differing.length - SHOWN_MAX)}</p>}
      {rows.length > differing.length && <p>{say.agree(rows.length - differing.length)}</p>}
    </>
  );
}

function Keep({ agent, sheet, look, anew }: { agent: Agent; sheet: Sheet; look: Look; anew: () => void }): JSX.Element {
  const isBusy = useSignal(false);
  const said = useSignal('');
  async function keep(): Promise<void> {
    if (isBusy.value) return;
    isBusy.value = true;
    said.value = say.keeping;
    const told = await agent.ask((client, signal) =>
      client.count.keep({ sheet: sheet.id, through: look.revision }, { signal }),
    );
    isBusy.value = false;
    if (told === null) said.value = say.lost;
    else if (told.result === 'changed') {
      said.value = say.changed;
      anew();
    } else said.value = told.result === 'empty' ? say.empty : (told.sentence ?? '');
    await sheet.follow();
  }
  return (
    <p class="count-buttons">
      <button type="button" class="primary" disabled={isBusy.value} onClick={() => void keep()}>
        {say.keep}
      </button>
      <span role="status">{said.value}</span>
    </p>
  );
}

export function Check({ agent, sheet, head }: SheetProps & { head: SheetHead }): JSX.Element {
  const { look, read } = useLook(agent, sheet);
  const seen = look.value;
  return (
    <section class="card count-check">
      <div class="card-head">
        <h2>{say.heading(head.area)}</h2>
        <a href={linkTo('count', sheet.id)}>{words.count.acts.back}</a>
      </div>
      {(seen === null || !seen.isWhole) && (
        <p class="quiet" role="status">
          {say.reading(seen === null ? 1 : Math.min(seen.part + 1, seen.parts), seen?.parts ?? 1)}
        </p>
      )}
      {seen?.isWhole === true &&
        (seen.rows.length === 0 ? (
          <p class="empty">{say.empty}</p>
        ) : (
          <>
            {head.uncounted > 0 && <p class="count-note">{say.uncounted(head.uncounted)}</p>}
            <Differences rows={seen.rows} />
            <p class="quiet">{say.soFar}</p>
            <Keep agent={agent} sheet={sheet} look={seen} anew={() => void read()} />
          </>
        ))}
    </section>
  );
}
