// The journal over a change of its schema: going back never makes it unreadable, and never costs a sale (L8).
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { copyJournal, putJournalBack } from '../../../main/update/guard/journal-care.ts';
import { agentPlaces } from '../../../main/update/places.ts';
import { lockFolder } from '../../../storage/lock.ts';
import { SCHEMA_VERSION } from '../../../storage/migrate.ts';
import { openTest, sales } from '../../storage/shop.ts';
import { temporaryFolder } from '../../temporary.ts';

const NEWER = SCHEMA_VERSION + 1;
const NOW = 1_000;

/** What a newer version does at its first start; without a last checkpoint, as where it crashed. */
function migrate(data: string): void {
  const db = new Database(join(data, 'journal.db'));
  db.pragma('wal_autocheckpoint = 0');
  db.exec('CREATE TABLE novelty (id INTEGER PRIMARY KEY) STRICT');
  db.pragma(`user_version = ${NEWER}`);
  db.close();
}

function makeShop(): string {
  const data = join(temporaryFolder(), 'data');
  const shop = openTest(data);
  shop.appendGroup(sales(1, 3));
  shop.close();
  return data;
}

test('no copy is made, and nothing is put back, where the schema stays', () => {
  const data = makeShop();
  copyJournal(data, SCHEMA_VERSION);
  expect(existsSync(agentPlaces(data).before)).toBe(false);
  const shop = openTest(data);
  shop.appendGroup(sales(4, 4));
  shop.close();
  expect(putJournalBack(data, SCHEMA_VERSION, NOW)).toBe('as-it-was');
  expect(openTest(data).heads().seq).toBe(4);
});

test('a schema that the previous version does not know is taken back, while nothing was captured', () => {
  const data = makeShop();
  copyJournal(data, NEWER);
  migrate(data);
  expect(() => openTest(data)).toThrow(/install the newer Tillwire/);
  expect(putJournalBack(data, SCHEMA_VERSION, NOW)).toBe('put-back');
  expect(openTest(data).heads().seq).toBe(3);
  // What was there is kept for a person to look at.
  expect(readdirSync(join(data, 'updates', `replaced-${NOW}`))).toEqual(['journal.db']);
});

test('a kill in between costs nothing: it is done once more', () => {
  const data = makeShop();
  copyJournal(data, NEWER);
  copyJournal(data, NEWER);
  migrate(data);
  expect(putJournalBack(data, SCHEMA_VERSION, NOW)).toBe('put-back');
  expect(putJournalBack(data, SCHEMA_VERSION, NOW + 1)).toBe('as-it-was');
});

test('what was captured since stays: then the newer version has to stay too', () => {
  const data = makeShop();
  copyJournal(data, NEWER);
  const shop = openTest(data);
  shop.appendGroup(sales(4, 4));
  shop.close();
  migrate(data);
  expect(putJournalBack(data, SCHEMA_VERSION, NOW)).toBe('newer');
  expect(existsSync(join(agentPlaces(data).before, 'journal.db'))).toBe(true);
});

test('so does what was set aside since', () => {
  const data = makeShop();
  copyJournal(data, NEWER);
  const shop = openTest(data);
  shop.keepAside([
    {
      ...{ feed: 'files', source: 'sales.csv', place: 'line 1', code: 'bad-row', reason: 'It has no receipt.' },
      ...{ raw: '1;2', masked: [], rows: 1, fingerprint: 'a'.repeat(64) },
    },
  ]);
  shop.close();
  migrate(data);
  expect(putJournalBack(data, SCHEMA_VERSION, NOW)).toBe('newer');
});

test('without a copy it stays as it is', () => {
  const data = makeShop();
  migrate(data);
  expect(putJournalBack(data, SCHEMA_VERSION, NOW)).toBe('newer');
});

test('nothing is touched while an agent holds the folder; with the rights of its owner, in a process of its own', () => {
  const data = makeShop();
  const guard = join(import.meta.dirname, '../../../main/update/guard/guard.ts');
  const care = () =>
    spawnSync(process.execPath, [guard, 'journal', 'copy', String(NEWER), '--data', data], { encoding: 'utf8' });
  const lock = lockFolder(data);
  expect(care()).toMatchObject({ status: 1, stderr: expect.stringContaining('locked') });
  lock.release();
  expect(care()).toMatchObject({ status: 0 });
  expect(existsSync(join(agentPlaces(data).before, 'journal.db'))).toBe(true);
});
