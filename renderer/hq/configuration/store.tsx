// What holds for one store, field by field with where it comes from; what it has in force, and why that is another.
import { type ReadonlySignal, useSignal, useSignalEffect } from '@preact/signals';
import { Fragment, type JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { SEARCH_LENGTH_MAX } from '../../../core/limits/goods.ts';
import type { EffectiveConfiguration } from '../../../protocol/hq/configuration.ts';
import { showFavicon } from '../../kit/favicon.ts';
import { Icon, StateSign } from '../../kit/icons.tsx';
import { type Asked, askAgain } from '../asked.ts';
import type { Central } from '../central.ts';
import { linkToRevision, linkToStore } from '../place.ts';
import { words } from '../words.ts';
import { type Field, fieldsOf, foundFields } from './fields.ts';
import { countedInWords, inForceInWords, layerInWords, lookOfStore, standingInWords } from './in-words.ts';

const say = words.configuration.store;
const LOOK_MS = 3_000;
const FOLDED_FROM = 60;

type StoreProps = { store: string; central: Central; now: ReadonlySignal<number> };

export function StoreConfiguration({ store, central, now }: StoreProps): JSX.Element {
  const asked = useMemo(
    () => askAgain<EffectiveConfiguration>(central, `/configuration/effective?store=${store}`, LOOK_MS),
    [central, store],
  );
  useEffect(() => asked.stop, [asked]);
  useSignalEffect(() => {
    document.title = words.title(say.title(store));
    if (asked.value.value !== null) showFavicon(lookOfStore(asked.value.value).sign);
  });
  const told = asked.value.value;
  return (
    <div class="one-store">
      <p>
        <a href={linkToStore(store)}>{say.back(store)}</a>
      </p>
      <Head store={store} asked={asked} now={now.value} />
      {told !== null && <Fields told={told} />}
    </div>
  );
}

type HeadProps = { store: string; asked: Asked<EffectiveConfiguration>; now: number };

function Head({ store, asked, now }: HeadProps): JSX.Element {
  const told = asked.value.value;
  const declined = asked.declined.value;
  const { tone, sign } = told === null ? ({ tone: 'lost', sign: 'lost' } as const) : lookOfStore(told);
  const opening = declined?.status === 404 ? say.unknown(store) : words.headline.opening;
  return (
    <section class="hero fleet-hero" data-tone={tone} aria-labelledby="store-name">
      <div class="hero-sign">
        <StateSign name={sign} />
      </div>
      <div class="hero-words">
        <h1 id="store-name">{say.title(store)}</h1>
        <div role="status">
          {told === null ? <p>{opening}</p> : <p class="hero-todo">{inForceInWords(told)}</p>}
          {told !== null && <p>{standingInWords(told)}</p>}
          {told !== null && told.why !== '' && <p>{told.why}</p>}
          {told?.standing?.isExpired && <p>{say.expired}</p>}
        </div>
        {told?.standing != null && (
          <p class="hero-small">
            {say.since(told.standing.since, now)} {countedInWords(told)}
          </p>
        )}
        {declined?.status === 0 && <p>{words.configuration.lostDetail}</p>}
      </div>
    </section>
  );
}

function Fields({ told }: { told: EffectiveConfiguration }): JSX.Element {
  const text = useSignal('');
  const fields = useMemo(() => fieldsOf(told), [told]);
  const shown = foundFields(fields, text.value, layerInWords);
  return (
    <section class="card" aria-labelledby="fields-heading">
      <div class="card-head">
        <h2 id="fields-heading">{say.heading}</h2>
        <p class="quiet">
          <span role="status">{say.shown(shown.length, fields.length)}</span>{' '}
          {told.revision !== null && (
            <a href={linkToRevision(told.revision)}>{words.configuration.revision(told.revision)}</a>
          )}
        </p>
      </div>
      {fields.length === 0 ? (
        <p class="quiet">{say.nothing}</p>
      ) : (
        <>
          <div class="store-search field-search">
            <label for="field-search">{say.search}</label>
            <input
              id="field-search"
              type="search"
              autocomplete="off"
              spellcheck={false}
              maxLength={SEARCH_LENGTH_MAX}
              value={text.value}
              onInput={(event) => {
                text.value = event.currentTarget.value;
              }}
            />
          </div>
          {shown.length === 0 ? <p class="quiet">{say.notFound}</p> : <Table fields={shown} />}
        </>
      )}
    </section>
  );
}

function Table({ fields }: { fields: Field[] }): JSX.Element {
  return (
    <table class="table fields">
      <caption class="unseen">{say.caption}</caption>
      <thead>
        <tr>
          <th scope="col">{say.field}</th>
          <th scope="col">{say.value}</th>
          <th scope="col">{say.from}</th>
        </tr>
      </thead>
      <tbody>
        {fields.map(({ path, value, layer }) => (
          <tr key={path}>
            <th scope="row">
              <Path path={path} />
            </th>
            <td class="value">
              <Value value={value} />
            </td>
            <td>{layerInWords(layer)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** May be broken behind each dot. */
function Path({ path }: { path: string }): JSX.Element {
  const [first, ...names] = path.split('.');
  return (
    <>
      {first}
      {names.map((name) => (
        <Fragment key={name}>
          .<wbr />
          {name}
        </Fragment>
      ))}
    </>
  );
}

/** A whole mapping is folded: its beginning says which it is. */
function Value({ value }: { value: string }): JSX.Element {
  if (value.length <= FOLDED_FROM) return <>{value}</>;
  return (
    <details>
      <summary>
        <Icon name="chevron" /> {value.slice(0, FOLDED_FROM)}…
      </summary>
      <pre>{value}</pre>
    </details>
  );
}
