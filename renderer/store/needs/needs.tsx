// What needs somebody in the store: a sentence, the next step, and the answers as buttons; nothing where nobody is needed.
import { useSignalEffect } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { ExceptionRow } from '../../../protocol/local/exceptions.ts';
import type { Snapshot } from '../../../protocol/local/window.ts';
import { Icon, StateSign } from '../../kit/icons.tsx';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';
import { inWords } from './in-words.ts';
import { needed, toActOn } from './notices.ts';
import { Found, Silent } from './own-words.tsx';
import { Asked, More } from './question.tsx';
import { openQuestions } from './questions.ts';

const say = words.needs;
/** A shop works off a few at a time; more would bury what matters. */
const SHOWN_MAX = 10;

function Others({ rows, nowMs }: { rows: ExceptionRow[]; nowMs: number }): JSX.Element | null {
  if (rows.length === 0) return null;
  return (
    <details class="others card">
      <summary>
        <Icon name="chevron" />
        {say.others(rows.length)}
      </summary>
      <ul>
        {rows.map((row) => {
          const { title, nextStep } = inWords(row);
          return (
            <li key={row.id}>
              <p>
                <strong>{title}.</strong> <span lang="en">{row.message}</span> {say.owners[row.owner]}: {nextStep}
              </p>
              <More row={row} nowMs={nowMs} />
            </li>
          );
        })}
      </ul>
    </details>
  );
}

function SetAsideNote({ count }: { count: number }): JSX.Element | null {
  if (count === 0) return null;
  return (
    <li>
      <Icon name="warning" />
      <p>
        <strong>{say.setAside(count)}.</strong> {say.setAsideTodo} <a href="#set-aside">{words.facts.lookBelow}</a>
      </p>
    </li>
  );
}

function Frame({ count, children }: { count: number; children: ComponentChildren }): JSX.Element {
  return (
    <section class="needs" data-tone="safe" aria-label={say.heading}>
      <h2>
        <StateSign name="needs" />
        {say.count(count)}
      </h2>
      <div>{children}</div>
    </section>
  );
}

export function NeedsYou({ agent, state }: { agent: Agent; state: Snapshot }): JSX.Element {
  const questions = useMemo(() => openQuestions(agent), [agent]);
  const status = useRef<HTMLParagraphElement>(null);
  useSignalEffect(() => {
    const latest = agent.snapshot.value;
    if (agent.connection.value === 'open' && latest !== null) void questions.follow(latest);
  });
  const rows = questions.rows.value;
  const own = rows.filter(({ owner }) => owner === 'store');
  const count = needed(state);
  const said = questions.said.value;
  const hidden = own.length - SHOWN_MAX;
  return (
    <>
      {/* The button that was pressed is gone: whoever works by keyboard goes on from what was said. */}
      <p class={said === '' ? 'unseen' : 'quiet'} role="status" tabIndex={-1} ref={status}>
        {said}
      </p>
      {count === 0 && said === '' && <p class="card empty">{say.nothing}</p>}
      {count > 0 && (
        <Frame count={count}>
          <ul>
            {toActOn(state).map((notice) => (
              <Found key={notice.code} notice={notice} state={state} />
            ))}
            {(state.silentTills ?? []).map((till) => (
              <Silent key={till.workstation} till={till} state={state} />
            ))}
            {own.slice(0, SHOWN_MAX).map((row) => (
              <Asked
                key={row.id}
                agent={agent}
                row={row}
                nowMs={state.nowMs}
                questions={questions}
                answered={() => status.current?.focus()}
              />
            ))}
            <SetAsideNote count={state.setAside} />
          </ul>
          {hidden > 0 && <p>{say.more(hidden)}</p>}
        </Frame>
      )}
      <Others rows={rows.filter(({ owner }) => owner !== 'store')} nowMs={state.nowMs} />
    </>
  );
}
