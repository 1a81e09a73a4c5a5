// What stores told in a dry run: a table of them, what would not work at all, examples, and who has not told.
import type { JSX } from 'preact';
import type { TryStore } from '../../../protocol/hq/tries.ts';
import { bytes, number, share } from '../../kit/format.ts';
import { linkToConfigurationOf, linkToStore } from '../place.ts';
import { words } from '../words.ts';
import type { Outcome } from './outcome.ts';

const say = words.tries;
const FIGURES = ['documents', 'aside', 'lost', 'gained', 'changed', 'batches', 'bytes'] as const;

export function StoreTable({ stores, ways }: Pick<Outcome, 'stores' | 'ways'>): JSX.Element | null {
  if (stores.length === 0) return null;
  return (
    <section class="card" aria-labelledby="try-stores-heading">
      <h2 id="try-stores-heading">{say.stores.heading}</h2>
      <div class="wide">
        <table class="table try-stores">
          <caption class="unseen">{say.stores.caption}</caption>
          <thead>
            <tr>
              <th scope="col">{say.stores.store}</th>
              {FIGURES.map((figure) => (
                <th key={figure} scope="col" class="number">
                  {say.stores[figure]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {stores.map((store) => (
              <Row key={store.store} told={store} />
            ))}
          </tbody>
        </table>
      </div>
      {ways.length > 0 && (
        <p class="quiet">
          {say.ways} {ways.map(({ way, documents }) => say.way(way, documents)).join(', ')}.
        </p>
      )}
    </section>
  );
}

function Row({ told }: { told: Outcome['stores'][number] }): JSX.Element {
  const { store, counted, result } = told;
  const { before, after } = result.traffic;
  const { documents, lost } = counted;
  return (
    <tr>
      <th scope="row">
        <a href={linkToConfigurationOf(store)}>{store}</a>
      </th>
      <td class="number">{number(documents)}</td>
      <td class="number">{say.nowAndThen(number(counted.asideBefore), number(counted.asideAfter))}</td>
      <td class="number">
        {lost === 0 ? (
          number(0)
        ) : (
          <strong class="remainder">
            {number(lost)} ({share(documents === 0 ? 0 : lost / documents)})
          </strong>
        )}
      </td>
      <td class="number">{number(counted.gained)}</td>
      <td class="number">{number(counted.changed)}</td>
      <td class="number">{say.nowAndThen(number(before.entriesPerBatch), number(after.entriesPerBatch))}</td>
      <td class="number">{say.nowAndThen(bytes(before.bytesPerDay), bytes(after.bytesPerDay))}</td>
    </tr>
  );
}

export function Problems({ problems }: Pick<Outcome, 'problems'>): JSX.Element | null {
  if (problems.length === 0) return null;
  return (
    <section class="card" aria-labelledby="try-problems-heading">
      <h2 id="try-problems-heading">{say.problems.heading}</h2>
      <ul class="questions">
        {problems.map(({ store, folder, text, files }) => (
          <li key={`${store} ${folder}`}>
            <strong>{say.problems.where(store, folder)}</strong>{' '}
            {text === null ? say.problems.stopped(files) : say.problems.unusable(text)}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Examples({ examples }: Pick<Outcome, 'examples'>): JSX.Element | null {
  if (examples.length === 0) return null;
  return (
    <section class="card" aria-labelledby="try-examples-heading">
      <h2 id="try-examples-heading">{say.examples.heading}</h2>
      <ul class="questions">
        {examples.map((example) => (
          <Example key={`${example.store} ${example.file} ${example.place}`} example={example} />
        ))}
      </ul>
    </section>
  );
}

function Example({ example }: { example: Outcome['examples'][number] }): JSX.Element {
  const { store, file, place, number: name, change, reason, differences } = example;
  return (
    <li>
      <p>
        <strong>{say.examples.document(name)}</strong> {say.examples.changes[change]}
        {reason !== null && `: ${reason}`}
      </p>
      {differences.map(({ what, from, to }) => (
        <p key={what}>{say.examples.difference(say.examples.differences[what], from, to)}</p>
      ))}
      <p class="quiet">
        {store}, {file}, {place}
      </p>
    </li>
  );
}

export function Silent({ stores }: { stores: TryStore[] }): JSX.Element | null {
  if (stores.length === 0) return null;
  return (
    <section class="card" aria-labelledby="try-silent-heading">
      <h2 id="try-silent-heading">{say.silentStores}</h2>
      <ul class="away">
        {stores.map(({ store, state, message }) => (
          <li key={store}>
            <a href={linkToStore(store)}>{store}</a>{' '}
            <span class="quiet">
              {words.commands.states[state]}
              {message !== '' && `: ${message}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
