// Which files of a drop folder are read once more: those that were taken lately, newest first, none of what tells of them.
import { mkdirSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TRY_FILE_BYTES_MAX, TRY_FILES_MAX } from '../../../core/limits/tries.ts';
import { rawFiles } from '../../../main/tries/raw-files.ts';
import { temporaryFolder } from '../../temporary.ts';

const NOW_MS = Date.parse('2026-11-21T12:00:00Z');
const DAY_MS = 86_400_000;

function put(path: string, daysAgo: number): string {
  writeFileSync(path, 'x');
  const at = new Date(NOW_MS - daysAgo * DAY_MS);
  utimesSync(path, at, at);
  return path;
}

test('when it was taken counts, not how old the file itself is; also what was set aside whole', async () => {
  const home = temporaryFolder();
  const [done, aside] = [join(home, 'done'), join(home, 'set-aside')];
  for (const folder of [done, aside]) mkdirSync(folder);
  put(join(done, 'old-content.csv'), 400);
  put(join(done, 'old-content.csv.result.json'), 1);
  put(join(done, 'long-ago.csv'), 1);
  put(join(done, 'long-ago.csv.result.json'), 30);
  put(join(aside, 'broken.csv'), 3);
  put(join(aside, 'broken.csv.reason.txt'), 2);
  // A till that names its files so: nothing stands beside it.
  put(join(done, 'day.result.json'), 4);
  const { files, left } = await rawFiles(home, NOW_MS - 7 * DAY_MS);
  expect([files.map(({ name }) => name), left]).toEqual([['old-content.csv', 'broken.csv', 'day.result.json'], 0]);
  expect(await rawFiles(join(home, 'nowhere'), 0)).toEqual({ files: [], left: 0 });
});

test('so many, and none that is too large: the others are told', async () => {
  const home = temporaryFolder();
  const done = join(home, 'done');
  mkdirSync(done);
  for (let nth = 0; nth < TRY_FILES_MAX + 2; nth++) put(join(done, `${nth}.csv`), 1);
  truncateSync(put(join(done, 'huge.csv'), 0), TRY_FILE_BYTES_MAX + 1);
  utimesSync(join(done, 'huge.csv'), new Date(NOW_MS), new Date(NOW_MS));
  const { files, left } = await rawFiles(home, NOW_MS - 7 * DAY_MS);
  expect([files.length, left, files.some(({ name }) => name === 'huge.csv')]).toEqual([TRY_FILES_MAX, 3, false]);
});
