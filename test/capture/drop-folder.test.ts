// Files put into a drop folder: taken when they are whole, imported once, moved with their result beside them.
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type DropEvent, watchDropFolder } from '../../capture/drop-folder.ts';
import { temporaryFolder } from '../temporary.ts';
import { linesText, saleLine } from './feeds.ts';
import { mappingOf, pseudonymKey, spillFolder } from './imports.ts';
import { memoryJournal } from './memory-journal.ts';

const HEAD = 'receipt,sku,quantity,time';
const row = (receipt: number | string): string => `${receipt},A,1,2026-11-21T10:15:00\n`;

function dropFolder(mapping: unknown = mappingOf()) {
  const folder = temporaryFolder();
  const home = join(folder, 'shop');
  mkdirSync(home);
  if (mapping !== null) {
    writeFileSync(join(home, 'mapping.json'), typeof mapping === 'string' ? mapping : JSON.stringify(mapping));
  }
  const journal = memoryJournal();
  const events: DropEvent[] = [];
  const timers: (() => void)[] = [];
  const watch = watchDropFolder({
    folder,
    journal,
    store: 'S001',
    pseudonymKey,
    spillFolder,
    after: (_ms, run) => {
      timers.push(run);
      return () => timers.splice(timers.indexOf(run), 1);
    },
    onEvent: (event) => events.push(event),
  });
  const put = (name: string, text: string): void => writeFileSync(join(home, name), text);
  const list = (...path: string[]): string[] => {
    const at = join(home, ...path);
    return existsSync(at) ? readdirSync(at).sort() : [];
  };
  return { home, journal, events, timers, watch, put, list };
}

test('a file is taken when it was the same for two looks, imported, and moved with its result', async () => {
  const { home, journal, events, watch, put, list } = dropFolder();
  put('sales.csv', `${HEAD}\n${row(1)}`);
  await watch.look();
  expect(journal.facts).toHaveLength(0);
  put('sales.csv', `${HEAD}\n${row(1)}${row(2)}`);
  await watch.look();
  expect(journal.facts, 'it grew since').toHaveLength(0);
  await watch.look();
  expect(journal.facts).toHaveLength(2);
  expect(list()).toEqual(['done', 'mapping.json']);
  expect(list('done')).toEqual(['sales.csv', 'sales.csv.result.json']);
  const result: unknown = JSON.parse(readFileSync(join(home, 'done', 'sales.csv.result.json'), 'utf8'));
  expect(result).toMatchObject({ file: 'sales.csv', rows: 2, captured: 2 });
  expect(events).toMatchObject([{ kind: 'imported', folder: 'shop', file: 'sales.csv', result }]);
});

test('a rewritten file of the same size is not taken between two looks', async () => {
  const { home, journal, watch, put } = dropFolder();
  put('sales.csv', `${HEAD}\n${row(1)}`);
  await watch.look();
  utimesSync(join(home, 'sales.csv'), new Date(1_000), new Date(2_000));
  await watch.look();
  expect(journal.facts).toHaveLength(0);
  await watch.look();
  expect(journal.facts).toHaveLength(1);
});

test('files that are not whole yet, hidden ones and folders are left alone', async () => {
  const { journal, watch, put, list, home } = dropFolder();
  for (const name of ['sales.csv.part', '.sales.csv', '~sales.csv', 'sales.tmp']) put(name, `${HEAD}\n${row(1)}`);
  mkdirSync(join(home, 'old.csv'));
  for (let nth = 0; nth < 3; nth++) await watch.look();
  expect(journal.facts).toHaveLength(0);
  expect(list()).toHaveLength(6);
});

test('the same name again is numbered; the same content again changes nothing', async () => {
  const { journal, watch, put, list, events } = dropFolder();
  for (let nth = 0; nth < 2; nth++) {
    put('sales.csv', `${HEAD}\n${row(1)}`);
    await watch.look();
    await watch.look();
  }
  expect(journal.facts).toHaveLength(1);
  expect(list('done')).toEqual(['sales-2.csv', 'sales-2.csv.result.json', 'sales.csv', 'sales.csv.result.json']);
  expect(events.at(-1)).toMatchObject({ result: { captured: 0, duplicates: 1 } });
});

test('after a crash between import and move the file is imported again, harmlessly', async () => {
  const { journal, watch, put, list, home } = dropFolder();
  put('sales.csv', `${HEAD}\n${row(1)}x,,,\n`);
  mkdirSync(join(home, 'done'));
  writeFileSync(join(home, 'done', 'sales.csv.result.json'), '{}');
  await watch.look();
  await watch.look();
  expect(list('done')).toEqual(['sales.csv', 'sales.csv.result.json']);
  expect([journal.facts.length, journal.items.length]).toEqual([1, 1]);
});

