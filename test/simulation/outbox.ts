// The journal as the uplink sees it, in virtual time: each call waits its turn at the disk, as in the journal's thread.
import type { Epoch } from '../../core/chain.ts';
import type { Journal } from '../../storage/journal.ts';
import type { Outbox } from '../../sync/ports.ts';
import { FORK } from '../../sync/reasons.ts';
import type { Point } from './coverage.ts';
import type { History } from './history.ts';

export type OutboxParts = {
  agent: string;
  store: string;
  journal: Journal;
  /** Runs it when its turn comes; never comes back to a process that died. */
  onDisk<Value>(call: () => Value): Promise<Value>;
  listeners: Set<(seq: number) => void>;
  history: History;
  reach(point: Point): void;
  say(what: string): void;
};

type Methods = Record<string, (...args: never[]) => unknown>;

/** What a journal without decisions says when it is asked for them. */
const NOTHING: Methods = {
  directives: () => ({ dseq: 0, chain: null }),
  directivesPage: () => [],
  missing: () => null,
};

/** Every method of the journal under its own name; those that checkers care about are told first. */
export function makeOutbox({ agent, store, journal, onDisk, listeners, history, reach, say }: OutboxParts): Outbox {
  const methods = { ...NOTHING, ...journal, ...watched() } as unknown as Methods;
  const queued = Object.entries(methods).map(([name, method]) => [
    name,
    typeof method === 'function' ? (...args: never[]) => onDisk(() => method(...args)) : method,
  ]);
  return {
    ...Object.fromEntries(queued),
    onCaptured(listener: (seq: number) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onConfirmed: () => () => {},
  } as Outbox;

  function watched() {
    let paged = 0;
    return {
      page(epoch: Epoch, after: number, entriesMax: number, bytesMax: number) {
        const page = journal.page(epoch, after, entriesMax, bytesMax);
        if (page.length > 0 && after < paged) reach('batch lost, then sent again');
        paged = Math.max(paged, page.at(-1)?.seq ?? 0);
        return page;
      },
      settle(...args: Parameters<Journal['settle']>) {
        const [epoch, seq, frame] = args;
        if (frame.includes('"kind":"welcome"')) reach('settled by a welcome');
        history.note({ kind: 'settled', store, agent, epoch, seq, chain: journal.chainAt(epoch, seq) });
        say(`settled ${epoch.ordinal}:${seq}`);
        journal.settle(...args);
      },
      beginEpoch(...args: Parameters<Journal['beginEpoch']>) {
        const [reason] = args;
        if (reason === FORK) reach('copy found out');
        journal.beginEpoch(...args);
        say(`new epoch ${journal.heads().epoch.ordinal}: ${reason}`);
      },
    };
  }
}
