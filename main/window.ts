// Answers the store window: its contract joined to the journal and the uplink.
import { implement } from '@orpc/server';
import { DateTime } from 'luxon';
import type { Clock } from '../core/clock.ts';
import { NOTICE_SHOWN_MS } from '../core/limits.ts';
import { type LanState, type Notice, type Snapshot, windowContract } from '../protocol/local/window.ts';
import type { Storage } from '../storage/client.ts';
import type { Uplink } from '../sync/uplink.ts';
import { decide } from './decide.ts';
import { tillChecks } from './till-checks.ts';

/** The window hears of changes at most this often, and at least this often so that ages stay true. */
const QUIET_MS = 250;
const PULSE_MS = 5_000;
const TRIAL = 'Head office runs on a database for a trial: a power cut there can take back what it confirmed.';
const RENEWED =
  'Head office was put back from an older copy or set up anew. This PC handed back by itself what was missing there; ' +
  'nothing is counted twice.';

export type WindowParts = {
  storage: Storage;
  uplink: Pick<Uplink, 'state'>;
  clock: Clock;
  changes: Changes;
  lan?: (() => LanState | null) | undefined;
};

/** Wakes whoever waits for the next change. */
export type Changes = { tell(): void; next(signal: AbortSignal | undefined): Promise<void> };

export function makeChanges(): Changes {
  const waiting = new Set<() => void>();
  const tell = (): void => {
    for (const wake of waiting) wake();
    waiting.clear();
  };
  const next = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(done, PULSE_MS);
      function done(): void {
        clearTimeout(timer);
        waiting.delete(done);
        // A window stays open for days: what waits on its signal must not pile up.
        signal?.removeEventListener('abort', done);
        resolve();
      }
      signal?.addEventListener('abort', done, { once: true });
      waiting.add(done);
    });
  return { tell, next };
}

export type WindowRouter = ReturnType<typeof windowRouter>;

export function windowRouter(parts: WindowParts) {
  const { storage, clock, changes } = parts;
  const os = implement(windowContract);
  return os.router({
    watch: os.watch.handler(async function* ({ signal }) {
      while (signal?.aborted !== true) {
        // Asked before the look, so that what happens meanwhile is not missed.
        const changed = changes.next(signal);
        yield await takeSnapshot(parts);
        await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
        await changed;
      }
    }),
    recent: os.recent.handler(({ input }) => storage.recent(input)),
    chart: os.chart.handler(({ input }) => storage.chart({ ...input, nowMs: clock.wallMs() })),
    setAside: os.setAside.handler(async ({ input }) => {
      const items = await storage.listAside(input);
      return items.map(({ id, feed, source, place, code, reason, receipt, raw, atMs }) => ({
        ...{ id, feed, source, place, code, reason, raw, atMs },
        receipt: receipt ?? null,
      }));
    }),
    exceptions: os.exceptions.handler(() => storage.exceptions()),
    decide: os.decide.handler(async ({ input }) => {
      const decided = await decide(parts, input);
      changes.tell();
      return decided;
    }),
    explain: os.explain.handler(({ input }) => storage.explainSku(input.sku)),
    outcome: os.outcome.handler(({ input }) => storage.outcome(input)),
  });
}

export async function takeSnapshot({ storage, uplink, clock, lan }: WindowParts): Promise<Snapshot> {
  const nowMs = clock.wallMs();
  const today = DateTime.fromMillis(nowMs);
  const businessDate = today.toISODate() ?? '';
  // A till's report of the evening may come in after midnight.
  const dates = [businessDate, today.minus({ days: 1 }).toISODate() ?? ''];
  const [kept, days, exceptions] = await Promise.all([
    storage.snapshot(businessDate),
    storage.tillDays(dates),
    storage.exceptionCounts(),
  ]);
  const { line, sinceMs, reason, trial, renewedMs } = uplink.state();
  const held: Notice[] = line === 'held' && reason !== null ? [{ code: 'held', message: reason, atMs: sinceMs }] : [];
  const onTrial: Notice[] = trial ? [{ code: 'trial-central', message: TRIAL, atMs: sinceMs }] : [];
  const isNew = renewedMs !== null && nowMs - renewedMs < NOTICE_SHOWN_MS;
  const renewed: Notice[] = isNew ? [{ code: 'central-renewed', message: RENEWED, atMs: renewedMs }] : [];
  const notices = [...held, ...renewed, ...kept.notices, ...onTrial];
  const shown = { nowMs, line, lineSinceMs: sinceMs, notices, lan: lan?.() ?? null };
  return { ...kept, tillChecks: tillChecks(days), exceptions, ...shown };
}
