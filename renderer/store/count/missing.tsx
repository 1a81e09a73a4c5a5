// What should be there and nobody wrote down yet: becomes zero only for articles that a person ticks.
import { useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import type { CountFigure, SheetHead } from '../../../protocol/local/rooms/count.ts';
import { Icon } from '../../kit/icons.tsx';
import { words } from '../../kit/words.ts';
import { counter } from './counter.ts';
import type { SheetProps } from './room.tsx';

const say = words.count.missing;
const SHOWN_MAX = 100;

export function Missing({ agent, sheet, head }: SheetProps & { head: SheetHead }): JSX.Element | null {
  const rows = useSignal<CountFigure[]>([]);
  const ticked = useSignal<ReadonlySet<string>>(new Set());
  const isBusy = useSignal(false);
  const said = useSignal('');
  useSignalEffect(() => {
    // Read again whenever something was written.
    const uncounted = sheet.head.value?.uncounted ?? 0;
    if (uncounted === 0) {
      rows.value = [];
      return;
    }
    void agent
      .ask((client, signal) => client.count.uncounted({ sheet: sheet.id, after: null, limit: SHOWN_MAX }, { signal }))
      .then((told) => {
        if (told !== null) rows.value = told;
      });
  });
  if (head.expected === 0) return null;
  const chosen = rows.value.filter(({ sku }) => ticked.value.has(sku)).map(({ sku }) => sku);

  function tick(skus: string[], isOn: boolean): void {
    const next = new Set(ticked.value);
    for (const sku of skus) {
      if (isOn) next.add(sku);
      else next.delete(sku);
    }
    ticked.value = next;
  }
  async function countAsZero(): Promise<void> {
    isBusy.value = true;
    const told = await agent.ask((client, signal) =>
      client.count.absent({ sheet: sheet.id, counter: counter.value.trim(), skus: chosen }, { signal }),
    );
    isBusy.value = false;
    said.value = told === null ? words.count.noAnswer : '';
    if (told !== null) ticked.value = new Set();
    await sheet.follow();
  }

  return (
    <details class="card count-missing">
      <summary>
        <Icon name="chevron" />
        <h2>{say.heading(head.uncounted)}</h2>
      </summary>
      <p class="quiet">{head.uncounted === 0 ? say.all : say.intro}</p>
      {rows.value.length > 0 && (
        <>
          <ul>
            {rows.value.map(({ sku, name }) => (
              <li key={sku}>
                <label class="count-option">
                  <input
                    type="checkbox"
                    checked={ticked.value.has(sku)}
                    aria-label={say.tick(words.count.article(sku, name))}
                    onChange={(event) => tick([sku], event.currentTarget.checked)}
                  />
                  {words.count.article(sku, name)}
                </label>
              </li>
            ))}
          </ul>
          {head.uncounted > rows.value.length && <p class="quiet">{say.more(head.uncounted - rows.value.length)}</p>}
          <p class="count-buttons">
            <button
              type="button"
              onClick={() =>
                tick(
                  rows.value.map(({ sku }) => sku),
                  true,
                )
              }
            >
              {say.tickAll}
            </button>
            <button
              type="button"
              disabled={chosen.length === 0 || isBusy.value || counter.value.trim() === ''}
              onClick={() => void countAsZero()}
            >
              {say.absent(chosen.length)}
            </button>
          </p>
        </>
      )}
      <p role="status">{said.value}</p>
    </details>
  );
}
