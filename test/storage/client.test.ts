// The journal in its worker thread, and read from outside: the same answers, grouped; faults end it for everybody.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { CAPTURE_QUEUE_MAX } from '../../core/limits.ts';
import { type Storage, startStorage } from '../../storage/client.ts';
import { openReader } from '../../storage/reader.ts';
import type { Outbox } from '../../sync/ports.ts';
import { temporaryFolder } from '../temporary.ts';
import { until } from '../wait.ts';
import { DAY, numbers, openTest, sale, sales } from './shop.ts';

async function start(folder: string): Promise<Storage> {
  const storage = await startStorage({ folder, store: 'S001' });
  onTestFinished(() => storage.close());
  return storage;
}

test('the client is the outbox of the uplink', async () => {
  const storage = await start(temporaryFolder());
  const outbox: Outbox = storage satisfies Outbox;
  await storage.appendMany(sales(1, 3));
  const { epoch, seq, chain } = await outbox.heads();
  const page = await outbox.page(epoch, 1, 10, 1_000_000);
  expect(page.map((entry) => entry.seq)).toEqual([2, 3]);
  expect(page[1]).toMatchObject({ chain });
  expect(JSON.parse(Buffer.from(page[1]?.bytes ?? []).toString())).toMatchObject({ content: { receipt: 'R3' } });
  await outbox.settle(epoch, seq, 'mark 3', null);
  expect([await outbox.lastProof(), await outbox.chainAt(epoch, 3)]).toEqual(['mark 3', chain]);
  await outbox.writeSetting('a', 'b');
  expect(await outbox.readSetting('a')).toBe('b');
  await outbox.beginEpoch('test', 2);
  expect(await outbox.heads()).toMatchObject({ epoch: { ordinal: 2 }, seq: 0 });
});

test('captures of many tills at once share groups; each gets its own answer, listeners hear the newest', async () => {
  const storage = await start(temporaryFolder());
  const heard: number[] = [];
  const stop = storage.onCaptured((seq) => heard.push(seq));
  const outcomes = await storage.appendMany([...sales(1, 200), sale(1), sale(2, { total: 1 })]);
  const seqs = outcomes.slice(0, 200).map((outcome) => (outcome.kind === 'captured' ? outcome.kept.seq : 0));
  expect(seqs).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
  expect(outcomes.slice(200).map((outcome) => outcome.kind)).toEqual(['duplicate', 'conflict']);
  expect(heard.at(-1)).toBe(200);
  expect(heard.length).toBeLessThan(10);
  stop();
  await storage.append(sale(300));
  expect(heard.at(-1)).toBe(200);
  await expect(storage.append(sale(301, { total: 0.5 }))).rejects.toThrow(/exact integers/);
});

test('beyond the bound of the queue a till is told to come again', async () => {
  const storage = await start(temporaryFolder());
  const same = Array.from({ length: CAPTURE_QUEUE_MAX + 5 }, () => sale(1));
  const outcomes = await storage.appendMany(same);
  const count = (kind: string): number => outcomes.filter((outcome) => outcome.kind === kind).length;
  expect([count('captured'), count('duplicate'), count('refused')]).toEqual([1, CAPTURE_QUEUE_MAX - 1, 5]);
  expect((await storage.append(sale(2))).kind).toBe('captured');
});

test('what keeps a folder from opening is named', async () => {
  const folder = temporaryFolder();
  await start(folder);
  await expect(startStorage({ folder, store: 'S001' })).rejects.toMatchObject({ name: 'FolderInUse' });
  const other = temporaryFolder();
  openTest(other).close();
  await expect(startStorage({ folder: other, store: 'S002' })).rejects.toMatchObject({ name: 'OtherStore' });
});

test('a call that our own code made wrongly is refused alone; the journal goes on', async () => {
  const storage = await start(temporaryFolder());
  const { epoch } = await storage.heads();
  await expect(storage.settle(epoch, 7, 'mark', null)).rejects.toMatchObject({ name: 'Defect' });
  expect((await storage.append(sale(1))).kind).toBe('captured');
});

