// The search: one field that understands what is typed, a few filters, and in words what is looked for and found.
import { type Signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { FACT_KINDS, type FactKind } from '../../../core/fact.ts';
import { SEARCH_TEXT_LENGTH_MAX } from '../../../core/limits/search.ts';
import { IDENTIFIER_LENGTH_MAX } from '../../../core/limits.ts';
import type { ReceiptQuery } from '../../../protocol/local/rooms/receipts.ts';
import { Icon } from '../../kit/icons.tsx';
import { LOCALE } from '../../kit/language.ts';
import { words } from '../../kit/words.ts';
import type { Finder } from './found.ts';
import { inWords } from './in-words.ts';
import { amountOf, readTyped } from './typed.ts';

const say = words.find;
const AMOUNT_MAX = 999_999_999_999;
/** How this region writes 2 January. */
const DAY_FIRST = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'numeric' })
  .format(new Date(2026, 0, 2))
  .startsWith('2');

type Filters = { kind: string; state: string; till: string; from: string; to: string; least: string; most: string };
const NO_FILTERS: Filters = { kind: '', state: '', till: '', from: '', to: '', least: '', most: '' };

const isKind = (name: string): name is FactKind => (FACT_KINDS as readonly string[]).includes(name);

/** Fields say it more exactly than words: what they hold goes before. */
export function queryOf(typed: string, filters: Filters, nowMs: number): ReceiptQuery {
  const { kind, state, till, from, to, least, most } = filters;
  const query = readTyped(typed, { words: say.typed, nowMs, dayFirst: DAY_FIRST });
  if (isKind(kind)) query.kinds = [kind];
  if (state === 'waiting' || state === 'confirmed') query.state = state;
  if (till.trim() !== '') query.till = till.trim();
  if (from !== '' || to !== '') query.days = { from: from || '1970-01-01', to: to || '9999-12-31' };
  const hasAmount = /\d/.test(least) || /\d/.test(most);
  if (hasAmount) query.amount = { from: amountOf(least), to: /\d/.test(most) ? amountOf(most) : AMOUNT_MAX };
  return query;
}

type FieldProps = {
  label: string;
  value: string;
  set: (value: string) => void;
  type?: 'text' | 'date';
  list?: string;
  inputMode?: 'decimal';
  maxLength?: number;
};

const Field = ({ label, value, set, ...more }: FieldProps): JSX.Element => (
  <label>
    <span>{label}</span>
    <input value={value} onInput={(event) => set(event.currentTarget.value)} autocomplete="off" {...more} />
  </label>
);

type ChoiceProps = { label: string; value: string; set: (value: string) => void; options: [string, string][] };

const Choice = ({ label, value, set, options }: ChoiceProps): JSX.Element => (
  <label>
    <span>{label}</span>
    <select value={value} onChange={(event) => set(event.currentTarget.value)}>
      {options.map(([name, text]) => (
        <option key={name} value={name}>
          {text}
        </option>
      ))}
    </select>
  </label>
);

const KINDS: [string, string][] = [
  ['', say.anyKind],
  ...FACT_KINDS.map((kind): [string, string] => [kind, words.recent.kinds[kind]]),
];
const STATES: [string, string][] = [
  ['', say.anyState],
  ['waiting', words.recent.waiting],
  ['confirmed', words.recent.confirmed],
];

function More({ filters, tills }: { filters: Signal<Filters>; tills: string[] }): JSX.Element {
  const now = filters.value;
  const set = (name: keyof Filters) => (value: string) => {
    filters.value = { ...filters.value, [name]: value };
  };
  return (
    <div class="find-more">
      <Choice label={say.kind} value={now.kind} set={set('kind')} options={KINDS} />
      <Choice label={say.state} value={now.state} set={set('state')} options={STATES} />
      <Field label={say.till} value={now.till} set={set('till')} list="find-tills" maxLength={IDENTIFIER_LENGTH_MAX} />
      <datalist id="find-tills">
        {tills.map((till) => (
          <option key={till} value={till} />
        ))}
      </datalist>
      <Field label={say.from} value={now.from} set={set('from')} type="date" />
      <Field label={say.to} value={now.to} set={set('to')} type="date" />
      <Field label={say.least} value={now.least} set={set('least')} inputMode="decimal" />
      <Field label={say.most} value={now.most} set={set('most')} inputMode="decimal" />
    </div>
  );
}

/** Said to everybody, and read out: what is looked for, and how many were found. */
function Status({ finder }: { finder: Finder }): JSX.Element {
  const { query, list, notes } = finder.found.value;
  const { rows, tail } = list.state.value;
  const { isBroad, tills } = notes.value;
  const count = tail === 'open' ? say.foundMany(rows.length) : say.found(rows.length);
  return (
    <p class="find-status" role="status">
      {finder.isLooking.value && `${say.looking} `}
      {query !== null && (
        <>
          <strong>{count}</strong>
          {isBroad && ` ${say.broad}`}
          <span class="quiet">
            {say.lookingFor}: {inWords(query, tills)}
          </span>
        </>
      )}
    </p>
  );
}

type FindProps = { finder: Finder; typed: Signal<string>; tills: string[]; nowMs: () => number };

export function Find({ finder, typed, tills, nowMs }: FindProps): JSX.Element {
  const filters = useSignal(NO_FILTERS);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => finder.look(queryOf(typed.value, filters.value, nowMs())), [typed.value, filters.value]);
  const isUsed = typed.value !== '' || filters.value !== NO_FILTERS;
  const clear = (): void => {
    typed.value = '';
    filters.value = NO_FILTERS;
    field.current?.focus();
  };
  return (
    <search>
      <form
        class="find"
        onSubmit={(event) => event.preventDefault()}
        onKeyDown={(event) => event.key === 'Escape' && clear()}
      >
        <div class="find-line">
          <label for="find-field">{say.label}</label>
          <input
            id="find-field"
            ref={field}
            type="search"
            value={typed.value}
            maxLength={SEARCH_TEXT_LENGTH_MAX}
            placeholder={say.example}
            autocomplete="off"
            spellcheck={false}
            aria-describedby="find-help"
            onInput={(event) => {
              typed.value = event.currentTarget.value;
            }}
          />
          {isUsed && (
            <button type="button" onClick={clear}>
              {say.clear}
            </button>
          )}
        </div>
        <p class="unseen" id="find-help">
          {say.help}
        </p>
        <details>
          <summary>
            <Icon name="chevron" />
            {say.more}
          </summary>
          <p class="quiet">{say.help}</p>
          <More filters={filters} tills={tills} />
        </details>
      </form>
      <Status finder={finder} />
    </search>
  );
}
