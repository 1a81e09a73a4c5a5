// Feeds of the configuration: their folders, how their files are read, and what is driven again by them.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { watchDropFolder } from '../../../capture/drop-folder.ts';
import { openFeeds } from '../../../main/in-force/feeds.ts';
import { redriveAll } from '../../../main/orders/redrive.ts';
import { mappingOf, pseudonymKey, spillFolder } from '../../capture/imports.ts';
import { memoryJournal } from '../../capture/memory-journal.ts';
import { temporaryFolder } from '../../temporary.ts';

const SALES = 'receipt,sku,quantity,time\n1,A,1,2026-11-21T10:15:00\n2,A,1,2026-11-21T10:16:00\n';
/** A mapping whose column names are not those of the file. */
const WRONG = { ...mappingOf(), columns: { ...mappingOf().columns, sku: 'article' } };
const feeds = (reading: object) => ({ feeds: { shop: { reading: { ...reading } } } });

function open() {
  const folder = temporaryFolder();
  const drop = join(folder, 'drop');
  const journal = memoryJournal();
  const inForce = openFeeds(drop);
  const intake = { journal, store: 'S001', pseudonymKey, spillFolder };
  const watch = watchDropFolder({
    ...intake,
    folder: drop,
    readingOf: (name) => {
      const reading = inForce.readings().get(name);
      return reading === undefined ? null : { reading, isOnTrial: false };
    },
    after: () => () => undefined,
  });
  const put = async (name: string, feed = 'shop'): Promise<void> => {
    writeFileSync(join(drop, feed, name), SALES);
    await watch.look();
    await watch.look();
  };
  return { folder, drop, journal, inForce, intake, put };
}

test('the folder is made, and its files are read as configured; a mapping of its own stays as it is and waits', async () => {
  const { drop, journal, inForce, put } = open();
  expect(inForce.apply(feeds(mappingOf()))).toBeNull();
  expect(existsSync(join(drop, 'shop'))).toBe(true);
  writeFileSync(join(drop, 'shop', 'mapping.json'), JSON.stringify(WRONG));
  await put('sales.csv');
  expect(journal.facts).toHaveLength(2);
  expect(existsSync(join(drop, 'shop', 'done', 'sales.csv'))).toBe(true);
  expect(JSON.parse(readFileSync(join(drop, 'shop', 'mapping.json'), 'utf8'))).toEqual(WRONG);
  // Nothing is configured any more: the mapping beside counts again.
  expect(inForce.apply({})).toBeNull();
  await put('more.csv');
  expect(existsSync(join(drop, 'shop', 'set-aside', 'more.csv'))).toBe(true);
});

test('other folders are read by their own mapping', async () => {
  const { drop, journal, inForce, put } = open();
  inForce.apply(feeds(WRONG));
  mkdirSync(join(drop, 'other'));
  writeFileSync(join(drop, 'other', 'mapping.json'), JSON.stringify(mappingOf()));
  await put('sales.csv', 'other');
  expect(journal.facts).toHaveLength(2);
});

test('a feed that cannot be used is told by its field, and the readings before stay', () => {
  const { drop, inForce } = open();
  inForce.apply(feeds(mappingOf()));
  const before = inForce.readings().get('shop');
  expect(inForce.apply(feeds({ ...mappingOf(), timezone: 'UTC' }))).toMatch(
    /^feeds\.shop\.reading cannot be used: timezone/,
  );
  expect(inForce.apply({ feeds: { nobody: { reading: { feed: 'nobody' } } } })).toContain('feeds.nobody.reading');
  writeFileSync(join(drop, 'tills'), 'a file is in the way');
  expect(inForce.apply({ feeds: { tills: { reading: { ...mappingOf() } } } })).toMatch(/^feeds\.tills: its folder/);
  expect([...inForce.readings()]).toEqual([['shop', before]]);
});

test('a folder that went away is made again', () => {
  const { drop, inForce } = open();
  inForce.apply(feeds(mappingOf()));
  rmSync(join(drop, 'shop'), { recursive: true });
  inForce.makeFolders();
  expect(existsSync(join(drop, 'shop'))).toBe(true);
});

test('what was set aside is driven again by the configured reading, not by the one beside the files', async () => {
  const { folder, drop, journal, inForce, intake, put } = open();
  inForce.apply(feeds({ ...mappingOf(), timeFormat: 'dd.MM.yyyy' }));
  await put('sales.csv');
  expect([journal.facts.length, journal.items.length]).toEqual([0, 2]);
  writeFileSync(join(drop, 'shop', 'mapping.json'), JSON.stringify({ ...mappingOf(), timeFormat: 'dd.MM.yyyy' }));
  const setAside = async (): Promise<number> => journal.items.filter(({ resolvedMs }) => resolvedMs === null).length;
  const redrive = () => redriveAll({ folder, intake, configured: inForce.readings(), setAside });
  expect(await redrive()).toContain('0 could be placed');
  inForce.apply(feeds(mappingOf()));
  expect(await redrive()).toBe('2 could be placed; nothing is set aside any more.');
  expect(journal.facts).toHaveLength(2);
});
