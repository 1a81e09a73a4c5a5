// The list of shelves: searched while somebody types, sorted, and only as long in the page as what is in view.
import { useSignalEffect } from '@preact/signals';
import type { JSX, TargetedKeyboardEvent } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { SEARCH_LENGTH_MAX } from '../../../core/limits/goods.ts';
import type { StockRow } from '../../../protocol/local/rooms/stock.ts';
import { units } from '../../kit/units.ts';
import { REACHABLE, useVirtual } from '../../kit/virtual.ts';
import { ColumnHeads, inPixels, Spacer, stepToRow } from '../../kit/virtual-table.tsx';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';
import { bookMark } from '../changed.ts';
import { Past } from '../past.tsx';
import { linkTo } from '../place.ts';
import { AsOf } from './as-of.tsx';
import { ComingIn } from './coming-in.tsx';
import type { StockPages } from './pages.ts';
import { ProposedList } from './proposed.tsx';

const say = words.stock;
/** In the order of the choice. */
const STOCK_ORDERS = ['sku', 'name', 'least', 'most'] as const;
/** Height of one row, as the style sheet has it. */
const ROW_REM = 2.25;
/** Figures that change while one looks are asked for at most so often: the tills come first. */
const REFRESH_MS = 3_000;

function notesOf({ known, soFar, unlisted }: StockRow): string {
  const notes = [known ? [] : say.uncounted, unlisted ? words.product.unlistedNote : [], soFar ? say.soFar : []];
  return notes.flat().join(' · ');
}

const orNone = (thousandths: number): string => (thousandths === 0 ? '' : units(thousandths));

function Row({ row, index, isStop }: { row: StockRow; index: number; isStop: boolean }): JSX.Element {
  return (
    <tr aria-rowindex={index + 2}>
      <th scope="row" class="what">
        <a href={linkTo('stock', row.sku)} tabIndex={isStop ? 0 : -1} onKeyDown={goOn}>
          {row.name ?? row.sku}
        </a>
      </th>
      <td class="sku">{row.sku}</td>
      <td class="number on-hand">{row.known ? units(row.onHand) : words.unknown}</td>
      <td class="number">{orNone(row.reserved)}</td>
      <td class="number">{orNone(row.coming)}</td>
      <td class="number">{orNone(row.damaged)}</td>
      <td class="note" title={notesOf(row)}>
        {notesOf(row)}
      </td>
    </tr>
  );
}

function goOn(event: TargetedKeyboardEvent<HTMLAnchorElement>): void {
  if (!stepToRow(event) && event.key === 'ArrowUp') document.getElementById('stock-search')?.focus();
}

const COLUMNS = [
  ['what', say.article],
  ['sku', say.number],
  ['number on-hand', say.onHand],
  ['number', say.reserved],
  ['number', say.coming],
  ['number', say.damaged],
  ['note', say.note],
] as const;

function Rows({ pages }: { pages: StockPages }): JSX.Element {
  const { total, search, failed } = pages.state.value;
  const rowHeight = useMemo(() => inPixels(ROW_REM), []);
  const { scroller, items, total: height } = useVirtual(total ?? 0, rowHeight);
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => pages.view(first, last), [first, last, total]);
  useEffect(() => scroller.current?.scrollTo({ top: 0 }), [search]);
  if (total === null) return <p class="empty">{failed ? say.noAnswer : say.loading}</p>;
  if (total === 0) return <p class="empty">{search.text === '' ? say.nothing : say.notFound(search.text)}</p>;
  return (
    <section class="scroller" ref={scroller} aria-label={say.caption} {...REACHABLE}>
      <table class="table virtual-table stock-list" aria-rowcount={total + 1}>
        <caption class="unseen">{say.caption}</caption>
        <ColumnHeads columns={COLUMNS} />
        <Spacer height={items[0]?.start ?? 0} columns={COLUMNS} />
        <tbody>
          {items.map(({ index }, at) => {
            const row = pages.rowAt(index);
            if (row !== undefined) return <Row key={row.sku} row={row} index={index} isStop={at === 0} />;
            return (
              <tr key={`#${index}`} aria-rowindex={index + 2}>
                <td colSpan={COLUMNS.length}>{say.loading}</td>
              </tr>
            );
          })}
        </tbody>
        <Spacer height={height - (items.at(-1)?.end ?? 0)} columns={COLUMNS} />
      </table>
    </section>
  );
}

/** Asked for anew when something was captured or confirmed, or the program is there again. */
function useFresh(agent: Agent, pages: StockPages): void {
  const last = useRef({ of: '', atMs: 0 });
  useSignalEffect(() => {
    const state = agent.snapshot.value;
    if (agent.connection.value !== 'open' || state === null) return;
    const of = bookMark(state);
    if (of === last.current.of || Date.now() - last.current.atMs < REFRESH_MS) return;
    const isFirst = last.current.of === '';
    last.current = { of, atMs: Date.now() };
    if (!isFirst || pages.state.peek().total === null) pages.refresh();
  });
}

export function StockList({ agent, pages }: { agent: Agent; pages: StockPages }): JSX.Element {
  const { search, total, asOfMs } = pages.state.value;
  const field = useRef<HTMLInputElement>(null);
  const order = useRef<HTMLSelectElement>(null);
  useFresh(agent, pages);
  const searched = (): void =>
    pages.search({
      text: field.current?.value.trim() ?? '',
      order: STOCK_ORDERS.find((name) => name === order.current?.value) ?? 'sku',
    });
  function pressed(event: TargetedKeyboardEvent<HTMLInputElement>): void {
    const link = document.querySelector<HTMLAnchorElement>('.stock-list tbody a');
    if (event.key === 'ArrowDown' && link !== null) {
      event.preventDefault();
      link.focus();
    } else if (event.key === 'Enter') void open(event.currentTarget.value.trim());
  }
  /** A scanned code opens its article. */
  async function open(text: string): Promise<void> {
    if (text === '') return;
    const found = await agent.ask((client, signal) => client.stock.find({ text }, { signal }));
    const [only, ...others] = found?.rows ?? [];
    const article = found?.exact ?? (others.length === 0 ? only : undefined);
    if (article !== undefined) location.hash = linkTo('stock', article.sku);
  }
  return (
    <section class="card stock" aria-labelledby="stock-heading">
      <div class="card-head">
        <h2 id="stock-heading">{say.heading}</h2>
        <p class="quiet" role="status">
          {total !== null && say.total(total)}
        </p>
      </div>
      <div class="stock-search">
        <label for="stock-search">{say.search}</label>
        <input
          id="stock-search"
          ref={field}
          type="search"
          autocomplete="off"
          spellcheck={false}
          maxLength={SEARCH_LENGTH_MAX}
          defaultValue={search.text}
          onInput={searched}
          onKeyDown={pressed}
        />
        <label for="stock-order">{say.order}</label>
        <select id="stock-order" ref={order} onChange={searched}>
          {STOCK_ORDERS.map((name) => (
            <option key={name} value={name} selected={name === search.order}>
              {say.orders[name]}
            </option>
          ))}
        </select>
      </div>
      <div class="coming-in">
        {asOfMs !== undefined && <AsOf atMs={asOfMs} nowMs={agent.snapshot.value?.nowMs ?? asOfMs} />}
        <Past state={agent.snapshot.value} />
        <ComingIn standing={agent.snapshot.value?.catalogue ?? null} />
        <ProposedList agent={agent} />
      </div>
      <Rows pages={pages} />
    </section>
  );
}
