// A process that captures sale after sale and prints each number once it was told "captured"; to be killed or starved.
import { randomBytes } from 'node:crypto';
import { openJournal } from '../../storage/journal.ts';

const [folder = '', first = '1', count = '1000000', group = '1'] = process.argv.slice(2);
const journal = openJournal({
  folder,
  store: 'S001',
  clock: { wallMs: Date.now, monotonicMs: () => performance.now() },
  randomHex: (bytes) => randomBytes(bytes).toString('hex'),
  freeBytes: () => 2 ** 40,
});

const sale = (number: number) => ({
  feed: 'http',
  content: {
    kind: 'sale' as const,
    workstation: 'T1',
    receipt: `R${number}`,
    businessDate: '2026-11-21',
    occurred: '2026-11-21T10:15:00+01:00',
    lines: [{ sku: 'APPLE', quantity: 1000 }],
  },
});

process.stdout.write('ready\n');
const last = Number(first) + Number(count) - 1;
for (let number = Number(first); number <= last; number += Number(group)) {
  const captures = Array.from({ length: Number(group) }, (_, index) => sale(number + index));
  const told = journal.appendGroup(captures).map((outcome, index) => `${outcome.kind} R${number + index}`);
  process.stdout.write(`${told.join('\n')}\n`);
}
journal.close();
