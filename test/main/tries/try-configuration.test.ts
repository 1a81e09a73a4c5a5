// A configuration tried on a store's own files and journal: what would change is told, and nothing changes.
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../core/canonical.ts';
import { tryConfiguration } from '../../../main/tries/try-configuration.ts';
import type { Configuration } from '../../../protocol/configuration/document.ts';
import { TryResult } from '../../../protocol/device/tries.ts';
import { NOON_MS, openTest, sale } from '../../storage/shop.ts';
import { temporaryFolder } from '../../temporary.ts';

const MAPPING = {
  ...{ name: 'till', till: { constant: '1' }, timeZone: 'UTC', receiptScope: 'ever', currency: 'EUR' },
  columns: { receipt: 'No', time: 'Time', sku: 'Item', quantity: 'Qty', amount: 'Amount' },
};
const WRONG = { ...MAPPING, columns: { ...MAPPING.columns, quantity: 'Name' } };
const LATER = { ...MAPPING, timeZone: 'Asia/Tokyo' };
const HEADER = 'No,Time,Item,Qty,Name,Amount\n';
const rows = (...numbers: number[]): string =>
  HEADER + numbers.map((n) => `${n},2026-11-21T18:00:00,A,1,Jane Doe,3.00\n`).join('');

/** A store that took two files and a sale by another way; one of the files a month ago. */
async function shop() {
  const folder = temporaryFolder();
  const home = join(folder, 'drop', 'till');
  mkdirSync(join(home, 'done'), { recursive: true });
  writeFileSync(join(home, 'mapping.json'), JSON.stringify(MAPPING));
  const taken = (name: string, text: string, daysAgo: number): void => {
    const at = new Date(NOON_MS - daysAgo * 86_400_000);
    for (const [path, content] of [
      [join(home, 'done', name), text],
      [join(home, 'done', `${name}.result.json`), '{}'],
    ] as const) {
      writeFileSync(path, content);
      utimesSync(path, at, at);
    }
  };
  taken('new.csv', rows(1, 2, 3), 1);
  taken('old.csv', rows(7), 30);
  openTest(folder).appendGroup([sale(1), sale(2)]);
  return folder;
}

const files = (folder: string): string[] => readdirSync(folder, { recursive: true }).map(String).sort();

async function tryOn(folder: string, after: Configuration, before: Configuration = {}, store = 'S001') {
  const document = canonicalJson({ v: 1, revision: 2, store, configuration: after });
  const result = await tryConfiguration(
    { days: 7, document },
    {
      ...{ folder, store: 'S001', inForce: { configuration: before, revision: null }, nowMs: NOON_MS + 60_000 },
      ...{ monotonicMs: () => 0, say: () => {} },
    },
  );
  return TryResult.parse(JSON.parse(JSON.stringify(result)));
}

const feeds = (reading: Record<string, unknown>): Configuration => ({ feeds: { till: { reading } } });

test('a mapping that takes the wrong column is found, without the names that stand in it; nothing is written', async () => {
  const folder = await shop();
  const before = files(folder);
  const result = await tryOn(folder, feeds(WRONG));
  expect(files(folder)).toEqual(before);
  const [feed] = result.feeds;
  expect(feed).toMatchObject({
    ...{ name: 'till', state: 'tried', files: 1, filesLeft: 0 },
    before: { documents: 3, captured: 3, setAside: 0, totals: { EUR: 900 } },
    after: { documents: 3, captured: 0, setAside: 3, totals: {} },
    changes: { 'set-aside': 3 },
    codes: { 'bad-row': 3 },
  });
  expect(feed?.examples[0]).toMatchObject({ file: 'new.csv', place: 'line 2', number: '1', code: 'bad-row' });
  expect(JSON.stringify(result)).not.toContain('Doe');
  expect(result.ways).toEqual([{ way: 'http', documents: 2 }]);
});

test('documents that become something else are told with what differs', async () => {
  const { feeds: found } = await tryOn(await shop(), feeds(LATER));
  expect(found[0]).toMatchObject({ changes: { changed: 3, 'set-aside': 0 }, differences: { time: 3 } });
  expect(found[0]?.examples[0]?.differences).toEqual([
    { what: 'time', from: '2026-11-21T18:00:00+00:00', to: '2026-11-21T18:00:00+09:00' },
  ]);
});

test('what stays as it is, what cannot be used, and folders without a reading are told, not tried', async () => {
  const folder = await shop();
  mkdirSync(join(folder, 'drop', 'other'));
  mkdirSync(join(folder, 'drop', `a-${'long'.repeat(40)}`));
  const states = async (after: Configuration, before?: Configuration) =>
    (await tryOn(folder, after, before)).feeds.slice(1).map(({ name, state, files }) => [name, state, files]);
  expect(await states({})).toEqual([
    ['other', 'no-reading', 0],
    ['till', 'same', 1],
  ]);
  expect(await states(feeds(MAPPING))).toEqual(await states({}));
  expect(await states({}, feeds(WRONG))).toEqual([
    ['other', 'no-reading', 0],
    ['till', 'tried', 1],
  ]);
  const unusable = await tryOn(folder, feeds({ ...MAPPING, timeZone: 'Nowhere' }));
  expect(unusable.feeds[2]).toMatchObject({ state: 'unusable', problem: expect.stringContaining('timeZone') });
});

test('batches, bytes a day and deadlines before and after', async () => {
  const result = await tryOn(
    await shop(),
    { sync: { batchEntries: 1, bytesPerSecond: 1_000 }, conflicts: { oversold: { hours: 4 }, fork: { hours: 24 } } },
    { conflicts: { recount: { hours: 12 } } },
  );
  const { before, after } = result.traffic;
  expect([before.entries, before.batches, after.batches, after.entriesPerBatch]).toEqual([2, 1, 2, 1]);
  expect(after.bytesPerDay).toBeGreaterThan(before.bytesPerDay);
  expect([before.busiest?.seconds, after.busiest?.seconds]).toEqual([null, expect.any(Number)]);
  expect(before.busiest?.date).toBe(new Date(NOON_MS).toLocaleDateString('sv-SE'));
  expect(result.deadlines).toEqual([
    { type: 'oversold', before: 48, after: 4 },
    { type: 'recount', before: 12, after: 48 },
  ]);
});

test('what is for another store, or no configuration, is refused', async () => {
  const folder = await shop();
  await expect(tryOn(folder, {}, {}, 'S002')).rejects.toThrow('for store S002');
  await expect(tryOn(folder, { sync: { batchEntries: 0 } })).rejects.toThrow('sync.batchEntries');
});
