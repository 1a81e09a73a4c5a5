// One byte of the journal's database is not what was written, wherever it lies: the mirror brings everything back (F10).
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary.ts';
import { flip } from './damage.ts';
import { numbers, openTest, receiptsOf, sale, sales } from './shop.ts';

const HEADER = Array.from({ length: 100 }, (_, at) => at);
/** Spread over all pages: the schema, the indexes, the entries. A prime, so that every place inside a page is met. */
const STRIDE = 1_009;

test('whatever byte is wrong, the agent starts and every sale is there', { timeout: 120_000 }, () => {
  const folder = temporaryFolder();
  const journal = openTest(folder);
  journal.appendGroup(sales(1, 12));
  journal.close();
  const { length } = readFileSync(join(folder, 'journal.db'));
  const body = Array.from({ length: Math.floor(length / STRIDE) }, (_, step) => 100 + step * STRIDE);
  for (const at of [...HEADER, ...body]) {
    const hurt = temporaryFolder();
    cpSync(folder, hurt, { recursive: true });
    flip(join(hurt, 'journal.db'), at);
    const again = openTest(hurt);
    expect(receiptsOf(again).toSorted(), `byte ${at}`).toEqual(numbers(1, 12).toSorted());
    expect(
      again.appendGroup([sale(1), sale(13)]).map(({ kind }) => kind),
      `byte ${at}`,
    ).toEqual(['duplicate', 'captured']);
    again.close();
  }
});
