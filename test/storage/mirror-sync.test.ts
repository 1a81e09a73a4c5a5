// A sync of the mirror that fails: nobody knows what reached the disk, so the file is written anew from the database.
import { linkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { temporaryFolder } from '../temporary.ts';
import { expectWhole, mirrorFiles } from './damage.ts';
import { noticeCodes, openTest, sales } from './shop.ts';

const disk = vi.hoisted(() => ({ fails: false }));

vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  return {
    ...real,
    fdatasyncSync: (handle: number): void => {
      if (disk.fails) throw new Error('EIO: i/o error, fdatasync');
      real.fdatasyncSync(handle);
    },
  };
});

test('after a failed sync the open file is not trusted any more', () => {
  const folder = temporaryFolder();
  const journal = openTest(folder);
  journal.appendGroup(sales(1, 3));
  const witness = join(folder, 'witness');
  linkSync(join(folder, 'mirror', mirrorFiles(folder)[0] ?? ''), witness);
  disk.fails = true;
  expect(journal.appendGroup(sales(4, 5))).toMatchObject([{ kind: 'captured' }, { kind: 'captured' }]);
  journal.mendMirror();
  expect(noticeCodes(journal)).toEqual(['one-copy-only']);
  disk.fails = false;
  journal.mendMirror();
  expect(noticeCodes(journal)).toEqual([]);
  expect(statSync(witness).nlink).toBe(1);
  expectWhole(folder, journal, 5);
});
