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

test('why there is no program is said in the desktop program’s words, where it has some', () => {
  const trouble = 'Tillwire stopped 5 times and does not stay up.';
  expect(said({}, { connection: 'absent', trouble }).todo).toBe(trouble);
  expect(said({}, { connection: 'absent', snapshot: null, trouble }).detail).toBe(trouble);
  expect(said({}, { trouble }).todo).toBeNull();
});

test('a refused or missing key says what to do', () => {
  for (const connection of ['refused', 'no-key'] as const) {
    expect(said({}, { connection, snapshot: null }).todo).toMatch(/open the window with the link/);
  }
});

test('a shop that has not sold yet is ready', () =>
  expect(said({ captured: 0, settled: 0, tills: [] })).toMatchObject({ tone: 'good', figure: null }));

const NEEDS: Partial<Snapshot> = { exceptions: { store: 3, others: 2, newestMs: NOW }, setAside: 5 };

test('something needs a person: said with the state, the way there, and never hiding that sales are safe', () => {
  expect(said(NEEDS)).toMatchObject({
    ...{ tone: 'safe', sign: 'needs', sentence: 'All sent. 4 things need you' },
    ...{ figure: { value: 4, label: 'things need you' }, way: { href: '#needs' } },
  });
  expect(said(NEEDS).detail).toContain('42 sales today.');
  expect(said({ setAside: 1 }).sentence).toBe('All sent. 1 thing needs you');
  expect(said({ ...NEEDS, line: 'offline', waiting: 37 })).toMatchObject({
    ...{ tone: 'safe', sign: 'needs', sentence: 'Offline: 37 sales are safe on this PC. 4 things need you' },
    figure: { value: 37, label: 'safe on this PC' },
  });
  expect(said({ ...NEEDS, waiting: 250, waitingSinceMs: NOW - 3_600_000 })).toMatchObject({
    ...{ sign: 'needs', sentence: 'Sending 250 sales. 4 things need you', progress: 0 },
  });
});

test('what stopped stays the first thing, in its own colour', () =>
  expect(said({ ...NEEDS, line: 'held', waiting: 5 })).toMatchObject({
    ...{ tone: 'stop', sign: 'stop', sentence: 'Sending stopped. 4 things need you', way: { href: '#needs' } },
    figure: { value: 5, label: 'safe on this PC' },
  }));

test('a silent till is one thing that needs a person, each', () => {
  const silentTills = [
    { workstation: '1', lastMs: NOW - 5_000_000 },
    { workstation: '2', lastMs: NOW - 5_000_000 },
  ];
  expect(said({ silentTills }).sentence).toBe('All sent. 2 things need you');
});

test('paused: who, why and since when; tills go on, and the way to let it go on', () => {
  const pause = { by: 'J. Weber', reason: 'New router', sinceMs: NOW - 600_000 };
  const top = said({ line: 'paused', waiting: 8, pause });
  expect(top).toMatchObject({ tone: 'safe', sign: 'safe', way: { href: '#pc' } });
  expect(top.sentence).toBe('Paused: 8 sales are safe on this PC');
  expect(top.detail).toMatch(/J\. Weber paused sending at .*“New router”\. Keep selling\./);
  expect(said({ line: 'paused', pause }).sentence).toBe('Sending is paused: nothing is waiting');
});

test('outside of the hours of sending: safe here until they begin, and nothing is being sent', () => {
  const hours = { sendsFromMs: NOW + 7_200_000, waitingSinceMs: NOW - 3_600_000 };
  const top = said({ ...hours, waiting: 250 });
  expect(top).toMatchObject({ tone: 'safe', todo: null, progress: null, figure: { value: 250 } });
  expect(top.sentence).toMatch(/^Until .*: 250 sales are safe on this PC$/);
  expect(top.detail).toContain('Keep selling');
  expect(said({ sendsFromMs: NOW + 7_200_000 }).sentence).toBe('All sent');
});

test('whom to call: the number that is set, else the person who looks after the PC', () => {
  const settings = { silentTillMinutes: 60, help: { name: 'Service desk', phone: '+49 30 1234567' } };
  expect(said({ line: 'held', settings }).todo).toBe('Keep selling, and call Service desk, +49 30 1234567.');
  expect(said({ settings }, { connection: 'absent' }).todo).toContain('call Service desk, +49 30 1234567.');
  expect(said({ line: 'held' }).todo).toBe('Keep selling, and call the person who looks after this PC.');
});
