// The journal as the uplink sees it, in virtual time: each call waits its turn at the disk, as in the journal's thread.
import type { Epoch } from '../../core/chain.ts';
import type { Journal } from '../../storage/journal.ts';
import type { Confirmed, Outbox, ReceivedDirective } from '../../sync/ports.ts';
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
  confirmers: Set<(confirmed: Confirmed) => void>;
  history: History;
  reach(point: Point): void;
  say(what: string): void;
};

type Methods = Record<string, (...args: never[]) => unknown>;

/** Every method of the journal under its own name; those that checkers care about are told first. */
export function makeOutbox({ agent, store, journal, onDisk, listeners, confirmers, ...parts }: OutboxParts): Outbox {
  const { history, reach, say } = parts;
  const methods = { ...journal, ...watched() } as unknown as Methods;
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
    onConfirmed(listener: (confirmed: Confirmed) => void) {
      confirmers.add(listener);
      return () => confirmers.delete(listener);
    },
  } as Outbox;

  /** Only entries that were lost elsewhere are added by what central says. */
  function goingOn<Value>(work: () => Value): Value {
    const before = journal.heads().seq;
    const value = work();
    if (journal.heads().seq > before) reach('proven entries went on');
    return value;
  }

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
      applyDirectives(received: ReceivedDirective[]) {
        const before = journal.directives().dseq;
        const applied = goingOn(() => journal.applyDirectives(received));
        const fresh = received.filter(({ dseq }) => dseq > before && dseq <= applied.dseq);
        for (const { dseq, chain } of fresh) history.note({ kind: 'applied', store, agent, dseq, chain });
        if (fresh.length > 0) say(`applied up to d${applied.dseq}`);
        return applied;
      },
      keepBranch(...args: Parameters<Journal['keepBranch']>) {
        reach('a lost branch recalled');
        goingOn(() => journal.keepBranch(...args));
      },
      doubtCommon() {
        const isDoubted = journal.doubtCommon();
        if (isDoubted) say('what central had proven is recalled from the beginning');
        return isDoubted;
      },
      supersede(after: number) {
        reach('decisions set aside');
        say(`sets decisions behind d${after} aside`);
        journal.supersede(after);
      },
      mend(...args: Parameters<Journal['mend']>) {
        const before = journal.sums();
        const left = journal.mend(...args);
        const isSame = journal.sums().sums.every((sum, bucket) => sum === before.sums[bucket]);
        if (left === null && !isSame) reach('book made anew');
        if (left !== null && !isSame) reach('difference narrowed to the SKU');
        say(`books compared: ${left === null ? 'begins anew' : `${left.length} differ`}`);
        return left;
      },
      directivesPage(...args: Parameters<Journal['directivesPage']>) {
        reach('decisions given back to central');
        return journal.directivesPage(...args);
      },
      beginEpoch(...args: Parameters<Journal['beginEpoch']>) {
        const [reason] = args;
        if (reason === FORK) reach('copy found out');
        journal.beginEpoch(...args);
        history.note({ kind: 'epoch-begun', agent, store });
        say(`new epoch ${journal.heads().epoch.ordinal}: ${reason}`);
      },
    };
  }
}
