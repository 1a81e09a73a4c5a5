// What people read of a dry run: the worst store first, what would be lost, what differs, and who did not tell.
import { expect, test } from 'vitest';
import { newCounts } from '../../../core/dry-run/documents.ts';
import { trafficOf } from '../../../core/dry-run/traffic.ts';
import { isWorse, tryReport } from '../../../main/commands/config-try-report.ts';
import { untried } from '../../../main/tries/replay-folder.ts';
import { type TryFeed, TryResult } from '../../../protocol/device/tries.ts';
import { TryRow, TryStore } from '../../../protocol/hq/tries.ts';

const DAYS = [{ date: '2026-11-21', entries: 1_300, bytes: 2_600_000 }];
const counts = (documents: number, setAside: number, EUR: number) => ({
  ...newCounts(),
  ...{ documents, captured: documents - setAside, setAside, totals: { EUR } },
});
const feed = (over: Partial<TryFeed>): TryFeed => ({ ...untried('sales', 'tried', null, 4), ...over });
const store = (name: string, feeds: TryFeed[], more: Partial<TryResult> = {}): TryStore => {
  const result = TryResult.parse({
    ...{ v: 1, applied: 3, fromMs: 0, toMs: 1, feeds, deadlines: [], ways: [{ way: 'http', documents: 1_204 }] },
    traffic: { before: trafficOf(DAYS, {}), after: trafficOf(DAYS, { batchEntries: 50 }) },
    ...more,
  });
  return TryStore.parse({ store: name, state: 'done', message: '', result, questions: [] });
};
const row = TryRow.parse({
  ...{ id: `t${'0'.repeat(24)}`, title: 'Returns', revision: 12, query: 'region=north', days: 7, by: 'local' },
  ...{ askedMs: 1, stores: 3, told: 2, ended: 3 },
});
const declined: TryStore = {
  ...{ store: 'S009', state: 'declined', message: 'Update it first.', result: null, questions: [] },
};
const lossy = store(
  'S002',
  [
    feed({
      ...{ before: counts(310, 0, 1_250_00), after: counts(310, 30, 1_300_00), codes: { 'unknown-kind': 30 } },
      changes: { 'set-aside': 30, placed: 0, changed: 2, appears: 0, disappears: 0 },
      differences: { total: 2, date: 1 },
      examples: [
        {
          ...{ change: 'set-aside', file: 'day.csv', place: 'line 156', number: 'C536383', code: 'unknown-kind' },
          ...{ reason: 'Line 156: the quantity is negative.', differences: [] },
        },
        {
          ...{ change: 'changed', file: 'day.csv', place: 'line 2', number: '7', code: null, reason: null },
          differences: [{ what: 'total', from: '3.00 EUR', to: '2.00 EUR' }],
        },
      ],
    }),
    feed({ ...untried('goods', 'unusable', 'timeZone is no zone: write Europe/London', 2) }),
  ],
  {
    deadlines: [{ type: 'oversold', before: 48, after: 4 }],
    traffic: {
      before: trafficOf(DAYS, {}),
      after: trafficOf(DAYS, { bytesPerSecond: 1_000, times: [{ days: ['sat'], from: '22:00', to: '22:30' }] }),
    },
  },
);

test('the worst store first, sums over all, and everything that a person has to know', () => {
  const questions = [{ type: 'oversold' as const, asked: 12, open: 1, later: 3 }];
  const lines = tryReport(row, [
    store('S001', [feed({ before: counts(100, 0, 0), after: counts(100, 0, 0) })]),
    { ...lossy, questions },
    declined,
  ]);
  const text = lines.join('\n');
  expect(lines[0]).toBe(
    'Revision 12 "Returns" on 3 stores (region=north), the last 7 days. Nothing was changed there.',
  );
  expect(text).toContain('S009: declined: Update it first.');
  expect(text).toMatch(/S002 +6 +310 +0 -> 30 +30 +9\.7 % +0 +2 +0 +1250\.00 EUR -> 1300\.00 EUR\n +S001/);
  expect(text).toContain('MORE WOULD BE SET ASIDE OR LOST: 30 of 410 documents in 1 of 2 stores: unknown-kind 30.');
  expect(text).toContain('Documents would say something else: total 2, date 1.');
  expect(text).toContain('by its way: http 2,408. A mapping touches files only.');
  expect(text).toContain('S002, drop folder goods: its reading cannot be used: timeZone is no zone');
  expect(text).toContain('S002: 2026-11-21 would take 44 min of 30 min allowed');
  expect(text).toContain(
    'S002 sales: day.csv line 156, C536383: would be set aside: Line 156: the quantity is negative.',
  );
  expect(text).toContain('day.csv line 2, 7: would say something else: total 3.00 EUR -> 2.00 EUR');
  expect(text).toContain('oversold: 48 h -> 4 h; of 12 in these days 3 took longer than that, 1 open');
});

test('it is worse where something would be lost, cannot be read, or was not told', () => {
  const good = store('S001', [feed({ changes: { 'set-aside': 0, placed: 1, changed: 9, appears: 1, disappears: 0 } })]);
  expect(isWorse([good])).toBe(false);
  expect(isWorse([good, declined])).toBe(true);
  expect(isWorse([lossy])).toBe(true);
  expect(isWorse([store('S001', [feed(untried('x', 'unusable', 'no', 0))])])).toBe(true);
  expect(isWorse([store('S001', [feed({ stopped: { before: 1, after: 1 } })])])).toBe(false);
  expect(isWorse([store('S001', [feed({ stopped: { before: 0, after: 1 } })])])).toBe(true);
  const large = store('S001', [feed({ before: counts(9, 1, 0), after: counts(9, 2, 0), uncompared: 9 })]);
  expect(isWorse([large])).toBe(true);
  expect(tryReport(row, [large]).join('\n')).toContain('9 documents of very large files were counted, not compared.');
});
