// Files put into a drop folder: taken when they are whole, imported once, moved with their result beside them.
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type DropEvent, watchDropFolder } from '../../capture/drop-folder.ts';
import { temporaryFolder } from '../temporary.ts';
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
