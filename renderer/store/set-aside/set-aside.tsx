// What tills and files sent and could not be placed: the reason in words, and what came in, as it came.
import { type ReadonlySignal, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { PAGE_ROWS_MAX } from '../../../core/limits.ts';
import type { SetAsideRow } from '../../../protocol/local/rooms/set-aside.ts';
import { moment } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { REACHABLE } from '../../kit/virtual.ts';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';

const say = words.setAside;
const PAGE_ROWS = 20;

/** The first `wanted` rows, oldest first, read again whenever their number changes. */
function useRows(
  agent: Agent,
  count: ReadonlySignal<number>,
  wanted: ReadonlySignal<number>,
): { value: SetAsideRow[] } {
  const rows = useSignal<SetAsideRow[]>([]);
  useSignalEffect(() => {
    const limit = wanted.value;
    if (agent.connection.value !== 'open') return;
    if (count.value === 0) {
      rows.value = [];
      return;
    }
    let left = false;
    void agent
      .ask((client, signal) => client.setAside.list({ limit }, { signal }))
      .then((answer) => {
        if (answer !== null && !left) rows.value = answer;
      });
    return () => {
      left = true;
    };
  });
  return rows;
}

function Item({ row, nowMs }: { row: SetAsideRow; nowMs: number }): JSX.Element {
  return (
    <li>
      <details>
        <summary>
          <Icon name="chevron" />
          <strong>{row.reason}</strong>
          <span class="set-aside-from">
            {say.from(row.source, row.place)}
            {row.receipt !== null && ` · ${say.receipt(row.receipt)}`} · {moment(row.atMs, nowMs)}
          </span>
        </summary>
        <p>{say.raw}</p>
        <section aria-label={say.rawOf(row.id)} {...REACHABLE}>
          <pre>{row.raw}</pre>
        </section>
      </details>
    </li>
  );
}

export function SetAside({ agent, count }: { agent: Agent; count: ReadonlySignal<number> }): JSX.Element {
  const wanted = useSignal(PAGE_ROWS);
  const rows = useRows(agent, count, wanted).value;
  const left = count.value - rows.length;
  return (
    <section class="card set-aside" id="set-aside" aria-labelledby="set-aside-heading" tabIndex={-1}>
      <h2 id="set-aside-heading">{say.heading}</h2>
      {count.value === 0 ? (
        <p class="empty">{say.empty}</p>
      ) : (
        <>
          <p class="quiet">{say.intro}</p>
          <ul>
            {rows.map((row) => (
              <Item key={row.id} row={row} nowMs={agent.snapshot.value?.nowMs ?? Date.now()} />
            ))}
          </ul>
          {left > 0 && rows.length >= PAGE_ROWS_MAX && <p class="quiet">{say.bound(PAGE_ROWS_MAX)}</p>}
          {left > 0 && rows.length > 0 && rows.length < PAGE_ROWS_MAX && (
            <button
              type="button"
              onClick={() => {
                wanted.value = Math.min(PAGE_ROWS_MAX, rows.length + PAGE_ROWS);
              }}
            >
              {say.more(left)}
            </button>
          )}
        </>
      )}
    </section>
  );
}
