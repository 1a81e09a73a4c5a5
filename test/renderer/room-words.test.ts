// Words of the first room and of this PC: lengths of time in the unit that people use, silent tills beside their row.
import { expect, test } from 'vitest';
import type { Snapshot } from '../../protocol/local/window.ts';
import { bytes } from '../../renderer/kit/format.ts';
import { roomFor } from '../../renderer/kit/messages/en/now.ts';
import { en } from '../../renderer/kit/messages/en.ts';
import { notesOf } from '../../renderer/store/now/tills.tsx';

test.each([
  [0, '0 days of sales'],
  [1, '1 day of sales'],
  [59, '59 days of sales'],
  [60, 'about 2 months of sales'],
  [400, 'about 13 months of sales'],
  [1_160, 'about 3 years of sales'],
])('room for %i days reads “%s”', (days, words) => expect(roomFor(days)).toBe(words));

test('bytes in the unit of shops', () => {
  expect([bytes(900_000), bytes(412_000_000), bytes(3_140_000_000)]).toEqual(['900 kB', '412 MB', '3 GB']);
});

test('reasons against wiping in good English', () => {
  const { reasons } = en.pc.wipe;
  expect(reasons.waiting(1)).toBe('1 document is not confirmed by head office yet. Wait until all is sent.');
  expect(reasons['set-aside'](2)).toBe('2 documents could not be placed. Let somebody look at them.');
});

test('a silent till is told beside its row, or below where it has none today', () => {
  const till = { workstation: 'T1', sales: 1, returns: 0, voids: 0, amount: 1, currency: 'EUR', lastMs: 0 };
  const silentTills = [
    { workstation: 'T1', lastMs: 0 },
    { workstation: 'T9', lastMs: 0 },
  ];
  const check = { workstation: 'T1', businessDate: '2026-11-21', closed: false, sentences: ['Till T1: 3 is missing.'] };
  const state = { tills: [till], tillChecks: [check], businessDate: '2026-11-21', silentTills, nowMs: 0 };
  const { beside, silent } = notesOf(state as unknown as Snapshot);
  expect(beside.get('T1')).toEqual([
    expect.stringMatching(/^Nothing has come from it since/),
    'Till T1: 3 is missing.',
  ]);
  expect(silent).toEqual([expect.stringMatching(/^T9: nothing has come from it since/)]);
});