test.each([
  ['a mapping with a misspelt setting', { ...mappingOf(), timezone: 'UTC' }, /mapping\.json cannot be used: timezone/],
  ['a mapping that is no JSON', '{', /mapping\.json cannot be used/],
  ['a file without the mapped columns', mappingOf({ delimiter: ';' }), /has no column "receipt"/],
])('%s: the file is set aside with the reason beside it', async (_what, mapping, reason) => {
  const { home, journal, watch, put, list } = dropFolder(mapping);
  put('sales.csv', `${HEAD}\n${row(1)}`);
  await watch.look();
  await watch.look();
  expect(journal.facts).toHaveLength(0);
  expect(list('set-aside')).toEqual(['sales.csv', 'sales.csv.reason.txt']);
  expect(readFileSync(join(home, 'set-aside', 'sales.csv.reason.txt'), 'utf8')).toMatch(reason);
});

test('without a mapping, or while the journal takes nothing, the file stays and is tried again', async () => {
  const { journal, watch, put, list, events } = dropFolder(null);
  put('sales.csv', `${HEAD}\n${row(1)}`);
  await watch.look();
  await watch.look();
  expect(events).toMatchObject([{ kind: 'waiting', reason: expect.stringContaining('mapping.json') }]);
  put('mapping.json', JSON.stringify(mappingOf()));
  journal.interfere = () => ({ kind: 'refused', reason: 'disk-full', message: 'The disk is nearly full.' });
  await watch.look();
  await watch.look();
  expect(events.at(-1)).toMatchObject({ kind: 'waiting', reason: 'The disk is nearly full.' });
  expect(list()).toEqual(['mapping.json', 'sales.csv']);
  journal.interfere = () => null;
  await watch.look();
  await watch.look();
  expect(journal.facts).toHaveLength(1);
});

test('one bad file does not keep the others from being taken', async () => {
  const { journal, watch, put, list } = dropFolder();
  put('a.csv', 'nonsense\n');
  put('b.csv', `${HEAD}\n${row(1)}`);
  await watch.look();
  await watch.look();
  expect([list('set-aside').length, list('done').length, journal.facts.length]).toEqual([2, 2, 1]);
});

