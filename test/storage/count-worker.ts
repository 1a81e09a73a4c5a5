// A process in which two people write on one count sheet, and which prints each line once it was told "written"; to be killed.
import { randomBytes } from 'node:crypto';
import { openJournal } from '../../storage/journal.ts';
import { begin, pen } from './count-shelf.ts';

const [folder = ''] = process.argv.slice(2);
const journal = openJournal({
  folder,
  store: 'S001',
  clock: { wallMs: Date.now, monotonicMs: () => performance.now() },
  randomHex: (bytes) => randomBytes(bytes).toString('hex'),
  freeBytes: () => 2 ** 40,
});
begin(journal);
const pens = [pen(journal, 'Anna'), pen(journal, 'Ben')];
for (let number = 1; ; number++) {
  const written = pens[number % 2]?.write(`SKU-${number}`, number * 1_000);
  if (written?.result === 'written') process.stdout.write(`${written.line.line}\n`);
}
