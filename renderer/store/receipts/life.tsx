// The life of one receipt on its own: rung up, taken in, confirmed with its proof, what became of it, what it goes with.
import { type Signal, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ReceiptLife } from '../../../protocol/local/receipt-life.ts';
import type { Snapshot } from '../../../protocol/local/window.ts';
import { moment, tradingDay } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';
import { linkTo } from '../place.ts';
import { Lines, Ties } from './life-parts.tsx';
import { Proof } from './proof.tsx';
import { type Place, shownNumber } from './rows.ts';

const say = words.life;

type LifeProps = { agent: Agent; place: Place; state: Snapshot };

/** Undefined until it is answered. Read again while something about it may still change. */
function useLife(agent: Agent, { epoch, seq }: Place): Signal<ReceiptLife | null | undefined> {
  const life = useSignal<ReceiptLife | null | undefined>(undefined);
  const isAsking = useRef(false);
  const told = useRef('');
  useSignalEffect(() => {
    const state = agent.snapshot.value;
    if (agent.connection.value !== 'open' || state === null) return;
    const known = life.peek();
    const news = `${state.settled}/${state.exceptions.newestMs}`;
    const isDone = known !== undefined && told.current === news;
    if (isAsking.current || isDone) return;
    isAsking.current = true;
    void agent
      .ask(async (client, signal) => ({ answer: await client.receipts.life({ epoch, seq }, { signal }) }))
      .then((heard) => {
        isAsking.current = false;
        if (heard === null) return;
        told.current = news;
        life.value = heard.answer;
      });
  });
  return life;
}

function Steps({ life, state }: { life: ReceiptLife; state: Snapshot }): JSX.Element {
  const { nowMs } = state;
  const hasOneCopy = state.notices.some(({ code }) => code === 'one-copy-only');
  const { settledMs, outcome, operator } = life;
  const occurredMs = Date.parse(life.occurred);
  return (
    <ol class="life-steps" aria-label={say.steps}>
      <li>
        <Icon name="check" />
        <p>
          {say.rungUp(occurredMs, nowMs)}
          {operator !== null && `, ${say.operator(operator)}`}
        </p>
      </li>
      <li>
        <Icon name="check" />
        <p>
          {say.takenIn(life.recordedMs, nowMs)}. {hasOneCopy ? say.oneCopy : say.twoCopies}{' '}
          {life.again > 0 && say.again(life.again)}
        </p>
      </li>
      <li data-state={settledMs === null ? 'waiting' : 'confirmed'}>
        <Icon name={settledMs === null ? 'clock' : 'check'} />
        <div>
          <p>
            <strong>{settledMs === null ? say.notConfirmed : say.confirmedAt(settledMs, nowMs)}</strong>
            {settledMs === null && `. ${say.safe}`}
          </p>
          {settledMs !== null && <Proof life={life} />}
        </div>
      </li>
      <li>
        <Icon name="info" />
        <div>
          <p>
            <strong>{say.became}:</strong> {outcome === null ? say.noOutcome : outcome.sentence}
          </p>
          {outcome !== null && outcome.lines.length > 0 && (
            <ul>
              {outcome.lines.map(({ line, sku, sentence }) => (
                <li key={line}>
                  {words.recent.line(line, sku)}: {sentence}
                </li>
              ))}
            </ul>
          )}
        </div>
      </li>
    </ol>
  );
}

function Later({ life }: { life: ReceiptLife }): JSX.Element {
  return (
    <>
      {life.corrections.length > 0 && (
        <section>
          <h3>{say.corrections}</h3>
          {life.corrections.map((sentence, index) => (
            <p key={`${index}:${sentence}`}>{sentence}</p>
          ))}
        </section>
      )}
      {life.questions.length > 0 && (
        <section>
          <h3>{say.questions}</h3>
          <ul>
            {life.questions.map(({ type, title, message, answer }) => (
              <li key={`${type}${message}`}>
                <strong>{title}.</strong> {message} {answer === null ? say.open : say.answered(answer)}
                {answer === null && <a href={linkTo('needs')}> {words.rooms.names.needs}</a>}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Whole({ life, state }: { life: ReceiptLife; state: Snapshot }): JSX.Element {
  return (
    <>
      <p class="quiet">{say.where(life.workstation, tradingDay(life.businessDate))}</p>
      <Steps life={life} state={state} />
      <Lines life={life} />
      <Ties life={life} />
      <Later life={life} />
      <p class="print-only quiet">
        {words.store(state.store)} · {moment(state.nowMs, 0)}
      </p>
    </>
  );
}

export function Life({ agent, place, state }: LifeProps): JSX.Element {
  const life = useLife(agent, place);
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  const told = life.value;
  const name =
    told === null || told === undefined
      ? words.recent.heading
      : say.title(words.recent.kinds[told.kind], shownNumber(told));
  return (
    <section class="card life" aria-labelledby="life-heading">
      <div class="card-head">
        <h2 id="life-heading" ref={heading} tabIndex={-1}>
          {name}
        </h2>
        <p class="life-ways">
          {told !== null && told !== undefined && (
            <button type="button" onClick={() => window.print()}>
              {say.print}
            </button>
          )}
          <a href={linkTo('receipts')}>{say.back}</a>
        </p>
      </div>
      {told === undefined && <p class="quiet">{say.loading}</p>}
      {told === null && <p>{say.absent}</p>}
      {told !== null && told !== undefined && <Whole life={told} state={state} />}
    </section>
  );
}