test('a fault rejects everything that waits and everything after it, and is told once', async () => {
  const folder = temporaryFolder();
  const storage = await startStorage({ folder, store: 'S001' });
  const faults: string[] = [];
  storage.onFault((error) => faults.push(error.name));
  await storage.append(sale(1));
  const meddler = new Database(join(folder, 'journal.db'));
  meddler.exec('DROP TABLE cursor');
  meddler.close();
  const waiting = [storage.append({ ...sale(2), cursor: { till: 'T1', position: '1' } }), storage.append(sale(3))];
  for (const answer of await Promise.allSettled(waiting))
    expect(answer).toMatchObject({ status: 'rejected', reason: { name: 'JournalFault' } });
  await expect(storage.append(sale(4))).rejects.toMatchObject({ name: 'JournalFault' });
  await expect(storage.heads()).rejects.toMatchObject({ name: 'JournalFault' });
  expect(faults).toEqual(['JournalFault']);
});

test('a book that cannot go on is told, in the log and in the window, and captures go on; it is over when it goes on', async () => {
  const folder = temporaryFolder();
  const storage = await start(folder);
  const stopped: string[] = [];
  storage.onBookStopped((reason) => stopped.push(reason));
  const confirmed: boolean[] = [];
  storage.onConfirmed(({ agrees }) => confirmed.push(agrees));
  await storage.append(sale(1));
  const { epoch } = await storage.heads();
  const meddler = new Database(join(folder, 'journal.db'));
  const bytes = meddler.prepare<[], Uint8Array>('SELECT bytes FROM entry').pluck().get() ?? new Uint8Array();
  const write = (changed: Uint8Array) => meddler.prepare('UPDATE entry SET bytes = ?').run(changed);
  write(Buffer.from('{"content":{"kind":"sale"}}'));
  const codes = async () => (await storage.snapshot(DAY)).notices.map(({ code }) => code);
  await storage.settle(epoch, 1, 'mark', { dseq: 0, digest: '0'.repeat(32), outcomes: '0'.repeat(64) });
  await until(() => expect(stopped).toHaveLength(1));
  expect(await codes()).toEqual(['books-stopped']);
  expect((await storage.append(sale(2))).kind).toBe('captured');
  expect(confirmed).toEqual([]);
  write(bytes);
  meddler.close();
  expect((await storage.append(sale(3))).kind).toBe('captured');
  await until(() => expect(confirmed).toEqual([false]));
  expect(await codes()).toEqual([]);
  expect(stopped).toHaveLength(1);
});

test('closing answers what waits, then frees the folder', async () => {
  const folder = temporaryFolder();
  const storage = await startStorage({ folder, store: 'S001' });
  const told = storage.appendMany(sales(1, 50));
  await storage.close();
  expect((await told).every((outcome) => outcome.kind === 'captured')).toBe(true);
  openTest(folder).close();
});

test('a reader sees the journal while its agent runs and after it stopped, and changes nothing', async () => {
  const folder = temporaryFolder();
  const storage = await start(folder);
  await storage.appendMany(sales(1, 5));
  const { epoch } = await storage.heads();
  await storage.settle(epoch, 2, 'mark 2', null);
  const reader = openReader(folder);
  onTestFinished(() => reader.close());
  expect(reader.store).toBe('S001');
  expect(reader.epochs()).toEqual([{ ...epoch, seq: 5, chain: await storage.chainAt(epoch, 5), settled: 2 }]);
  await storage.beginEpoch('test', 2);
  await storage.append(sale(6));
  const [ended, open] = reader.epochs();
  expect(ended).toMatchObject({ seq: 2, chain: await storage.chainAt(epoch, 2), settled: 2 });
  expect(open).toMatchObject({ ordinal: 2, seq: 4, settled: 0 });
  const receipts = [ended, open].flatMap((one) =>
    one === undefined
      ? []
      : reader
          .page(one, 0, 10, 1_000_000)
          .map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()).content.receipt),
  );
  expect(receipts).toEqual(numbers(1, 6));
  await storage.close();
  const after = openReader(folder);
  onTestFinished(() => after.close());
  expect(after.snapshot(DAY)).toMatchObject({ captured: 6, settled: 2, waiting: 4 });
  expect(after.findReceipt('R6')).toMatchObject([{ seq: 4 }]);
  expect(after.listAside({ limit: 10 })).toEqual([]);
});

test('a folder without a journal is named', () => {
  const folder = temporaryFolder();
  expect(() => openReader(folder)).toThrow(expect.objectContaining({ name: 'NoJournal' }));
  mkdirSync(join(folder, 'empty'));
  new Database(join(folder, 'empty', 'journal.db')).exec('PRAGMA user_version = 0').close();
  expect(() => openReader(join(folder, 'empty'))).toThrow(/NoJournal|empty journal|does not exist/);
});
