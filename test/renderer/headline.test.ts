// The one sentence and figure for each situation a store can be in.
import { expect, test } from 'vitest';
import type { Snapshot } from '../../protocol/local/window.ts';
import { type Headline, headline, type Situation } from '../../renderer/store/now/headline.ts';

const NOW = 1_795_250_000_000;
const calm: Snapshot = {
  store: 'S001',
  nowMs: NOW,
  line: 'online',
  lineSinceMs: NOW - 3_600_000,
  waiting: 0,
  waitingSinceMs: null,
  captured: 500,
  settled: 500,
  lastCapturedMs: NOW - 4_000,
  lastSettledMs: NOW - 3_000,
  businessDate: '2026-11-21',
  tills: [
    { workstation: '1', sales: 30, returns: 2, voids: 1, amount: 100, currency: 'EUR', lastMs: NOW },
    { workstation: '2', sales: 12, returns: 0, voids: 0, amount: 100, currency: 'EUR', lastMs: NOW },
  ],
  tillChecks: [],
  settings: { silentTillMinutes: 60 },
  setAside: 0,
  exceptions: { store: 0, others: 0, newestMs: null },
  notices: [],
};

function said(changed: Partial<Snapshot>, rest: Partial<Situation> = {}): Headline {
  const snapshot = { ...calm, ...changed };
  return headline({
    connection: 'open',
    connectionSinceMs: NOW - 60_000,
    snapshot,
    nowMs: NOW,
    backlog: null,
    ...rest,
  });
}

test('all sent: green, with the sales of today', () => {
  const top = said({});
  expect(top).toMatchObject({ tone: 'good', sentence: 'All sent', todo: null, progress: null });
  expect(top.figure).toEqual({ value: 42, label: 'sales today' });
});

test('a sale of this moment is on its way: still green, but never called sent', () =>
  expect(said({ waiting: 2, waitingSinceMs: NOW - 900 })).toMatchObject({
    tone: 'good',
    sentence: 'All sent but the last 2',
  }));

test('a backlog is being sent, with how far and how long', () => {
  const backlog = { peak: 1_000, atStart: 1_000, startedMs: NOW - 30_000 };
  const top = said({ waiting: 250, waitingSinceMs: NOW - 3_600_000 }, { backlog });
  expect(top).toMatchObject({ tone: 'busy', sentence: 'Sending 250 sales…', progress: 0.75 });
  expect(top.detail).toContain('Less than a minute left.');
});

test('offline: how many are safe, since when, and that selling goes on', () => {
  const top = said({ line: 'offline', waiting: 37, waitingSinceMs: NOW - 1 });
  expect(top).toMatchObject({ tone: 'safe', sentence: 'Offline: 37 sales are safe on this PC' });
  expect(top.figure).toEqual({ value: 37, label: 'safe on this PC' });
  expect(top.detail).toMatch(/No connection since .*Keep selling/);
});

test('connecting becomes “not answering” when it lasts', () => {
  expect(said({ line: 'connecting', lineSinceMs: NOW - 2_000 })).toMatchObject({
    tone: 'busy',
    sentence: 'Connecting…',
  });
  expect(said({ line: 'connecting', lineSinceMs: NOW - 120_000, waiting: 3 })).toMatchObject({
    tone: 'safe',
    sentence: 'Head office is not answering',
  });
});

test('held: the reason and what to do', () => {
  const top = said({ line: 'held', waiting: 5, notices: [{ code: 'held', message: 'Two PCs are S001.', atMs: NOW }] });
  expect(top).toMatchObject({ tone: 'stop', sentence: 'Sending stopped' });
  expect(top.detail).toMatch(/Two PCs are S001\. 5 sales are safe on this PC\./);
  expect(top.todo).toMatch(/call the person/);
});

test('a lost program is told with the last state known, a missing one without', () => {
  const lost = said({ waiting: 4 }, { connection: 'absent' });
  expect(lost).toMatchObject({ tone: 'lost', sentence: 'This window lost the Tillwire program on this PC' });
  expect(lost.detail).toMatch(/Sales already taken in are safe on this PC.*as it was at/);
  expect(said({}, { connection: 'absent', snapshot: null }).sentence).toMatch(/is not running/);
});

test('a refused or missing key says what to do', () => {
  for (const connection of ['refused', 'no-key'] as const) {
    expect(said({}, { connection, snapshot: null }).todo).toMatch(/open the window with the link/);
  }
});

test('a shop that has not sold yet is ready', () =>
  expect(said({ captured: 0, settled: 0, tills: [] })).toMatchObject({ tone: 'good', figure: null }));
