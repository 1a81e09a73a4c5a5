// A count sheet for paper: empty, to count with a pencil, or with what is written; black on white, A4, with page numbers.
import { useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { COUNT_PAGE_MAX, PAPER_BLANKS } from '../../../core/limits/count.ts';
import type { CountFigure, SheetHead } from '../../../protocol/local/rooms/count.ts';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';
import { linkTo } from '../place.ts';
import type { SheetProps } from './room.tsx';
import type { Sheet } from './sheet.ts';

const say = words.count.paper;

type Row = { key: string; sku: string; name: string; quantity: string; who: string };

/** All that should be there and is not written down yet, page by page. */
async function readUncounted(agent: Agent, sheet: string): Promise<CountFigure[] | null> {
  const rows: CountFigure[] = [];
  for (let after: string | null = null; ; ) {
    const from: string | null = after;
    const page: CountFigure[] | null = await agent.ask((client, signal) =>
      client.count.uncounted({ sheet, after: from, limit: COUNT_PAGE_MAX }, { signal }),
    );
    if (page === null) return null;
    rows.push(...page);
    after = page.at(-1)?.sku ?? null;
    if (page.length < COUNT_PAGE_MAX) return rows;
  }
}

const emptyRows = (uncounted: CountFigure[]): Row[] =>
  uncounted.map(({ sku, name }) => ({ key: sku, sku, name: name ?? '', quantity: '', who: '' }));

const blankRows = (many: number): Row[] =>
  Array.from({ length: many }, (_, index) => ({ key: `blank ${index}`, sku: '', name: '', quantity: '', who: '' }));

function writtenRows(sheet: Sheet): Row[] {
  return [...sheet.lines.value.values()]
    .filter(({ removed }) => !removed)
    .sort((a, b) => a.line - b.line)
    .map(({ line, sku, quantity, counter }) => ({
      ...{ key: String(line), sku, who: counter, quantity: words.count.units(quantity) },
      name: sheet.figures.value.get(sku)?.name ?? '',
    }));
}

function Table({ rows, isFilled }: { rows: Row[]; isFilled: boolean }): JSX.Element {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{say.columns.sku}</th>
          <th scope="col">{say.columns.name}</th>
          <th scope="col" class="paper-box">
            {say.columns.quantity}
          </th>
          <th scope="col" class="paper-box">
            {isFilled ? say.who : say.columns.second}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, sku, name, quantity, who }) => (
          <tr key={key}>
            {sku === '' ? <td /> : <th scope="row">{sku}</th>}
            <td>{name}</td>
            <td class="paper-box">{quantity}</td>
            <td class="paper-box">{who}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Paper(props: SheetProps & { head: SheetHead; isFilled: boolean }): JSX.Element {
  const { agent, sheet, head, isFilled } = props;
  const uncounted = useSignal<CountFigure[] | null>(null);
  useSignalEffect(() => {
    if (agent.connection.value !== 'open') return;
    if (isFilled) void lookAtAll(sheet);
    else {
      void readUncounted(agent, sheet.id).then((rows) => {
        if (rows !== null) uncounted.value = rows;
      });
    }
  });
  const listed = isFilled ? writtenRows(sheet) : emptyRows(uncounted.value ?? []);
  const rows = isFilled ? listed : [...listed, ...blankRows(PAPER_BLANKS)];
  const articles = new Set(listed.map(({ sku }) => sku)).size;
  return (
    <section class="count-paper">
      <p class="paper-acts">
        <button type="button" class="primary" onClick={() => window.print()}>
          {say.print}
        </button>
        <a href={linkTo('count', sheet.id)}>{words.count.acts.sheet}</a>
      </p>
      <article class="paper" lang={document.documentElement.lang}>
        <h2>{isFilled ? say.filled(head.area) : say.empty(head.area)}</h2>
        <p>
          {say.number} {head.number} · {say.begun} {say.when(head.begunMs)} · {say.articles(articles)}
        </p>
        {!isFilled && <p>{head.expected === 0 ? say.nothing : say.hint}</p>}
        <Table rows={rows} isFilled={isFilled} />
        <p class="paper-sign">{say.signature}</p>
      </article>
    </section>
  );
}

/** Names of all articles on the sheet. */
async function lookAtAll(sheet: Sheet): Promise<void> {
  const skus = [...new Set([...sheet.lines.value.values()].map(({ sku }) => sku))];
  for (let at = 0; at < skus.length; at += COUNT_PAGE_MAX) await sheet.look(skus.slice(at, at + COUNT_PAGE_MAX));
}
