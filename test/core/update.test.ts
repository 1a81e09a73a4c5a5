// What the agent does next about updates: outside the window, while selling or on a full disk it never begins.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UPDATE_DISK_RESERVE_BYTES, UPDATE_QUIET_MS, UPDATE_WINDOW_LEFT_MS } from '../../core/limits/updates.ts';
import { nextUpdateStep, retryWaitMs, type UpdateSight } from '../../core/update.ts';
import type { Release } from '../../core/update-release.ts';

const NOW = 1_000_000_000;
const SHA = 'a'.repeat(64);
const RELEASE: Release = {
  ...{ kind: 'tillwire release', name: 'tillwire', version: '1.3.0', platform: 'linux', arch: 'x64', installer: 'deb' },
  ...{ file: 'tillwire.deb', size: 1_000, sha256: SHA, channel: 'stable', ring: 1, from: '1.0.0', journal: 5 },
  ...{ notBeforeMs: 0, expiresMs: NOW * 2 },
};
/** Everything is as it must be for an update to begin. */
const READY: UpdateSight = {
  nowMs: NOW,
  place: { name: 'tillwire', platform: 'linux', arch: 'x64', installer: 'deb', channel: 'stable', ring: 0 },
  past: { running: '1.2.0', highest: '1.3.0', bad: [] },
  offered: RELEASE,
  ...{ lookMs: NOW + 60_000, retryMs: 0, goMs: 0, staged: [SHA], guarded: [SHA], refused: [], hasWayBack: true },
  ...{ isGuardBusy: false, isAskedNow: false, isImporting: false },
  freeBytes: UPDATE_DISK_RESERVE_BYTES * 2,
  journalBytes: 5_000,
  sinceCaptureMs: UPDATE_QUIET_MS,
  sinceStartMs: UPDATE_QUIET_MS,
  window: { leftMs: UPDATE_WINDOW_LEFT_MS, opensInMs: 0 },
};
const step = (changes: Partial<UpdateSight>) => nextUpdateStep({ ...READY, ...changes });
const CLOSED = { leftMs: 0, opensInMs: 20_000 };

test.each<[string, Partial<UpdateSight>, object]>([
  ['everything is ready', {}, { do: 'go' }],
  ['the guard is at work', { isGuardBusy: true, lookMs: 0 }, { do: 'wait', why: 'guard-busy' }],
  ['it is time to look', { lookMs: NOW }, { do: 'look' }],
  ['nothing is offered', { offered: null }, { do: 'wait', why: 'nothing-offered' }],
  ['it runs already', { past: { running: '1.3.0', highest: '1.3.0', bad: [] } }, { do: 'wait', why: 'newest' }],
  [
    'it was put back',
    { past: { ...READY.past, bad: ['1.3.0'] } },
    { do: 'wait', why: 'refused', refusal: 'put-back-before' },
  ],
  ['the guard refused it', { refused: [SHA] }, { do: 'wait', why: 'guard-refused' }],
  ['it is not here', { staged: [], guarded: [] }, { do: 'download' }],
  ['a download failed', { staged: [], guarded: [], retryMs: NOW + 7 }, { do: 'wait', why: 'retry', untilMs: NOW + 7 }],
  ['it is here', { guarded: [] }, { do: 'hand-over' }],
  ['there is no way back', { hasWayBack: false }, { do: 'download-way-back' }],
  ['no way back could be had', { hasWayBack: false, retryMs: NOW + 7 }, { do: 'wait', why: 'retry' }],
  [
    'the disk has no room for it',
    { guarded: [], freeBytes: UPDATE_DISK_RESERVE_BYTES + 6_999 },
    { do: 'wait', why: 'disk-full' },
  ],
  ['the disk is full by now', { freeBytes: UPDATE_DISK_RESERVE_BYTES + 4_999 }, { do: 'wait', why: 'disk-full' }],
  ['outside the window', { window: CLOSED }, { do: 'wait', why: 'outside-window', untilMs: NOW + 20_000 }],
  [
    'the window is nearly over',
    { window: { leftMs: UPDATE_WINDOW_LEFT_MS - 1, opensInMs: 0 } },
    { do: 'wait', why: 'outside-window' },
  ],
  ['outside the window, a person asks', { window: CLOSED, isAskedNow: true }, { do: 'go' }],
  ['a till is selling', { sinceCaptureMs: 5 }, { do: 'wait', why: 'selling', untilMs: NOW + UPDATE_QUIET_MS - 5 }],
  ['a till is selling, a person asks', { sinceCaptureMs: 5, isAskedNow: true }, { do: 'wait', why: 'selling' }],
  ['the program has just started', { sinceCaptureMs: null, sinceStartMs: 5 }, { do: 'wait', why: 'selling' }],
  ['a file is imported, a person asks', { isImporting: true, isAskedNow: true }, { do: 'wait', why: 'importing' }],
  ['the guard gave up a while ago', { goMs: NOW + 9 }, { do: 'wait', why: 'retry', untilMs: NOW + 9 }],
])('%s', (_name, changes, expected) => {
  expect(step(changes)).toMatchObject(expected);
});

test('it begins only inside the window or by wish, never while selling or importing, never on a full disk', () => {
  const some = fc.record({
    window: fc.record({ leftMs: fc.nat(2 * UPDATE_WINDOW_LEFT_MS), opensInMs: fc.constant(null) }),
    isAskedNow: fc.boolean(),
    isImporting: fc.boolean(),
    sinceCaptureMs: fc.option(fc.nat(2 * UPDATE_QUIET_MS)),
    sinceStartMs: fc.nat(2 * UPDATE_QUIET_MS),
    freeBytes: fc.nat(2 * UPDATE_DISK_RESERVE_BYTES),
    hasWayBack: fc.boolean(),
    guarded: fc.constantFrom<string[]>([], [SHA]),
    isGuardBusy: fc.boolean(),
  });
  let begun = 0;
  fc.assert(
    fc.property(some, (changes) => {
      const sight = { ...READY, ...changes };
      if (nextUpdateStep(sight).do !== 'go') return;
      begun++;
      expect(sight.isAskedNow || sight.window.leftMs >= UPDATE_WINDOW_LEFT_MS).toBe(true);
      expect(sight.isImporting || sight.isGuardBusy).toBe(false);
      expect(Math.min(sight.sinceCaptureMs ?? Number.MAX_SAFE_INTEGER, sight.sinceStartMs)).toBeGreaterThanOrEqual(
        UPDATE_QUIET_MS,
      );
      expect(sight.freeBytes).toBeGreaterThanOrEqual(UPDATE_DISK_RESERVE_BYTES + sight.journalBytes);
      expect(sight.hasWayBack && sight.guarded.includes(SHA)).toBe(true);
    }),
    { numRuns: 5_000 },
  );
  expect(begun).toBeGreaterThan(10);
});

test('waits after failures grow and stay bounded', () => {
  expect(retryWaitMs(1, 0)).toBe(30_000);
  expect(retryWaitMs(1, 0.999)).toBeLessThanOrEqual(60_000);
  expect(retryWaitMs(1_000, 1)).toBe(6 * 3_600_000);
});
