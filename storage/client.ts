// The journal as the rest of the agent sees it: promises, answered by the storage worker.
import { Worker } from 'node:worker_threads';
import { Defect } from '../core/assert.ts';
import type { AppendOutcome, Captured } from '../core/captured.ts';
import { CAPTURE_QUEUE_MAX } from '../core/limits.ts';
import type { Appended } from './append.ts';
import type { Confirmed } from './confirm.ts';
import { JournalFault, reviveError } from './errors.ts';
import { listeners } from './listeners.ts';
import {
  type Answer,
  type Args,
  METHODS,
  type Method,
  type Request,
  type Result,
  type WorkerOptions,
} from './messages.ts';

export type StorageOptions = WorkerOptions;

type Calls = { [M in Method]: (...args: Args<M>) => Promise<Result<M>> };

export type Storage = Omit<Calls, 'appendTogether'> & {
  store: string;
  /**
   * Resolves when the answer is on disk. Rejects with JournalFault where that is unknown (the till must ask again with
   * the same key, L1), with Defect for a fact that no way in should have let through.
   */
  append(captured: Captured): Promise<AppendOutcome>;
  /** As many single appends; each has its own answer. */
  appendMany(captures: Captured[]): Promise<AppendOutcome[]>;
  /** The documents of one receipt: all of them or none. Rejects as `append` does. */
  appendTogether(captures: Captured[]): Promise<AppendOutcome[]>;
  /** Calls back after each group that kept something, with the newest sequence number. Returns how to stop. */
  onCaptured(listener: (seq: number) => void): () => void;
  /** Calls back whenever the confirmed book has come to a cut that a mark stated, also where it was there already. */
  onConfirmed(listener: (confirmed: Confirmed) => void): () => void;
  /** Calls back with the reason when the book cannot go on; all else does, and it is tried again. */
  onBookStopped(listener: (reason: string) => void): () => void;
  /** Calls back once when the journal failed: the owner exits and is started anew. */
  onFault(listener: (error: Error) => void): () => void;
  /** Answers what waits, then releases the folder. */
  close(): Promise<void>;
};

type Pending = { resolve: (value: never) => void; reject: (error: Error) => void };

/** Opens the journal of a folder in a thread of its own. Rejects with what `openJournal` throws. */
export async function startStorage(options: StorageOptions): Promise<Storage> {
  const { folder, mirrorFolder, store } = options;
  const worker = new Worker(new URL('./storage-worker.ts', import.meta.url), {
    workerData: { folder, mirrorFolder, store } satisfies WorkerOptions,
  });
  const line = openLine(worker);
  await line.opened;
  const call = <M extends Method>(method: M, ...args: Args<M>): Promise<Result<M>> =>
    line.ask((id) => ({ kind: 'call', id, method, args }));
  const calls = Object.fromEntries(
    METHODS.map((method) => [method, (...args: Args<typeof method>) => call(method, ...args)]),
  ) as unknown as Calls;
  return {
    ...calls,
    store,
    append: line.append,
    appendTogether: async (captures) => (await call('appendTogether', captures)).flatMap(withoutDefects),
    appendMany: (captures) => Promise.all(captures.map(line.append)),
    onCaptured: line.captured.listen,
    onConfirmed: line.confirmed.listen,
    onBookStopped: line.stopped.listen,
    onFault: line.faults.listen,
    close: () => line.close(),
  };
}

function openLine(worker: Worker) {
  const captured = listeners<number>();
  const confirmed = listeners<Confirmed>();
  const stopped = listeners<string>();
  const faults = listeners<Error>();
  const pending = new Map<number, Pending>();
  const { promise: opened, ...opening } = Promise.withResolvers<void>();
  let outgoing: { id: number; captured: Captured }[] = [];
  let nextId = 1;
  let queued = 0;
  let fault: Error | null = null;
  let closing = false;

  function fail(error: Error): void {
    if (fault !== null) return;
    fault = error;
    opening.reject(error);
    for (const waiting of pending.values()) waiting.reject(error);
    pending.clear();
    if (!closing) faults.tell(error);
  }

  function expect<Value>(): { id: number; answer: Promise<Value> } {
    const id = nextId++;
    if (fault !== null) return { id, answer: Promise.reject(fault) };
    const { promise, resolve, reject } = Promise.withResolvers<Value>();
    pending.set(id, { resolve: resolve as Pending['resolve'], reject });
    return { id, answer: promise };
  }

  function take(id: number): Pending | undefined {
    const waiting = pending.get(id);
    pending.delete(id);
    return waiting;
  }

  worker.on('message', (answer: Answer) => {
    switch (answer.kind) {
      case 'opened':
        return opening.resolve();
      case 'fault':
        return fail(reviveError(answer.error));
      case 'appended':
        queued -= answer.outcomes.length;
        for (const { id, outcome } of answer.outcomes) settle(take(id), outcome);
        if (answer.seq !== null) captured.tell(answer.seq);
        return;
      case 'confirmed':
        return confirmed.tell(answer.confirmed);
      case 'book-stopped':
        return stopped.tell(answer.reason);
      case 'result':
        return take(answer.id)?.resolve(answer.value as never);
      case 'refused':
        return take(answer.id)?.reject(reviveError(answer.error));
    }
  });
  worker.on('error', (error) => {
    const why = error instanceof Error ? error.message : String(error);
    fail(new JournalFault(`The storage thread failed: ${why}`, { cause: error }));
  });
  worker.on('exit', () => fail(new JournalFault('The storage thread has ended; the journal is closed.')));

  /** What is captured in one turn of the loop goes over in one message. */
  function send(): void {
    const captures = outgoing;
    outgoing = [];
    worker.postMessage({ kind: 'append', captures } satisfies Request);
  }

  return {
    opened,
    captured,
    confirmed,
    stopped,
    faults,
    append(item: Captured): Promise<AppendOutcome> {
      if (queued >= CAPTURE_QUEUE_MAX) return Promise.resolve(QUEUE_FULL);
      const { id, answer } = expect<AppendOutcome>();
      if (fault !== null) return answer;
      queued++;
      if (outgoing.length === 0) queueMicrotask(send);
      outgoing.push({ id, captured: item });
      return answer;
    },
    ask<Value>(request: (id: number) => Request): Promise<Value> {
      const { id, answer } = expect<Value>();
      if (fault === null) worker.postMessage(request(id));
      return answer;
    },
    async close(): Promise<void> {
      if (fault !== null) return;
      closing = true;
      if (outgoing.length > 0) send();
      const ended = new Promise((resolve) => worker.once('exit', resolve));
      const { id, answer } = expect<void>();
      worker.postMessage({ kind: 'close', id } satisfies Request);
      await answer;
      await ended;
    },
  };
}

function settle(waiting: Pending | undefined, outcome: Appended): void {
  if (outcome.kind === 'defect') waiting?.reject(new Defect(outcome.message));
  else waiting?.resolve(outcome as never);
}

const withoutDefects = (outcome: Appended): AppendOutcome[] => (outcome.kind === 'defect' ? [] : [outcome]);

const QUEUE_FULL: AppendOutcome = {
  kind: 'refused',
  reason: 'queue-full',
  message: 'Too many sales are waiting to be written at this moment: send this one again in a second.',
};
