// What stands on a sheet, newest first: to be found again, put right and removed; beside the books only where asked for.
import { type Signal, useComputed, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { formatQuantity } from '../../../core/amounts.ts';
import type { CountLine } from '../../../protocol/local/rooms/count.ts';
import { moment } from '../../kit/format.ts';
import { words } from '../../kit/words.ts';
import { counter } from './counter.ts';
import { backToScanning, useCursor } from './focus.ts';
import { readQuantity } from './quantity.ts';
import type { SheetProps } from './room.tsx';
import type { Sheet } from './sheet.ts';

const say = words.count.lines;
/** A list that people read; older lines are found by name. */
const SHOWN_MAX = 100;

const nameOf = (sheet: Sheet, sku: string): string =>
  words.count.article(sku, sheet.figures.value.get(sku)?.name ?? null);

type EditProps = { sheet: Sheet; line: CountLine; close: () => void };

function Correction({ sheet, line, close }: EditProps): JSX.Element {
  const text = useSignal(formatQuantity(line.quantity));
  const again = useSignal(false);
  const said = useSignal('');
  const input = useCursor<HTMLInputElement>();
  async function save(): Promise<void> {
    const typed = readQuantity(text.value);
    if (!('quantity' in typed)) {
      said.value = words.count.write.problems[typed.problem];
      return;
    }
    const { quantity } = typed;
    const job = { kind: 'correct', line: line.line, sku: line.sku, quantity, again: again.value } as const;
    await sheet.write(counter.value.trim(), job);
    close();
  }
  return (
    <tr class="count-editing">
      <td colSpan={8}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
          onKeyDown={(event) => {
            if (event.key === 'Escape') close();
          }}
        >
          <label>
            {say.quantity(nameOf(sheet, line.sku))}{' '}
            <input
              type="text"
              inputMode="decimal"
              autocomplete="off"
              value={text.value}
              ref={input}
              onInput={(event) => {
                text.value = event.currentTarget.value;
              }}
            />
          </label>
          <label class="count-option">
            <input
              type="checkbox"
              checked={again.value}
              onChange={(event) => {
                again.value = event.currentTarget.checked;
              }}
            />
            {say.counted}
          </label>
          <button type="submit" class="primary">
            {say.save}
          </button>
          <button type="button" onClick={close}>
            {say.cancel}
          </button>
          <span role="status">{said.value}</span>
        </form>
      </td>
    </tr>
  );
}

type RowProps = { sheet: Sheet; line: CountLine; sum: number; showsBooks: boolean; nowMs: number; edit: () => void };

function Books({ sheet, sku, sum }: { sheet: Sheet; sku: string; sum: number }): JSX.Element {
  const onHand = sheet.figures.value.get(sku)?.onHand ?? null;
  return (
    <>
      <td class="number">{words.count.units(sum)}</td>
      <td class="number">{onHand === null ? say.unknown : words.count.units(onHand)}</td>
      <td class="number">{onHand === null ? words.unknown : words.count.units(sum - onHand)}</td>
    </>
  );
}

function Row({ sheet, line, sum, showsBooks, nowMs, edit }: RowProps): JSX.Element {
  const name = nameOf(sheet, line.sku);
  const quantity = words.count.units(line.quantity);
  const isReady = counter.value.trim() !== '';
  return (
    <tr>
      <td class="number count-figure">{quantity}</td>
      <th scope="row" class="count-article">
        {name}
      </th>
      {showsBooks && <Books sheet={sheet} sku={line.sku} sum={sum} />}
      <td class="count-who">{line.counter}</td>
      <td>
        <time dateTime={new Date(line.atMs).toISOString()}>{moment(line.atMs, nowMs)}</time>
      </td>
      <td class="count-row-acts">
        <button type="button" disabled={!isReady} aria-label={say.about(say.correct, quantity, name)} onClick={edit}>
          {say.correct}
        </button>
        <button
          type="button"
          disabled={!isReady}
          aria-label={say.about(say.remove, quantity, name)}
          onClick={() => void sheet.write(counter.value.trim(), { kind: 'remove', line: line.line, sku: line.sku })}
        >
          {say.remove}
        </button>
      </td>
    </tr>
  );
}

function Columns({ showsBooks }: { showsBooks: boolean }): JSX.Element {
  const { columns } = say;
  const figures = showsBooks ? [columns.sum, columns.books, columns.difference] : [];
  return (
    <thead>
      <tr>
        <th scope="col" class="number">
          {columns.quantity}
        </th>
        <th scope="col">{columns.article}</th>
        {figures.map((name) => (
          <th key={name} scope="col" class="number">
            {name}
          </th>
        ))}
        <th scope="col">{columns.who}</th>
        <th scope="col">{columns.time}</th>
        <th scope="col">
          <span class="unseen">{columns.change}</span>
        </th>
      </tr>
    </thead>
  );
}

/** Those that stand and fit what was typed, newest change first. */
function useFitting(sheet: Sheet, find: Signal<string>) {
  return useComputed(() => {
    const wanted = find.value.trim().toLowerCase();
    return [...sheet.lines.value.values()]
      .filter(({ removed }) => !removed)
      .filter(({ sku }) => wanted === '' || nameOf(sheet, sku).toLowerCase().includes(wanted))
      .sort((a, b) => b.revision - a.revision);
  });
}

export function Lines({ agent, sheet, nowMs }: SheetProps): JSX.Element {
  const find = useSignal('');
  const showsBooks = useSignal(false);
  const editing = useSignal<number | null>(null);
  const fitting = useFitting(sheet, find);
  const shown = fitting.value.slice(0, SHOWN_MAX);
  const seen = useComputed(() =>
    fitting.value
      .slice(0, SHOWN_MAX)
      .map(({ sku }) => sku)
      .join('\n'),
  );
  const sums = new Map<string, number>();
  for (const { sku, quantity, removed } of sheet.lines.value.values()) {
    if (!removed) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  }
  useSignalEffect(() => {
    const skus = seen.value.split('\n');
    // Beside the books they are read again whenever something was sold.
    const isAnew = showsBooks.value && (agent.snapshot.value?.captured ?? 0) >= 0;
    void sheet.look(skus, isAnew);
  });
  return (
    <section class="card count-lines">
      <div class="card-head">
        <h2>{say.heading}</h2>
        <label class="count-option">
          <input
            type="checkbox"
            checked={showsBooks.value}
            onChange={(event) => {
              showsBooks.value = event.currentTarget.checked;
            }}
          />
          {say.books}
        </label>
      </div>
      {sheet.lines.value.size > SHOWN_MAX / 10 && (
        <label class="count-field">
          <span>{say.find}</span>
          <input
            type="search"
            autocomplete="off"
            value={find.value}
            onInput={(event) => {
              find.value = event.currentTarget.value;
            }}
          />
        </label>
      )}
      {shown.length === 0 && <p class="empty">{find.value === '' ? say.empty : say.noneFound}</p>}
      {shown.length > 0 && (
        <table class="table">
          <caption class="unseen">{say.heading}</caption>
          <Columns showsBooks={showsBooks.value} />
          <tbody>
            {shown.map((line) =>
              editing.value === line.line ? (
                <Correction
                  key={line.line}
                  sheet={sheet}
                  line={line}
                  close={() => {
                    editing.value = null;
                    backToScanning();
                  }}
                />
              ) : (
                <Row
                  key={line.line}
                  {...{ sheet, line, nowMs }}
                  sum={sums.get(line.sku) ?? 0}
                  showsBooks={showsBooks.value}
                  edit={() => {
                    editing.value = line.line;
                  }}
                />
              ),
            )}
          </tbody>
        </table>
      )}
      {fitting.value.length > shown.length && <p class="quiet">{say.more(fitting.value.length - shown.length)}</p>}
    </section>
  );
}
