// The journal's own thread: drains what waits into groups, one transaction each, and answers when it is on disk.
import { randomBytes } from 'node:crypto';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { assert } from '../core/assert.ts';
import { sameEpoch } from '../core/chain.ts';
import { GROUP_COMMIT_MAX, MIRROR_RETRY_MS } from '../core/limits.ts';
import type { Worked } from './book.ts';
import { JournalFault, tellError } from './errors.ts';
import { type Journal, openJournal } from './journal.ts';
import type { Answer, Request, WorkerOptions } from './messages.ts';

assert(parentPort !== null, 'the storage worker is started by storage/client.ts');
serve(parentPort, workerData as WorkerOptions);

function serve(port: MessagePort, options: WorkerOptions): void {
  const tell = (answer: Answer, transfer: ArrayBuffer[] = []): void => port.postMessage(answer, transfer);
  const waiting: Extract<Request, { kind: 'append' }>['captures'] = [];
  let journal: Journal;
  let isWorking = false;
  let hasEnded = false;
  /** Why the book stands still, as people were told; unknown after a start. */
  let stopped: string | null | undefined;
  try {
    journal = openJournal({
      ...options,
      clock: { wallMs: Date.now, monotonicMs: () => performance.now() },
      randomHex: (bytes) => randomBytes(bytes).toString('hex'),
    });
  } catch (error) {
    tell({ kind: 'fault', error: tellError(error) });
    port.close();
    return;
  }
  const mending = setInterval(() => attempt(() => journal.mendMirror()), MIRROR_RETRY_MS);

  /** A fault ends the worker without a last checkpoint: what the disk holds is found out by the next start. */
  function attempt(work: () => void, id?: number): void {
    try {
      work();
    } catch (error) {
      if (error instanceof JournalFault || id === undefined) {
        tell({ kind: 'fault', error: tellError(error) });
        hasEnded = true;
        clearInterval(mending);
        port.close();
      } else tell({ kind: 'refused', id, error: tellError(error) });
    }
  }

  function drain(): void {
    const group = waiting.splice(0, GROUP_COMMIT_MAX);
    if (group.length === 0) return;
    const outcomes = journal.appendGroup(group.map((item) => item.captured));
    const told = group.flatMap(({ id }, index) => {
      const outcome = outcomes[index];
      return outcome === undefined ? [] : [{ id, outcome }];
    });
    const isNew = outcomes.some((outcome) => outcome.kind === 'captured');
    tell({ kind: 'appended', outcomes: told, seq: isNew ? journal.heads().seq : null });
    if (waiting.length > 0) setImmediate(() => attempt(drain));
  }

  function call({ id, method, args }: Extract<Request, { kind: 'call' }>): void {
    if (method === 'page') {
      // Memory that SQLite lent may be shared: copies of our own can be handed over without another copy.
      const page = journal.page(...(args as Parameters<Journal['page']>));
      const value = page.map((entry) => ({ ...entry, bytes: Uint8Array.from(entry.bytes) }));
      tell(
        { kind: 'result', id, value },
        value.map((entry) => entry.bytes.buffer),
      );
      return;
    }
    const before = journal.heads();
    const run = journal[method] as (...given: unknown[]) => unknown;
    tell({ kind: 'result', id, value: run(...args) });
    const { epoch, seq } = journal.heads();
    if (sameEpoch(epoch, before.epoch) && seq > before.seq) tell({ kind: 'appended', outcomes: [], seq });
  }

  /** Pieces of work in the background, one between two groups of captures, until there is nothing more to do. */
  function workOn(): void {
    if (isWorking) return;
    isWorking = true;
    setImmediate(() => {
      isWorking = false;
      if (hasEnded) return;
      const { more, confirmed } = background();
      if (confirmed !== null) tell({ kind: 'confirmed', confirmed });
      if (more) workOn();
    });
  }

  /** What is wrong with the book stops the book only: it is told, and tried again when the next thing happens. */
  function background(): Worked {
    let worked: Worked = { more: false, confirmed: null };
    attempt(() => {
      try {
        worked = journal.work();
        // What was settled long ago is looked at when nothing else is to be done.
        if (!worked.more && journal.checkSettled()) worked = { ...worked, more: true };
        tellBook(null);
      } catch (error) {
        if (error instanceof JournalFault) throw error;
        tellBook(tellError(error).message);
      }
    });
    return worked;
  }

  function tellBook(reason: string | null): void {
    if (reason === stopped) return;
    journal.tellBook(reason);
    stopped = reason;
    if (reason !== null) tell({ kind: 'book-stopped', reason });
  }

  function close(id: number): void {
    hasEnded = true;
    while (waiting.length > 0) drain();
    clearInterval(mending);
    journal.close();
    tell({ kind: 'result', id, value: null });
    port.close();
  }

  port.on('message', (request: Request) => {
    if (request.kind === 'append') {
      // All that came in during the last group shares the next one.
      if (waiting.length === 0) setImmediate(() => attempt(drain));
      waiting.push(...request.captures);
    } else if (request.kind === 'call') attempt(() => call(request), request.id);
    else attempt(() => close(request.id), request.id);
    workOn();
  });
  workOn();
  tell({ kind: 'opened' });
}
