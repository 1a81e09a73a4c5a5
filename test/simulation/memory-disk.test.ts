// The disk in memory does what it is told: what was synced stays, and nothing else unless the caller says so.
import { expect, test } from 'vitest';
import type { Db } from '../../storage/database.ts';
import { makeMemoryDisk } from './memory-disk.ts';
import { PowerCut } from './memory-faults.ts';

const rowsOf = (db: Db): unknown[] => db.prepare('SELECT a FROM t ORDER BY a').pluck().all();
const add = (db: Db, value: number): unknown => db.prepare('INSERT INTO t VALUES (?)').run(value);

function withTable(options = {}) {
  const disk = makeMemoryDisk(options);
  disk.takeFolder('/d');
  const db = disk.openDatabase('/d/a.db');
  db.exec('CREATE TABLE t (a INTEGER)');
  return { disk, db, reopen: (): unknown[] => rowsOf(disk.openDatabase('/d/a.db')) };
}

function withFile() {
  const disk = makeMemoryDisk();
  disk.takeFolder('/d');
  const file = disk.openAppend('/d/f', 'new');
  disk.syncFolder('/d');
  file.append(Buffer.from('synced'));
  file.sync();
  file.append(Buffer.from(' and not'));
  const read = (): string => {
    const { size, read: bytes } = disk.openRead('/d/f');
    return bytes(0, size).toString();
  };
  return { disk, file, read };
}

test('a commit outlives a crash, an open transaction does not', () => {
  const { disk, db, reopen } = withTable();
  add(db, 1);
  db.transaction(() => add(db, 2))();
  db.prepare('BEGIN IMMEDIATE').run();
  add(db, 3);
  disk.crash();
  expect(() => add(db, 4)).toThrow();
  expect(reopen()).toEqual([1, 2]);
});

test('where commits are not synced, a prefix of the last ones survives', () => {
  for (const survivors of [0, 2]) {
    const { disk, db, reopen } = withTable({ isSynced: false, commitsKept: 3 });
    for (let value = 1; value <= 5; value++) add(db, value);
    disk.crash({ commits: () => survivors });
    expect(reopen()).toEqual([1, 2, 3, 4].slice(0, 2 + survivors));
  }
});

test.each(['kept', 'lost'] as const)('a commit whose sync fails is %s', (outcome) => {
  const { disk, db, reopen } = withTable();
  disk.failSync('database', outcome, 1);
  add(db, 1);
  db.prepare('BEGIN IMMEDIATE').run();
  add(db, 2);
  expect(() => db.prepare('COMMIT').run()).toThrow(expect.objectContaining({ code: 'SQLITE_IOERR_FSYNC' }));
  disk.crash();
  expect(reopen()).toEqual(outcome === 'kept' ? [1, 2] : [1]);
});

test('the power can go before and behind each commit', () => {
  for (const [points, rows] of [
    [0, []],
    [1, [1]],
    [2, [1]],
    [3, [1, 2]],
  ] as const) {
    const { disk, db, reopen } = withTable();
    disk.cutPowerAfter(points);
    expect(() => {
      add(db, 1);
      add(db, 2);
    }).toThrow(PowerCut);
    expect(() => add(db, 3)).toThrow(PowerCut);
    disk.crash();
    expect(reopen()).toEqual(rows);
  }
});

test('bytes and names that were not synced vanish, but for the prefix that survives', () => {
  const lost = withFile();
  lost.disk.crash();
  expect(lost.read()).toBe('synced');
  const partly = withFile();
  partly.disk.rename('/d/f', '/d/g');
  partly.disk.openAppend('/d/new', 'new');
  partly.disk.crash({ bytes: () => 4, names: () => 1 });
  expect(partly.disk.files()).toEqual([{ path: '/d/g', bytes: 'synced and'.length }]);
  partly.disk.remove('/d/g');
  partly.disk.crash();
  expect(partly.disk.list('/d')).toEqual(['g']);
  partly.disk.remove('/d/g');
  partly.disk.syncFolder('/d');
  partly.disk.crash();
  expect(partly.disk.list('/d')).toEqual([]);
});

test('after a failed sync no later one brings the bytes to the disk, though they can be read', () => {
  const { disk, file, read } = withFile();
  disk.failSync('file', 'lost');
  expect(() => file.sync()).toThrow('EIO');
  file.sync();
  expect(read()).toBe('synced and not');
  disk.crash();
  expect(read()).toBe('synced');
});

test('a full disk and one that was pulled out say so', () => {
  const { disk, db, reopen } = withTable();
  disk.setFreeBytes(3);
  const file = disk.openAppend('/d/f', 'new');
  expect(() => file.append(Buffer.alloc(4))).toThrow('ENOSPC');
  file.append(Buffer.alloc(3));
  expect(() => add(db, 1)).toThrow(expect.objectContaining({ code: 'SQLITE_FULL' }));
  disk.setFreeBytes(100);
  disk.breakFolder('/d');
  expect(() => file.append(Buffer.alloc(1))).toThrow('EIO');
  expect(() => add(db, 2)).toThrow('disk I/O error');
  disk.breakFolder(null);
  disk.crash();
  expect(reopen()).toEqual([]);
});

test('an old copy can be put back, whole, in part, and on another disk', () => {
  const { disk, db, reopen } = withTable();
  add(db, 1);
  const image = disk.image();
  add(db, 2);
  disk.openAppend('/d/f', 'new');
  expect(() => disk.put(image)).toThrow('end its process first');
  disk.crash({ names: (unsynced) => unsynced });
  disk.put(image, (path) => path === '/d/a.db');
  expect(disk.list('/d')).toEqual(['f', 'a.db']);
  expect(reopen()).toEqual([1]);
  const clone = makeMemoryDisk();
  clone.put(image);
  expect(clone.list('/d')).toEqual(['a.db']);
  expect(rowsOf(clone.openDatabase('/d/a.db'))).toEqual([1]);
});

test('a database can lose its last commits, its end, or a byte', () => {
  const { disk, db, reopen } = withTable({ commitsKept: 2 });
  for (let value = 1; value <= 4; value++) add(db, value);
  const { length } = db.serialize();
  db.close();
  expect(disk.loseCommits('/d/a.db', 1)).toBe(1);
  expect(reopen()).toEqual([1, 2, 3]);
  disk.crash();
  disk.flip('/d/a.db', 0);
  expect(reopen).toThrow('file is not a database');
  disk.crash();
  disk.flip('/d/a.db', 0);
  disk.cut('/d/a.db', length - 4096);
  expect(reopen).toThrow('malformed');
});
