// One question: what happened, what to do and by when, the documents behind it, why, and the answers as buttons.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { TEXT_LENGTH_MAX } from '../../../core/limits.ts';
import type { EvidenceRow, ExceptionRow } from '../../../protocol/local/exceptions.ts';
import { Icon } from '../../kit/icons.tsx';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';
import { linkTo } from '../place.ts';
import { ShelfHistory } from './history.tsx';
import { inWords } from './in-words.ts';
import type { Questions } from './questions.ts';

const say = words.needs;

function Evidence({ rows }: { rows: EvidenceRow[] }): JSX.Element | null {
  // A decision of head office is no document that somebody could look at here.
  const documents = rows.flatMap(({ name, kind, number, workstation }) =>
    kind === null || number === null
      ? []
      : [{ name, number, text: say.document(words.recent.kinds[kind], number, workstation ?? '') }],
  );
  if (documents.length === 0) return null;
  return (
    <>
      {` ${say.see}: `}
      {documents.map(({ name, number, text }, index) => (
        <span key={name}>
          {index > 0 && '; '}
          <a href={linkTo('receipts', number)}>{text}</a>
        </span>
      ))}
      .
    </>
  );
}

export function More({ row, nowMs }: { row: ExceptionRow; nowMs: number }): JSX.Element {
  const isOverdue = row.deadlineMs < nowMs;
  return (
    <p class="question-more">
      {isOverdue && <strong class="overdue">{say.overdue}</strong>}
      <time dateTime={new Date(row.deadlineMs).toISOString()}>
        {isOverdue ? say.wasDue(row.deadlineMs, nowMs) : say.due(row.deadlineMs, nowMs)}
      </time>
      <Evidence rows={row.evidence} />
      {row.soFar && ` ${say.soFar}`}
    </p>
  );
}

function Note({ title, text, write }: { title: string; text: string; write: (text: string) => void }): JSX.Element {
  return (
    <details class="note">
      <summary>
        <Icon name="chevron" />
        {say.addNote}
      </summary>
      <label>
        <span>{say.noteHint}</span>
        <textarea
          aria-label={say.note(title)}
          rows={2}
          maxLength={TEXT_LENGTH_MAX}
          value={text}
          onInput={(event) => write(event.currentTarget.value)}
        />
      </label>
    </details>
  );
}

type AskedProps = { agent: Agent; row: ExceptionRow; nowMs: number; questions: Questions; answered: () => void };

export function Asked({ agent, row, nowMs, questions, answered }: AskedProps): JSX.Element {
  const note = useSignal('');
  const { title, nextStep, options } = inWords(row);
  const choose = async (option: string): Promise<void> => {
    await questions.answer(row.id, option, note.value);
    answered();
  };
  return (
    <li>
      <Icon name="warning" />
      <div class="question">
        <p>
          <strong>{title}.</strong> {row.article !== null && `${row.article}: `}
          <span lang="en">{row.message}</span> {nextStep}
        </p>
        <More row={row} nowMs={nowMs} />
        <fieldset class="question-answers" aria-label={say.answers(title)}>
          {options.map(({ name, words: button }) => (
            <button
              key={name}
              type="button"
              disabled={questions.answering.value === row.id}
              onClick={() => void choose(name)}
            >
              {button}
            </button>
          ))}
        </fieldset>
        <div class="question-why">
          {row.sku !== null && <ShelfHistory agent={agent} sku={row.sku} nowMs={nowMs} />}
          <Note
            title={title}
            text={note.value}
            write={(text) => {
              note.value = text;
            }}
          />
        </div>
      </div>
    </li>
  );
}
