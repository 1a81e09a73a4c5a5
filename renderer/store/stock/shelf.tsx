// One article: how many there are, so far and confirmed, when it was counted, what is asked about it, and why.
import { type ReadonlySignal, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { ExceptionRow, ShelfStep } from '../../../protocol/local/exceptions.ts';
import type { ShelfCard } from '../../../protocol/local/rooms/stock.ts';
import { moment } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { units } from '../../kit/units.ts';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';
import { bookMark } from '../changed.ts';
import { inWords } from '../needs/in-words.ts';
import { linkTo } from '../place.ts';
import { AsOf } from './as-of.tsx';
import { OnHandChart } from './on-hand.tsx';
import { Product } from './product.tsx';
import { ProposedHere } from './proposed.tsx';

const say = words.stock;
/** A long history is read from its end. */
const STEPS_SHOWN = 50;

function Figure({ name, value, isMain }: { name: string; value: string; isMain?: boolean }): JSX.Element {
  return (
    <div class={isMain === true ? 'figure main' : 'figure'}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function confirmedWords({ row, confirmed }: ShelfCard): string {
  if (!row.soFar) return say.confirmed;
  return confirmed === null ? say.confirmedNothing : say.confirmedWas(units(confirmed.onHand));
}

/** How far head office has confirmed it, and when it was counted last. */
function Standing({ card, nowMs }: { card: ShelfCard; nowMs: number }): JSX.Element {
  const { row, lastCount } = card;
  return (
    <>
      <p class={row.soFar ? 'so-far' : undefined}>
        <Icon name={row.soFar ? 'clock' : 'check'} />
        {confirmedWords(card)}
      </p>
      <p>
        {lastCount === null
          ? say.neverCounted
          : say.lastCount(moment(lastCount.atMs, nowMs), units(lastCount.counted), lastCount.document)}
      </p>
    </>
  );
}

function Figures({ card, nowMs }: { card: ShelfCard; nowMs: number }): JSX.Element {
  const { row } = card;
  return (
    <section class="card shelf" aria-labelledby="shelf-heading">
      <p>
        <a href={linkTo('stock')}>{say.back}</a>
      </p>
      <h2 id="shelf-heading">{row.name ?? row.sku}</h2>
      <p class="quiet">{[row.sku, row.gtin === null ? [] : [say.code(row.gtin)]].flat().join(' · ')}</p>
      <dl class="figures">
        <Figure name={say.onHand} value={row.known ? units(row.onHand) : say.uncounted} isMain />
        <Figure name={say.reserved} value={units(row.reserved)} />
        <Figure name={say.coming} value={units(row.coming)} />
        <Figure name={say.damaged} value={units(row.damaged)} />
      </dl>
      {!row.known && <p>{say.uncountedWhy(units(row.onHand))}</p>}
      {card.asOfMs === undefined ? <Standing card={card} nowMs={nowMs} /> : <AsOf atMs={card.asOfMs} nowMs={nowMs} />}
    </section>
  );
}

function Questions({ rows }: { rows: ExceptionRow[] }): JSX.Element | null {
  if (rows.length === 0) return null;
  return (
    <section class="card" aria-labelledby="shelf-questions">
      <h2 id="shelf-questions">{say.questions}</h2>
      <ul class="plain-list">
        {rows.map((row) => (
          <li key={row.id}>
            <strong>{inWords(row).title}.</strong> {row.message} <a href={linkTo('needs')}>{say.toQuestions}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}

const nameOf = ({ kind, number, workstation, name }: ShelfStep): string =>
  kind === null || number === null
    ? words.history.decision(name)
    : words.needs.document(words.recent.kinds[kind], number, workstation ?? '');

function Step({ step, nowMs }: { step: ShelfStep; nowMs: number }): JSX.Element {
  return (
    <li>
      <time dateTime={new Date(step.atMs).toISOString()}>{words.history.when(step.atMs, nowMs)}</time>
      <p>
        {step.number === null ? (
          <strong>{nameOf(step)}.</strong>
        ) : (
          <a href={linkTo('receipts', step.name)}>{nameOf(step)}</a>
        )}{' '}
        {step.sentence} <span class="then">{words.history.onHand(units(step.onHand))}</span>
      </p>
    </li>
  );
}

function History({ card, nowMs }: { card: ShelfCard; nowMs: number }): JSX.Element {
  const isWhole = useSignal(false);
  const { sku, steps, readings } = card.story;
  const newest = steps.toReversed();
  const shown = isWhole.value ? newest : newest.slice(0, STEPS_SHOWN);
  return (
    <section class="card shelf-why" aria-labelledby="shelf-why">
      <h2 id="shelf-why">{say.why}</h2>
      <OnHandChart sku={sku} steps={steps} nowMs={nowMs} />
      <p class="quiet">{say.newestFirst}</p>
      <ol class="steps">
        {shown.map((step) => (
          <Step key={step.name} step={step} nowMs={nowMs} />
        ))}
      </ol>
      {shown.length < newest.length && (
        <button
          type="button"
          onClick={() => {
            isWhole.value = true;
          }}
        >
          {say.older(newest.length - shown.length)}
        </button>
      )}
      {readings.length > 0 && (
        <>
          <h3>{say.otherwise}</h3>
          {readings.map(({ without, onHand }) => {
            const left = steps.find(({ name }) => name === without);
            const name = left === undefined ? without : nameOf(left);
            return <p key={without}>{words.history.without(name, units(onHand))}</p>;
          })}
        </>
      )}
    </section>
  );
}

type Read = { card: ShelfCard | null; questions: ExceptionRow[] };
type ShelfProps = { agent: Agent; sku: string; now: ReadonlySignal<number> };

/** Asked for again when something was captured, confirmed or decided. */
function useShelf(agent: Agent, sku: string): Read | undefined {
  const read = useSignal<Read | undefined>(undefined);
  const last = useRef('');
  useSignalEffect(() => {
    const state = agent.snapshot.value;
    if (agent.connection.value !== 'open' || state === null) return;
    const of = bookMark(state);
    if (of === last.current) return;
    last.current = of;
    void agent
      .ask(async (client, signal): Promise<Read> => {
        const [card, asked] = await Promise.all([
          client.stock.shelf({ sku }, { signal }),
          client.needs.list(undefined, { signal }),
        ]);
        return { card, questions: asked.filter((row) => row.sku === sku) };
      })
      .then((found) => {
        if (found !== null) read.value = found;
      });
  });
  return read.value;
}

export function ShelfPage({ agent, sku, now }: ShelfProps): JSX.Element {
  const read = useShelf(agent, sku);
  if (read === undefined) return <p class="card">{say.loading}</p>;
  const { card, questions } = read;
  if (card === null) {
    return (
      <section class="card">
        <p>
          <a href={linkTo('stock')}>{say.back}</a>
        </p>
        <p>{say.unknownArticle(sku)}</p>
      </section>
    );
  }
  return (
    <>
      <Figures card={card} nowMs={now.value} />
      <Questions rows={questions} />
      <ProposedHere agent={agent} sku={sku} />
      <Product agent={agent} sku={sku} nowMs={now.value} />
      {card.asOfMs === undefined && <History card={card} nowMs={now.value} />}
    </>
  );
}
