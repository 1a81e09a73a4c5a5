// A document while it is typed: what stands in it, kept by the program a moment after each change, and handed over once.
import { type ReadonlySignal, signal } from '@preact/signals';
import type { GoodsContent, GoodsDraft, GoodsKept, GoodsLine } from '../../../protocol/local/rooms/goods.ts';
import type { Agent } from '../agent.ts';

/** How long somebody rests before what they typed is kept. */
const REST_MS = 250;
/** Between two attempts while the program does not answer. */
const RETRY_MS = 1_000;

/** stale: another window wrote it, and its text is shown. gone: thrown away or finished elsewhere. */
export type Keeping = 'saved' | 'saving' | 'unsaved' | 'stale' | 'gone';
export type Finished = { number: string; was: boolean };

export type DraftModel = {
  id: string;
  number: string;
  content: ReadonlySignal<GoodsContent>;
  keeping: ReadonlySignal<Keeping>;
  finished: ReadonlySignal<Finished | null>;
  change: (changed: Partial<GoodsContent>) => void;
  changeLine: (sku: string, changed: Partial<GoodsLine>) => void;
  removeLine: (sku: string) => void;
  /** Null where it is not known what became of it: asking again is harmless. */
  finish: (another: boolean) => Promise<GoodsKept | null>;
  close: () => void;
};

export function draftModel(agent: Pick<Agent, 'ask'>, draft: GoodsDraft): DraftModel {
  const content = signal(draft.content);
  const keeping = signal<Keeping>('saved');
  const finished = signal<Finished | null>(null);
  let version = draft.version;
  let isChanged = false;
  let isClosed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let turn: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    if (!isChanged) return;
    isChanged = false;
    const text = content.peek();
    const lines = text.lines.map((line) => ({ ...line, name: null }));
    const told = await agent.ask((client, signal_) =>
      client.goods.save({ id: draft.id, version, content: { ...text, lines } }, { signal: signal_ }),
    );
    if (told === null) {
      isChanged = true;
      keeping.value = 'unsaved';
      clearTimeout(timer);
      if (!isClosed) timer = setTimeout(() => void flush(), RETRY_MS);
    } else if (told.result === 'saved') {
      version = told.version;
      if (!isChanged) keeping.value = 'saved';
    } else if (told.result === 'stale') {
      version = told.draft.version;
      isChanged = false;
      content.value = told.draft.content;
      keeping.value = 'stale';
    } else if (told.result === 'kept') finished.value = { number: told.number, was: true };
    else keeping.value = 'gone';
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    turn = turn.then(write);
    return turn;
  }

  function become(next: GoodsContent): void {
    content.value = next;
    isChanged = true;
    keeping.value = 'saving';
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), REST_MS);
  }

  return {
    id: draft.id,
    number: draft.number,
    content,
    keeping,
    finished,
    change: (changed) => become({ ...content.peek(), ...changed }),
    changeLine(sku, changed) {
      const { lines, ...rest } = content.peek();
      const isThere = lines.some((line) => line.sku === sku);
      const fresh: GoodsLine = { sku, name: null, expected: null, quantity: '', damaged: '', ...changed };
      become({
        ...rest,
        lines: isThere ? lines.map((line) => (line.sku === sku ? { ...line, ...changed } : line)) : [...lines, fresh],
      });
    },
    removeLine(sku) {
      const { lines, ...rest } = content.peek();
      become({ ...rest, lines: lines.filter((line) => line.sku !== sku) });
    },
    async finish(another) {
      await flush();
      if (isChanged || finished.value !== null) return null;
      const told = await agent.ask((client, signal_) =>
        client.goods.keep({ id: draft.id, another }, { signal: signal_ }),
      );
      if (told?.result === 'kept') finished.value = { number: told.number, was: told.was };
      if (told?.result === 'gone') keeping.value = 'gone';
      return told;
    },
    close() {
      isClosed = true;
      void flush();
    },
  };
}