test('looks follow each other by the given timer; stop waits for the file at hand and calls the next look off', async () => {
  const { journal, watch, put, timers } = dropFolder();
  put('sales.csv', `${HEAD}\n${row(1)}`);
  watch.start();
  for (let nth = 0; nth < 2; nth++) {
    expect(timers).toHaveLength(1);
    timers.shift()?.();
    await watch.look();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(journal.facts).toHaveLength(1);
  expect(timers).toHaveLength(1);
  await watch.stop();
  expect(timers).toEqual([]);
});

const SETTINGS = { feed: 'jsonl', name: 'shop', timeZone: 'Europe/London' };

test('a folder with the settings of a feed is read by that feed', async () => {
  const { journal, watch, put, list, home } = dropFolder(SETTINGS);
  put('day.jsonl', linesText(saleLine('1'), 'x', saleLine('2')));
  await watch.look();
  await watch.look();
  expect([journal.facts.length, journal.items.length]).toEqual([2, 1]);
  expect(journal.facts[0]?.captured).toMatchObject({ feed: 'jsonl:shop', cursor: { position: 'day.jsonl, line 1' } });
  expect(list('done')).toEqual(['day.jsonl', 'day.jsonl.result.json']);
  const result: unknown = JSON.parse(readFileSync(join(home, 'done', 'day.jsonl.result.json'), 'utf8'));
  expect(result).toMatchObject({ feed: 'jsonl:shop', items: 3, captured: 2, setAside: 1 });
});

test('a document that breaks off in the middle keeps what came before; the file is set aside and says so', async () => {
  const { journal, watch, put, list, home } = dropFolder({ ...SETTINGS, feed: 'poslog' });
  const receipt = (
    number: number,
  ): string => `<Transaction><RetailStoreID>1</RetailStoreID><WorkstationID>1</WorkstationID>
    <SequenceNumber>${number}</SequenceNumber><BusinessDayDate>2026-11-21</BusinessDayDate>
    <EndDateTime>2026-11-21T10:15:00</EndDateTime><CurrencyCode>EUR</CurrencyCode><RetailTransaction><LineItem><Sale>
    <ItemID>A</ItemID><Quantity>1</Quantity><ExtendedAmount>3.00</ExtendedAmount></Sale></LineItem></RetailTransaction></Transaction>`;
  put(
    'day.xml',
    `<POSLog xmlns="http://www.nrf-arts.org/IXRetail/namespace/">${receipt(1)}${receipt(2)}<Transaction></Wrong>`,
  );
  await watch.look();
  await watch.look();
  expect(journal.facts).toHaveLength(2);
  expect(list('set-aside')).toEqual(['day.xml', 'day.xml.reason.txt']);
  const reason = readFileSync(join(home, 'set-aside', 'day.xml.reason.txt'), 'utf8');
  expect(reason).toMatch(/What stands before it is kept: \d captured, 0 known already, \d set aside\. Mend the file/);
});

/** Does something to the file when the journal is first asked, which is while the file is read or just after. */
function onceWhileReading(journal: ReturnType<typeof memoryJournal>, act: () => void): void {
  journal.interfere = () => {
    journal.interfere = () => null;
    act();
    return null;
  };
}

test.each([
  ['jsonl', SETTINGS, (numbers: number[]) => linesText(...numbers.map((each) => saleLine(`${each}`)))],
  ['csv', mappingOf(), (numbers: number[]) => `${HEAD}\n${numbers.map(row).join('')}`],
])('%s: a file that grows while it is read is read again; nothing is lost or twice', async (_feed, settings, text) => {
  const { journal, events, watch, put, list, home } = dropFolder(settings);
  const first = Array.from({ length: 300 }, (_, nth) => nth);
  const more = Array.from({ length: 310 }, (_, nth) => nth);
  put('day', text(first));
  onceWhileReading(journal, () => appendFileSync(join(home, 'day'), text(more).slice(text(first).length)));
  await watch.look();
  await watch.look();
  expect(events).toMatchObject([{ kind: 'waiting', reason: expect.stringContaining('changed while it was read') }]);
  expect(list()).toContain('day');
  await watch.look();
  await watch.look();
  expect(events.at(-1)).toMatchObject({ kind: 'imported' });
  expect(journal.facts).toHaveLength(310);
  expect(journal.items).toEqual([]);
});

test('a file that another one replaces while it is read: both are read, the new one is not moved unread', async () => {
  const { journal, watch, put, list, home } = dropFolder(SETTINGS);
  put('day.jsonl', linesText(saleLine('1')));
  onceWhileReading(journal, () => {
    writeFileSync(join(home, 'day.part'), linesText(saleLine('2'), saleLine('3')));
    renameSync(join(home, 'day.part'), join(home, 'day.jsonl'));
  });
  for (let nth = 0; nth < 4; nth++) await watch.look();
  expect(journal.facts).toHaveLength(3);
  expect(list('done')).toEqual(['day.jsonl', 'day.jsonl.result.json']);
});

test('a share that goes away while a file is read, and comes back, costs nothing', async () => {
  const { journal, events, watch, put, list, home } = dropFolder(SETTINGS);
  put('day.jsonl', linesText(saleLine('1'), saleLine('2')));
  await watch.look();
  const away = join(temporaryFolder(), 'shop');
  onceWhileReading(journal, () => renameSync(home, away));
  await watch.look();
  expect(events.at(-1)).toMatchObject({ kind: 'waiting' });
  await watch.look();
  await watch.look();
  expect(existsSync(home), 'nothing is made in its place').toBe(false);
  renameSync(away, home);
  await watch.look();
  await watch.look();
  expect(events.at(-1)).toMatchObject({ kind: 'imported', result: { items: 2 } });
  expect([journal.facts.length, journal.items.length]).toEqual([2, 0]);
  expect(list('done')).toEqual(['day.jsonl', 'day.jsonl.result.json']);
});

test('a file that ends early is not taken for whole: its last half document is not set aside', async () => {
  const { journal, events, watch, put, list, home } = dropFolder(SETTINGS);
  const text = linesText(...Array.from({ length: 2_000 }, (_, nth) => saleLine(`${nth}`)));
  put('day.jsonl', text);
  onceWhileReading(journal, () => truncateSync(join(home, 'day.jsonl'), text.length - 100));
  await watch.look();
  await watch.look();
  expect(events.at(-1)).toMatchObject({ kind: 'waiting', reason: expect.stringContaining('read again') });
  expect(journal.items).toEqual([]);
  put('day.jsonl', text);
  await watch.look();
  await watch.look();
  expect([journal.facts.length, journal.items.length]).toEqual([2_000, 0]);
  expect(list('done')).toEqual(['day.jsonl', 'day.jsonl.result.json']);
});

test('settings of an unknown feed set the file aside with the names of the known ones', async () => {
  const { watch, put, home } = dropFolder({ feed: 'telepathy' });
  put('day', 'x');
  await watch.look();
  await watch.look();
  const reason = readFileSync(join(home, 'set-aside', 'day.reason.txt'), 'utf8');
  expect(reason).toMatch(/mapping\.json cannot be used: feed .*"poslog"/);
});
