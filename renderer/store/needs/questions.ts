// The open questions of this store, read again whenever they change, and how one is answered.
import { type ReadonlySignal, signal } from '@preact/signals';
import type { ExceptionRow } from '../../../protocol/local/exceptions.ts';
import type { Snapshot } from '../../../protocol/local/window.ts';
import { words } from '../../kit/words.ts';
import type { Agent } from '../agent.ts';

export type Questions = {
  rows: ReadonlySignal<ExceptionRow[]>;
  /** The question that is being answered. */
  answering: ReadonlySignal<string | null>;
  /** What came of the last answer. */
  said: ReadonlySignal<string>;
  /** Reads them again where the snapshot says that they changed. */
  follow: (state: Snapshot) => Promise<void>;
  /** `note` goes with the answer; empty where there is none. */
  answer: (exception: string, option: string, note: string) => Promise<void>;
};

const keyOf = ({ exceptions: { store, others, newestMs } }: Snapshot): string => `${store} ${others} ${newestMs}`;

export function openQuestions({ ask }: Pick<Agent, 'ask'>): Questions {
  const rows = signal<ExceptionRow[]>([]);
  const answering = signal<string | null>(null);
  const said = signal('');
  let shown = '';

  async function read(key: string): Promise<void> {
    const answer = await ask((client, abort) => client.needs.list(undefined, { signal: abort }));
    if (answer === null) return;
    shown = key;
    rows.value = answer;
  }

  return {
    rows,
    answering,
    said,
    async follow(state) {
      const key = keyOf(state);
      if (key !== shown) await read(key);
    },
    async answer(exception, option, note) {
      if (answering.value !== null) return;
      answering.value = exception;
      said.value = '';
      const decision = note.trim() === '' ? { exception, option } : { exception, option, note: note.trim() };
      const told = await ask((client, abort) => client.needs.decide(decision, { signal: abort }));
      answering.value = null;
      said.value = told === null ? words.needs.unanswered : told.sentence;
      // The list may tell of the answer before the snapshot does.
      if (told?.result === 'decided' || told?.result === 'already-decided') {
        rows.value = rows.value.filter(({ id }) => id !== exception);
      }
      await read('');
    },
  };
}
