// Parts of a receipt's life: its lines and sums, and the documents that it goes with.
import type { JSX } from 'preact';
import type { LifeLine, ReceiptLife, TiedDocument } from '../../../protocol/local/receipt-life.ts';
import { money, tradingDay } from '../../kit/format.ts';
import { units } from '../../kit/units.ts';
import { words } from '../../kit/words.ts';
import { linkTo } from '../place.ts';

const say = words.life;

const amountOf = (amount: number | null, currency: string | null): string =>
  amount === null || currency === null ? words.unknown : money(amount, currency);

function Article({ sku, gtin, name, description, notGoods, expected }: LifeLine): JSX.Element {
  const isOther = name !== null && description !== null && name !== description;
  const more = [...(gtin === null ? [] : [gtin]), ...(notGoods ? [say.notGoods] : [])];
  if (isOther) more.push(say.calledThere(description));
  if (expected !== null) more.push(say.expected(units(expected)));
  return (
    <>
      {notGoods ? sku : <a href={linkTo('stock', sku)}>{sku}</a>} {name ?? description}
      {more.length > 0 && <span class="quiet"> {more.join(', ')}</span>}
    </>
  );
}

export function Lines({ life }: { life: ReceiptLife }): JSX.Element | null {
  const { lines, total, currency, tenders, reason } = life;
  return (
    <>
      {lines.length > 0 && (
        <section class="life-lines">
          <h3>{say.lines}</h3>
          <table class="table">
            <thead>
              <tr>
                <th scope="col">{say.line}</th>
                <th scope="col">{say.article}</th>
                <th scope="col" class="number">
                  {say.quantity}
                </th>
                <th scope="col" class="number">
                  {say.amount}
                </th>
              </tr>
            </thead>
            <tbody>
              {lines.map((line) => (
                <tr key={line.line}>
                  <td>{line.line}</td>
                  <th scope="row" class="life-article">
                    <Article {...line} />
                  </th>
                  <td class="number">{units(line.quantity)}</td>
                  <td class="number">{amountOf(line.amount, currency)}</td>
                </tr>
              ))}
            </tbody>
            {total !== null && (
              <tfoot>
                <tr>
                  <td />
                  <th scope="row">{say.total}</th>
                  <td />
                  <td class="number">{amountOf(total, currency)}</td>
                </tr>
              </tfoot>
            )}
          </table>
        </section>
      )}
      {tenders.length > 0 && (
        <p>
          {say.tenders}: {tenders.map(({ type, amount }) => `${type} ${amountOf(amount, currency)}`).join(', ')}
        </p>
      )}
      {reason !== null && (
        <p>
          {say.reason}: {reason}
        </p>
      )}
    </>
  );
}

function Tied({ document, how }: { document: TiedDocument; how: 'names' | 'namedBy' }): JSX.Element {
  const { tie, kind, number, workstation, businessDate, store, at } = document;
  const what = kind === null ? say.receipt : words.recent.kinds[kind];
  const where = [
    ...(workstation === null ? [] : [workstation]),
    ...(businessDate === null ? [] : [tradingDay(businessDate)]),
    ...(store === null ? [] : [say.ofStore(store)]),
    ...(at === null ? [say.notHere] : []),
  ].join(', ');
  const name = `${what} ${number}`;
  return (
    <li>
      {say.ties[tie][how]} {at === null ? name : <a href={linkTo('receipts', `${at.epoch}:${at.seq}`)}>{name}</a>}
      {where !== '' && ` (${where})`}
    </li>
  );
}

/** What it names and what names it, each with the way there. */
export function Ties({ life: { names, namedBy } }: { life: ReceiptLife }): JSX.Element | null {
  if (names.length + namedBy.length === 0) return null;
  const keyOf = ({ tie, number, workstation, at }: TiedDocument): string =>
    `${tie}/${number}/${workstation}/${at?.epoch}:${at?.seq}`;
  return (
    <section>
      <h3>{say.tied}</h3>
      <ul>
        {names.map((document) => (
          <Tied key={keyOf(document)} document={document} how="names" />
        ))}
        {namedBy.map((document) => (
          <Tied key={keyOf(document)} document={document} how="namedBy" />
        ))}
      </ul>
    </section>
  );
}
