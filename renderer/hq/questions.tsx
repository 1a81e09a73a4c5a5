// What waits for a person about this store: whose it is, and until when.
import type { JSX } from 'preact';
import type { ExceptionPage } from '../../protocol/hq/lists.ts';
import { words } from './words.ts';

const say = words.questions;

export function Questions({ page, now }: { page: ExceptionPage | null; now: number }): JSX.Element {
  const rows = page?.rows ?? [];
  const all = (page?.counts ?? []).reduce((sum, { count }) => sum + count, 0);
  return (
    <section class="card" aria-labelledby="questions-heading">
      <h2 id="questions-heading">{say.heading}</h2>
      {page !== null && rows.length === 0 && <p class="empty">{say.none}</p>}
      <ul class="questions">
        {rows.map(({ id, title, message, owner, deadlineMs, overdue }) => (
          <li key={id}>
            <p>
              <strong>{title}</strong>
            </p>
            <p>{message}</p>
            <p class="quiet">
              {say.owner[owner]}, {say.until(deadlineMs, now, overdue)}
            </p>
          </li>
        ))}
      </ul>
      {all > rows.length && <p class="quiet">{say.more(all - rows.length)}</p>}
    </section>
  );
}
