// Today's sales, returns and voids of each till, and beside each what lacks or differs.
import type { JSX } from 'preact';
import type { TillCheck } from '../../../protocol/local/exceptions.ts';
import type { Snapshot } from '../../../protocol/local/window.ts';
import { clockSeconds, moment, money, number, tradingDay } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { words } from '../../kit/words.ts';
import { OtherTills } from './other-tills.tsx';

const say = words.tills;
type Till = Snapshot['tills'][number];

/** The sum of all tills; its amount is null where one is unknown or the currencies differ. */
export function allTills(tills: Till[]): Omit<Till, 'workstation'> {
  const [first] = tills;
  const summable = tills.every((till) => till.amount !== null && till.currency === first?.currency);
  const sum = (of: (till: Till) => number): number => tills.reduce((total, till) => total + of(till), 0);
  return {
    sales: sum((till) => till.sales),
    returns: sum((till) => till.returns),
    voids: sum((till) => till.voids),
    amount: summable ? sum((till) => till.amount ?? 0) : null,
    currency: summable ? (first?.currency ?? null) : null,
    lastMs: Math.max(0, ...tills.map((till) => till.lastMs)),
  };
}

function Row({ name, till }: { name: string; till: Omit<Till, 'workstation'> }): JSX.Element {
  const { amount, currency } = till;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td class="number">{number(till.sales)}</td>
      <td class="number">{number(till.returns)}</td>
      <td class="number">{number(till.voids)}</td>
      <td class="number">{amount === null || currency === null ? words.unknown : money(amount, currency)}</td>
      <td class="number">{clockSeconds(till.lastMs)}</td>
    </tr>
  );
}

function Notes({ sentences }: { sentences: string[] }): JSX.Element {
  return (
    <ul>
      {sentences.map((sentence) => (
        <li key={sentence}>
          <Icon name="warning" />
          <span>{sentence}</span>
        </li>
      ))}
    </ul>
  );
}

/** Checks of a till beside it; those of yesterday, and of tills that sold nothing, are left over. */
export function notesOf({ tills, tillChecks, businessDate, silentTills = [], nowMs }: Snapshot): {
  beside: Map<string, string[]>;
  other: TillCheck[];
  /** Sentences about silent tills that sold nothing today. */
  silent: string[];
} {
  const listed = new Set(tills.map(({ workstation }) => workstation));
  const isBeside = (check: TillCheck): boolean => check.businessDate === businessDate && listed.has(check.workstation);
  const beside = new Map(tillChecks.filter(isBeside).map(({ workstation, sentences }) => [workstation, sentences]));
  for (const { workstation, lastMs } of silentTills.filter((till) => listed.has(till.workstation))) {
    beside.set(workstation, [say.silent(moment(lastMs, nowMs)), ...(beside.get(workstation) ?? [])]);
  }
  return {
    beside,
    other: tillChecks.filter((check) => !isBeside(check)),
    silent: silentTills
      .filter(({ workstation }) => !listed.has(workstation))
      .map(({ workstation, lastMs }) => say.silentTill(workstation, moment(lastMs, nowMs))),
  };
}

function Rows({ till, sentences }: { till: Till; sentences: string[] }): JSX.Element {
  return (
    <>
      <Row name={till.workstation} till={till} />
      {sentences.length > 0 && (
        <tr class="till-note">
          <td colSpan={6}>
            <Notes sentences={sentences} />
          </td>
        </tr>
      )}
    </>
  );
}

function OtherNotes({ checks, silent }: { checks: TillCheck[]; silent: string[] }): JSX.Element | null {
  if (checks.length + silent.length === 0) return null;
  const found = checks.flatMap(({ businessDate, sentences: told }) =>
    told.map((sentence) => say.onDay(tradingDay(businessDate), sentence)),
  );
  return (
    <section class="till-notes" aria-label={say.other}>
      <Notes sentences={[...silent, ...found]} />
    </section>
  );
}

export function Tills({ state }: { state: Snapshot }): JSX.Element {
  const { tills } = state;
  const { beside, other, silent } = notesOf(state);
  return (
    <section class="card tills" aria-labelledby="tills-heading">
      <h2 id="tills-heading">{say.heading}</h2>
      {tills.length === 0 ? (
        <p class="empty">{say.empty}</p>
      ) : (
        <table class="table" aria-labelledby="tills-heading">
          <thead>
            <tr>
              <th scope="col">{say.till}</th>
              {[say.sales, say.returns, say.voids, say.amount, say.last].map((name) => (
                <th key={name} scope="col" class="number">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {tills.map((till) => (
              <Rows key={till.workstation} till={till} sentences={beside.get(till.workstation) ?? []} />
            ))}
          </tbody>
          {tills.length > 1 && (
            <tfoot>
              <Row name={say.all} till={allTills(tills)} />
            </tfoot>
          )}
        </table>
      )}
      <OtherNotes checks={other} silent={silent} />
      <OtherTills state={state} />
    </section>
  );
}
