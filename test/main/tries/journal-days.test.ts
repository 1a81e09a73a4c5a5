// Entries of the last days by day and way in, over epochs too; none from before.
import { expect, test } from 'vitest';
import { TRY_WAYS_MAX } from '../../../core/limits/tries.ts';
import { journalDays } from '../../../main/tries/journal-days.ts';
import { NOON_MS, openTest, sale, testClock } from '../../storage/shop.ts';
import { temporaryFolder } from '../../temporary.ts';

const DAY_MS = 86_400_000;
const localDay = (ms: number): string => new Date(ms).toLocaleDateString('sv-SE');

test('what was captured since then, and no more, counted by day and by way', async () => {
  const [folder, clock] = [temporaryFolder(), testClock(NOON_MS - 9 * DAY_MS)];
  const journal = openTest(folder, { clock });
  journal.appendGroup([sale(1), sale(2), sale(3)]);
  clock.pass(8 * DAY_MS);
  journal.appendGroup([sale(4), { ...sale(5), feed: 'csv:till' }]);
  journal.beginEpoch('test', 2);
  clock.pass(DAY_MS);
  journal.appendGroup([sale(6)]);
  const { days, ways } = await journalDays(folder, NOON_MS - 7 * DAY_MS);
  expect(days.map(({ date, entries }) => [date, entries])).toEqual([
    [localDay(NOON_MS - DAY_MS), 2],
    [localDay(NOON_MS), 1],
  ]);
  expect(days.every(({ bytes, entries }) => bytes > 300 * entries)).toBe(true);
  expect(ways).toEqual([
    { way: 'http', documents: 2 },
    { way: 'csv:till', documents: 1 },
  ]);
  expect((await journalDays(folder, 0)).days.map(({ entries }) => entries)).toEqual([3, 2, 1]);
  expect(await journalDays(folder, NOON_MS + 1)).toEqual({ days: [], ways: [] });
});

test('very many ways are told together from some place on', async () => {
  const folder = temporaryFolder();
  const feeds = Array.from({ length: TRY_WAYS_MAX + 2 }, (_, nth) => ({ ...sale(nth), feed: `csv:f${nth}` }));
  openTest(folder).appendGroup([...feeds, { ...sale('x'), feed: 'csv:f0' }]);
  const { ways } = await journalDays(folder, 0);
  expect([ways.length, ways[0], ways.at(-1)]).toEqual([
    ...[TRY_WAYS_MAX, { way: 'csv:f0', documents: 2 }, { way: 'other ways', documents: 3 }],
  ]);
});
