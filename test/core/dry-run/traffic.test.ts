// Entries of some days as batches: how many, how large, how long they take at a rate, and how long they may.
import { expect, test } from 'vitest';
import { trafficOf } from '../../../core/dry-run/traffic.ts';
import { BATCH_HEAD_BYTES } from '../../../core/limits/tries.ts';
import { BATCH_BYTES_MAX, BATCH_ENTRIES_MAX } from '../../../core/limits.ts';

// 2026-11-21 is a Saturday.
const DAYS = [
  { date: '2026-11-20', entries: 100, bytes: 100_000 },
  { date: '2026-11-21', entries: 300, bytes: 300_000 },
];

test('batches are as full as number and bytes allow; days are sent one by one', () => {
  expect(trafficOf(DAYS, {})).toEqual({
    ...{ entries: 400, batches: 2, entriesPerBatch: Math.min(BATCH_ENTRIES_MAX, Math.floor(BATCH_BYTES_MAX / 1_000)) },
    bytesPerDay: 200_000 + BATCH_HEAD_BYTES,
    busiest: { date: '2026-11-21', bytes: 300_000 + BATCH_HEAD_BYTES, seconds: null, secondsAllowed: 86_400 },
  });
  const small = trafficOf(DAYS, { batchEntries: 10 });
  expect(small).toMatchObject({ batches: 40, entriesPerBatch: 10, bytesPerDay: 200_000 + 20 * BATCH_HEAD_BYTES });
  const large = [{ date: '2026-11-21', entries: 4, bytes: 4 * BATCH_BYTES_MAX }];
  expect(trafficOf(large, {})).toMatchObject({ batches: 4, entriesPerBatch: 1 });
});

test('at a rate and within hours: so long it takes, and so long it may, over midnight too', () => {
  const times = [
    { days: ['sat'] as const, from: '22:00', to: '02:00' },
    { days: ['fri'] as const, from: '23:30', to: '01:00' },
  ];
  const { busiest } = trafficOf(DAYS, { bytesPerSecond: 1_000, times });
  expect(busiest).toMatchObject({ seconds: 301, secondsAllowed: 3 * 3_600 });
});

test('other readings make more or less of it; without a day there is nothing', () => {
  expect(trafficOf(DAYS, {}, { entries: 0.5, bytes: 0.25 })).toMatchObject({
    ...{ entries: 200, bytesPerDay: 50_000 + BATCH_HEAD_BYTES },
  });
  expect(trafficOf([], {})).toEqual({
    ...{ entries: 0, batches: 0, entriesPerBatch: BATCH_ENTRIES_MAX, bytesPerDay: 0, busiest: null },
  });
});
