// The list of stores: searched while somebody types, sorted, and only as long in the page as what is in view.
import type { ReadonlySignal, Signal } from '@preact/signals';
import type { JSX, TargetedKeyboardEvent } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { SEARCH_LENGTH_MAX } from '../../core/limits/goods.ts';
import type { FleetRow } from '../../protocol/hq/fleet.ts';
import { number } from '../kit/format.ts';
import { StateSign } from '../kit/icons.tsx';
import { REACHABLE, useVirtual } from '../kit/virtual.ts';
import { ColumnHeads, inPixels, Spacer, stepToRow } from '../kit/virtual-table.tsx';
import { alsoInWords, heardInWords, standingInWords } from './in-words.ts';
import { linkToStore } from './place.ts';
import { ORDERS, type Wish } from './sight.ts';
import { lookOf } from './tone.ts';
import { words } from './words.ts';

const say = words.list;
/** A chain of so many fits its card whole. */
const FEW = 8;
/** Height of one row, as the style sheet has it. */
const ROW_REM = 2.25;
/** Ages of rows are told anew so often. */
const AGE_MS = 10_000;

const COLUMNS = [
  ['name', say.store],
  ['standing', say.state],
  ['heard', say.heard],
  ['number waiting', say.waiting],
  ['number open', say.open],
  ['version', say.version],
  ['also', say.also],
] as const;

const orNone = (count: number | null): string => (count === null ? words.unknown : count === 0 ? '' : number(count));

function goOn(event: TargetedKeyboardEvent<HTMLAnchorElement>): void {
  if (!stepToRow(event) && event.key === 'ArrowUp') document.getElementById('store-search')?.focus();
}

type RowProps = { row: FleetRow; index: number; isStop: boolean; nowMs: number };

/** One row in view is a stop of the keyboard; arrows go on from there. */
function Row({ row, index, isStop, nowMs }: RowProps): JSX.Element {
  const { tone, sign } = lookOf(row.state, row.level);
  return (
    <tr aria-rowindex={index + 2} data-level={row.level}>
      <th scope="row" class="name">
        <a href={linkToStore(row.store)} tabIndex={isStop ? 0 : -1} onKeyDown={goOn}>
          {row.store}
        </a>
      </th>
      <td class="standing">
        <span class="row-sign" data-tone={tone}>
          <StateSign name={sign} />
        </span>
        {row.level === 'needs' && <span class="unseen">{say.needsYou}: </span>}
        {standingInWords(row, nowMs)}
      </td>
      <td class="heard">{heardInWords(row.heardMs, nowMs)}</td>
      <td class="number waiting">{orNone(row.waiting)}</td>
      <td class="number open">{orNone(row.open)}</td>
      <td class="version">{row.version ?? words.unknown}</td>
      <td class="also">{alsoInWords(row, nowMs)}</td>
    </tr>
  );
}

function Rows({ rows, now, wish }: { rows: FleetRow[]; now: ReadonlySignal<number>; wish: Wish }): JSX.Element {
  const rowHeight = useMemo(() => inPixels(ROW_REM), []);
  const { scroller, items, total } = useVirtual(rows.length, rowHeight);
  useEffect(() => scroller.current?.scrollTo({ top: 0 }), [wish]);
  const nowMs = now.value - (now.value % AGE_MS);
  return (
    <section class="rows" ref={scroller} aria-label={say.caption} {...REACHABLE}>
      <table class="table virtual-table store-list" aria-rowcount={rows.length + 1}>
        <caption class="unseen">{say.caption}</caption>
        <ColumnHeads columns={COLUMNS} />
        <Spacer height={items[0]?.start ?? 0} columns={COLUMNS} />
        <tbody>
          {items.map(({ index }, at) => {
            const row = rows[index];
            return row !== undefined && <Row key={row.store} row={row} index={index} isStop={at === 0} nowMs={nowMs} />;
          })}
        </tbody>
        <Spacer height={total - (items.at(-1)?.end ?? 0)} columns={COLUMNS} />
      </table>
    </section>
  );
}

type ListProps = { all: number; rows: FleetRow[]; wish: Signal<Wish>; now: ReadonlySignal<number> };

export function StoreList({ all, rows, wish, now }: ListProps): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  function pressed(event: TargetedKeyboardEvent<HTMLInputElement>): void {
    const link = document.querySelector<HTMLAnchorElement>('.store-list tbody a');
    if (link === null || (event.key !== 'ArrowDown' && event.key !== 'Enter')) return;
    event.preventDefault();
    // Who types a store's whole name wants to see it.
    if (event.key === 'Enter' && rows.length === 1) link.click();
    else link.focus();
  }
  function everything(): void {
    wish.value = { ...wish.value, text: '', only: null };
    field.current?.focus();
  }
  return (
    <section class={all <= FEW ? 'card stores few' : 'card stores'} aria-labelledby="stores-heading">
      <div class="card-head">
        <h2 id="stores-heading">{say.heading}</h2>
        <p class="quiet">
          <span role="status">{say.shown(rows.length, all)}</span>
          {rows.length < all && (
            <button type="button" onClick={everything}>
              {say.everything}
            </button>
          )}
        </p>
      </div>
      <div class="store-search">
        <label for="store-search">{say.search}</label>
        <input
          id="store-search"
          ref={field}
          type="search"
          autocomplete="off"
          spellcheck={false}
          maxLength={SEARCH_LENGTH_MAX}
          value={wish.value.text}
          onInput={(event) => {
            wish.value = { ...wish.value, text: event.currentTarget.value };
          }}
          onKeyDown={pressed}
        />
        <label for="store-order">{say.order}</label>
        <select
          id="store-order"
          onChange={(event) => {
            const order = ORDERS.find((name) => name === event.currentTarget.value) ?? 'worst';
            wish.value = { ...wish.value, order };
          }}
        >
          {ORDERS.map((name) => (
            <option key={name} value={name} selected={name === wish.value.order}>
              {say.orders[name]}
            </option>
          ))}
        </select>
      </div>
      {rows.length === 0 ? <p class="empty">{say.notFound}</p> : <Rows rows={rows} now={now} wish={wish.value} />}
    </section>
  );
}
