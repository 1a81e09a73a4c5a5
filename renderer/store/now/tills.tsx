// Today's sales, returns and voids of each till.
import type { JSX } from 'preact';
import type { Snapshot } from '../../../protocol/local/window.ts';
import { clockSeconds, money, number } from '../../kit/format.ts';
import { words } from '../../kit/words.ts';

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

export function Tills({ state }: { state: Snapshot }): JSX.Element {
  const { tills } = state;
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
              <Row key={till.workstation} name={till.workstation} till={till} />
            ))}
          </tbody>
          {tills.length > 1 && (
            <tfoot>
              <Row name={say.all} till={allTills(tills)} />
            </tfoot>
          )}
        </table>
      )}
    </section>
  );
}
