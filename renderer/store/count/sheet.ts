// One count sheet as this window knows it: what stands on it, read as it changes, and what this window writes on it.
import { batch, type ReadonlySignal, signal } from '@preact/signals';
import { COUNT_PAGE_MAX } from '../../../core/limits/count.ts';
import type { CountFigure, CountLine, SheetHead, Written } from '../../../protocol/local/rooms/count.ts';
import type { Agent } from '../agent.ts';
import { mintOp } from './ids.ts';

/** What somebody wants written; sent again under the same name until it is answered. */
export type Job =
  | { kind: 'add'; sku: string; quantity: number; more: boolean }
  | { kind: 'correct'; line: number; sku: string; quantity: number; again: boolean }
  | { kind: 'remove'; line: number; sku: string }
  | { kind: 'undo' };
type Named = { op: string; counter: string; job: Job };

export type Question = { job: Extract<Job, { quantity: number }>; sum: number; books: number | null };
export type Last = { job: Job; written: Extract<Written, { result: 'written' }> };

export type Sheet = {
  id: string;
  /** Undefined until it is read, null where it is gone. */
  head: ReadonlySignal<SheetHead | null | undefined>;
  lines: ReadonlySignal<ReadonlyMap<number, CountLine>>;
  figures: ReadonlySignal<ReadonlyMap<string, CountFigure>>;
  /** Written down, not answered yet. */
  waiting: ReadonlySignal<number>;
  /** The program did not answer the first of them. */
  isStuck: ReadonlySignal<boolean>;
  question: ReadonlySignal<Question | null>;
  last: ReadonlySignal<Last | null>;
  stopped: ReadonlySignal<Extract<Written, { result: 'stopped' }>['why'] | null>;
  /** Reads what changed, and sends again what was not answered. */
  follow(): Promise<void>;
  /** Names and books of these articles, where they are not known yet or `anew`. */
  look(skus: string[], anew?: boolean): Promise<void>;
  write(counter: string, job: Job): Promise<void>;
  /** The person is sure, or not: then nothing is written. */
  answer(isSure: boolean): Promise<void>;
};

export function openSheet({ ask }: Pick<Agent, 'ask'>, id: string): Sheet {
  const head = signal<SheetHead | null | undefined>(undefined);
  const lines = signal<ReadonlyMap<number, CountLine>>(new Map());
  const figures = signal<ReadonlyMap<string, CountFigure>>(new Map());
  const waiting = signal(0);
  const isStuck = signal(false);
  const question = signal<Question | null>(null);
  const last = signal<Last | null>(null);
  const stopped = signal<Extract<Written, { result: 'stopped' }>['why'] | null>(null);
  const jobs: Named[] = [];
  let through = 0;
  let reading: Promise<void> | null = null;
  let working: Promise<void> = Promise.resolve();
  let passes = 0;

  async function read(): Promise<void> {
    for (;;) {
      const after = through;
      const answer = await ask(async (client, abort) => ({
        page: await client.count.lines({ sheet: id, after, limit: COUNT_PAGE_MAX }, { signal: abort }),
      }));
      if (answer === null) return;
      const { page } = answer;
      if (page === null) {
        head.value = null;
        return;
      }
      const fresh = new Map(lines.value);
      for (const line of page.lines)
        if (line.revision > (fresh.get(line.line)?.revision ?? 0)) fresh.set(line.line, line);
      batch(() => {
        head.value = page.head;
        if (page.lines.length > 0) lines.value = fresh;
      });
      through = page.lines.at(-1)?.revision ?? through;
      if (page.lines.length < COUNT_PAGE_MAX) return;
    }
  }

  function send({ op, counter, job }: Named, sure: boolean): Promise<Written | null> {
    const change = { sheet: id, op, counter };
    return ask((client, abort): Promise<Written> => {
      const options = { signal: abort };
      switch (job.kind) {
        case 'add': {
          const { sku, quantity, more } = job;
          return client.count.add({ ...change, sku, quantity, more, sure }, options);
        }
        case 'correct': {
          const { line, quantity, again } = job;
          return client.count.correct({ ...change, line, quantity, again, sure }, options);
        }
        case 'remove':
          return client.count.remove({ ...change, line: job.line }, options);
        case 'undo':
          return client.count.undo(change, options);
      }
    });
  }

  async function work(): Promise<void> {
    while (question.value === null) {
      const [first] = jobs;
      if (first === undefined) break;
      const written = await send(first, false);
      isStuck.value = written === null;
      if (written === null) return;
      if (!took(first, written)) return;
    }
  }

  /** False where a person has to say something first. */
  function took({ job }: Named, written: Written): boolean {
    if (written.result === 'question') {
      if ('quantity' in job) question.value = { job, sum: written.sum, books: written.books };
      return false;
    }
    jobs.shift();
    batch(() => {
      waiting.value = jobs.length;
      stopped.value = written.result === 'stopped' ? written.why : null;
      if (written.result !== 'written') return;
      last.value = { job, written };
      head.value = written.head;
      lines.value = new Map(lines.value).set(written.line.line, written.line);
    });
    return true;
  }

  /** One pass behind the other, so that what was asked for first is written first. */
  const workOn = (): Promise<void> => {
    passes++;
    working = working.then(work).finally(() => {
      passes--;
    });
    return working;
  };

  return {
    ...{ id, head, lines, figures, waiting, isStuck, question, last, stopped },
    async follow() {
      if (jobs.length > 0 && passes === 0) void workOn();
      reading ??= read().finally(() => {
        reading = null;
      });
      await reading;
    },
    async look(skus, anew = false) {
      const wanted = [...new Set(skus)]
        .filter((sku) => sku !== '' && (anew || !figures.peek().has(sku)))
        .slice(0, COUNT_PAGE_MAX);
      if (wanted.length === 0) return;
      const told = await ask((client, abort) => client.count.figures({ skus: wanted }, { signal: abort }));
      if (told === null) return;
      const known = new Map(figures.value);
      for (const figure of told) known.set(figure.sku, figure);
      figures.value = known;
    },
    async write(counter, job) {
      jobs.push({ op: mintOp(), counter, job });
      waiting.value = jobs.length;
      await workOn();
    },
    async answer(isSure) {
      const [first] = jobs;
      if (question.value === null || first === undefined) return;
      if (isSure) {
        const written = await send(first, true);
        isStuck.value = written === null;
        if (written === null) return;
        question.value = null;
        took(first, written);
      } else {
        question.value = null;
        jobs.shift();
        waiting.value = jobs.length;
      }
      await workOn();
    },
  };
}
