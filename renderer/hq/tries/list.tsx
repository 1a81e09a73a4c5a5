// Dry runs that central keeps, newest first: what was tried, on which stores, how many have told.
import type { JSX } from 'preact';
import type { TryRow } from '../../../protocol/hq/tries.ts';
import { linkToTry } from '../place.ts';
import { words } from '../words.ts';

const say = words.tries;
const SHOWN_MAX = 10;

/** Nothing until central has told them; how to make one where there is none. */
export function TryList({ tries, now }: { tries: TryRow[] | null; now: number }): JSX.Element | null {
  if (tries === null) return null;
  return (
    <section class="card" aria-labelledby="tries-heading">
      <h2 id="tries-heading">{say.heading}</h2>
      {tries.length === 0 && (
        <>
          <p class="quiet">{say.none}</p>
          <p class="exact">{say.how}</p>
        </>
      )}
      <ul class="tries">
        {tries.slice(0, SHOWN_MAX).map(({ id, revision, title, query, days, by, askedMs, stores, told }) => (
          <li key={id}>
            <a href={linkToTry(id)}>{say.name(revision, title)}</a>{' '}
            <span class="quiet">
              {say.about(query, days)} · {say.told(told, stores)} · {say.asked(by, askedMs, now)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
