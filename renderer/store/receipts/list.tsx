// A list of receipts, newest first: endless, live, and still where the reader is.
import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { RecentRow } from '../../../protocol/local/rooms/receipts.ts';
import type { Snapshot } from '../../../protocol/local/window.ts';
import { clockSeconds, moment, money, weekDay } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { REACHABLE, useVirtual } from '../../kit/virtual.ts';
import { ColumnHeads, inPixels, Spacer, stepToRow } from '../../kit/virtual-table.tsx';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';
import { linkTo } from '../place.ts';
import { type ReceiptList, type Receipts, type Stretch, shownNumber } from './rows.ts';
import { isoDay } from './typed-day.ts';

const say = words.recent;
/** Height of one row, as the style sheet has it. */
const ROW_REM = 2.25;
/** Older rows are fetched when fewer than this are left below. */
const AHEAD_ROWS = 80;

/** Clocks of twelve hours need more room. */
const TIME_WIDTH = clockSeconds(0).length > 8 ? 'time wide number' : 'time number';
const isToday = (ms: number): boolean => new Date(ms).toDateString() === new Date().toDateString();

/** When it was taken in; of what came later than its trading day, that day. */
function Taken({ recordedMs, businessDate }: RecentRow): JSX.Element {
  if (isoDay(new Date(recordedMs)) !== businessDate) {
    return <td class="number time dated">{weekDay(Date.parse(`${businessDate}T12:00:00`))}</td>;
  }
  if (isToday(recordedMs)) return <td class="number time">{clockSeconds(recordedMs)}</td>;
  return <td class="number time dated">{moment(recordedMs, Date.now())}</td>;
}

type LineProps = { row: RecentRow; index: number; isStop: boolean; isOpen: boolean };

/** One row in view is a stop of the keyboard; arrows go on from there. */
function Line({ row, index, isStop, isOpen }: LineProps): JSX.Element {
  const confirmed = row.settledMs !== null;
  return (
    <tr aria-rowindex={index + 2} class={isOpen ? 'open' : undefined}>
      <td class="state" data-state={confirmed ? 'confirmed' : 'waiting'}>
        <Icon name={confirmed ? 'check' : 'clock'} />
        {confirmed ? say.confirmed : say.waiting}
      </td>
      <Taken {...row} />
      <th scope="row" class="what">
        <a
          class="ask"
          href={linkTo('receipts', `${row.epoch}:${row.seq}`)}
          tabIndex={isStop ? 0 : -1}
          aria-label={say.ask(say.kinds[row.kind], shownNumber(row))}
          aria-current={isOpen ? 'true' : undefined}
          onKeyDown={(event) => void stepToRow(event)}
        >
          {say.kinds[row.kind]} <span>{shownNumber(row)}</span>
        </a>
      </th>
      <td class="till">{row.workstation}</td>
      <td class="number amount">
        {row.total === null || row.currency === null ? words.unknown : money(row.total, row.currency)}
      </td>
    </tr>
  );
}

const COLUMNS = [
  ['state', say.state],
  [TIME_WIDTH, say.time],
  ['what', say.what],
  ['till', say.till],
  ['amount number', say.amount],
] as const;

/** What is said of a list: of all its rows, of none, and at its end. */
export type ListWords = { caption: string; empty: string } & Record<Receipts['tail'], string>;

type ListProps = {
  agent: Agent;
  list: ReceiptList;
  told: ListWords;
  /** "1:55" of the receipt that is shown beside it. */
  shown: string;
};

/** Of one list for ever: another one needs another key. */
export function List({ agent, list, told, shown }: ListProps): JSX.Element {
  const { rows, added, tail } = list.state.value;
  const rowHeight = useMemo(() => inPixels(ROW_REM), []);
  const { scroller, items, total } = useVirtual(rows.length + 1, rowHeight);
  const inView = useRef<Stretch | null>(null);
  const placedAt = useRef(added);
  const leftAt = useSignal<number | null>(null);
  const news = useComputed(() => (leftAt.value === null ? null : list.state.value.added - leftAt.value));

  useSignalEffect(() => {
    const state: Snapshot | null = agent.snapshot.value;
    if (agent.connection.value === 'open' && state !== null) void list.refresh(() => inView.current);
  });

  useLayoutEffect(() => {
    const element = scroller.current;
    const shift = added - placedAt.current;
    placedAt.current = added;
    if (element !== null && element.scrollTop > 0) element.scrollTop += shift * rowHeight;
  }, [added]);

  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useLayoutEffect(() => {
    inView.current = { first, last };
    if (rows.length === 0) return;
    void list.refresh(() => inView.current);
    if (last > rows.length - AHEAD_ROWS) void list.more();
  }, [first, last, rows.length > 0]);

  const scrolled = (): void => {
    const away = (scroller.current?.scrollTop ?? 0) > 0;
    if (away !== (leftAt.value !== null)) leftAt.value = away ? list.state.value.added : null;
  };

  if (rows.length === 0) return <p class="empty">{tail === 'open' ? told.open : told.empty}</p>;
  const start = items[0]?.start ?? 0;
  const end = items.at(-1)?.end ?? 0;
  return (
    <>
      <section class="scroller" ref={scroller} onScroll={scrolled} aria-label={told.caption} {...REACHABLE}>
        <table class="table receipts" aria-rowcount={tail === 'end' ? rows.length + 1 : -1}>
          <caption class="unseen">{told.caption}</caption>
          <ColumnHeads columns={COLUMNS} />
          <Spacer height={start} columns={COLUMNS} />
          <tbody>
            {items.map(({ index }, at) => {
              const row = rows[index];
              if (row === undefined) return <Tail key="tail" text={told[tail]} />;
              const name = `${row.epoch}:${row.seq}`;
              return <Line key={name} row={row} index={index} isStop={at === 0} isOpen={name === shown} />;
            })}
          </tbody>
          <Spacer height={total - end} columns={COLUMNS} />
        </table>
      </section>
      {news.value !== null && (
        <button type="button" class="to-top" onClick={() => scroller.current?.scrollTo({ top: 0 })}>
          <Icon name="up" />
          {say.toTop(news.value)}
        </button>
      )}
    </>
  );
}

const Tail = ({ text }: { text: string }): JSX.Element => (
  <tr>
    <td class="tail" colSpan={COLUMNS.length}>
      {text}
    </td>
  </tr>
);
