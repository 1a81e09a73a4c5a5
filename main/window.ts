// Answers the store window: one room of its contract each, and the state that all of them follow.
import { implement } from '@orpc/server';
import { DateTime } from 'luxon';
import { NOTICE_SHOWN_MS } from '../core/limits.ts';
import { type Notice, type Snapshot, windowContract } from '../protocol/local/window.ts';
import { membershipNotices } from './enrol/notices.ts';
import { pastState } from './positions/past-state.ts';
import { countRoom } from './rooms/count.ts';
import { goodsRoom } from './rooms/goods.ts';
import { needsRoom } from './rooms/needs.ts';
import { nowRoom } from './rooms/now.ts';
import type { WindowParts } from './rooms/parts.ts';
import { pcRoom } from './rooms/pc.ts';
import { receiptsRoom } from './rooms/receipts.ts';
import { setAsideRoom } from './rooms/set-aside.ts';
import { stockRoom } from './rooms/stock.ts';
import { tryRoom } from './rooms/try.ts';
import { findSilentTills } from './silent-tills.ts';
import { pcNotices, pcSnapshot } from './this-pc/this-pc.ts';
import { tillChecks } from './till-checks.ts';

/** The window hears of changes at most this often. */
const QUIET_MS = 250;
const TRIAL = 'Head office runs on a database for a trial: a power cut there can take back what it confirmed.';
const RENEWED =
  'Head office was put back from an older copy or set up anew. This PC handed back by itself what was missing there; ' +
  'nothing is counted twice.';

export type WindowRouter = ReturnType<typeof windowRouter>;

export function windowRouter(parts: WindowParts) {
  const os = implement(windowContract);
  return os.router({
    watch: os.watch.handler(async function* ({ signal }) {
      while (signal?.aborted !== true) {
        // Asked before the look, so that what happens meanwhile is not missed.
        const changed = parts.changes.next(signal);
        yield await takeSnapshot(parts);
        await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
        await changed;
      }
    }),
    heard: os.heard.handler(() => {}),
    now: nowRoom(parts),
    pc: pcRoom(parts, () => takeSnapshot(parts)),
    needs: needsRoom(parts),
    receipts: receiptsRoom(parts),
    stock: stockRoom(parts),
    goods: goodsRoom(parts),
    count: countRoom(parts),
    setAside: setAsideRoom(parts),
    tryFile: tryRoom(parts),
  });
}

export async function takeSnapshot(parts: WindowParts): Promise<Snapshot> {
  const { storage, uplink, clock, settings, lan, pc, startedMs, catalogue } = parts;
  const nowMs = clock.wallMs();
  const today = DateTime.fromMillis(nowMs);
  const businessDate = today.toISODate() ?? '';
  // A till's report of the evening may come in after midnight.
  const dates = [businessDate, today.minus({ days: 1 }).toISODate() ?? ''];
  const { updates: _, network: __, ...windowSettings } = settings.now();
  const [kept, days, exceptions, silentTills, history] = await Promise.all([
    storage.snapshot(businessDate),
    storage.tillDays(dates),
    storage.exceptionCounts(),
    findSilentTills(storage, windowSettings, nowMs),
    storage.historyState(),
  ]);
  const { line, sinceMs, reason, trial, renewedMs } = uplink.state();
  const held: Notice[] = line === 'held' && reason !== null ? [{ code: 'held', message: reason, atMs: sinceMs }] : [];
  const onTrial: Notice[] = trial ? [{ code: 'trial-central', message: TRIAL, atMs: sinceMs }] : [];
  const isNew = renewedMs !== null && nowMs - renewedMs < NOTICE_SHOWN_MS;
  const renewed: Notice[] = isNew ? [{ code: 'central-renewed', message: RENEWED, atMs: renewedMs }] : [];
  const ofPc = (pc === undefined ? [] : pcNotices(pc, nowMs)).filter(
    ({ code }) => !kept.notices.some((notice) => notice.code === code),
  );
  const notices = [
    ...held,
    ...membershipNotices(parts.membership?.() ?? null, parts.moving?.() ?? null, kept.waiting),
    ...ofPc,
    ...renewed,
    ...wrongSettings(settings),
    ...(parts.configurationNotices?.() ?? []),
    ...(parts.updates?.() ?? []),
    ...kept.notices,
    ...onTrial,
  ];
  const shown = {
    nowMs,
    line,
    lineSinceMs: sinceMs,
    notices,
    lan: lan?.() ?? null,
    sendsFromMs: parts.sendsFromMs?.() ?? null,
    settings: windowSettings,
  };
  const ofThisPc = pc === undefined ? {} : pcSnapshot(pc);
  const ofCatalogue = { catalogue: catalogue?.standing() ?? null };
  return {
    ...kept,
    tillChecks: tillChecks(days),
    exceptions,
    silentTills,
    past: pastState(history, parts.positions),
    startedMs,
    ...ofThisPc,
    ...ofCatalogue,
    ...shown,
  };
}

function wrongSettings(settings: WindowParts['settings']): Notice[] {
  const problem = settings.problem();
  if (problem === null) return [];
  const message = `The settings of this store are not right, the last good ones stay: ${problem.message}`;
  return [{ code: 'settings-wrong', message, atMs: problem.sinceMs }];
}
