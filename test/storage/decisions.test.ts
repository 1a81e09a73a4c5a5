// Central's log in the journal: applied once and in order, what facts had seen of it, and what survives of it.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import type { Captured } from '../../core/captured.ts';
import type { Fact } from '../../core/fact.ts';
import { text } from '../../core/hash.ts';
import { startStorage } from '../../storage/client.ts';
import type { Confirmed } from '../../storage/confirm.ts';
import type { Journal } from '../../storage/journal.ts';
import { MIGRATIONS, migrate, schemaVersion } from '../../storage/migrate.ts';
import { temporaryFolder } from '../temporary.ts';
import { makeCentralBook, settle, workOff } from './central-book.ts';
import { DAY, NOON_MS, openTest, sale, sales, shelvesOf, testClock } from './shop.ts';

const MINUTE = 60_000;
const PRECISE = { ms: 0, boundMs: 1_000 };

const factAt = (journal: Journal, seq: number): Fact =>
  JSON.parse(text(journal.page(journal.heads().epoch, seq - 1, 1, 1e6)[0]?.bytes ?? new Uint8Array())) as Fact;

function count(number: number, atMs: number, skew: Captured['skew'] = PRECISE): Captured {
  const at = new Date(atMs).toISOString();
  const document = `C${number}`;
  const common = { workstation: 'T1', document, businessDate: DAY, occurred: at, begun: at, stocktake: document };
  return { content: { kind: 'stocktake', ...common, lines: [{ sku: 'APPLE', counted: 5000 }] }, feed: 'http', skew };
}

function decided(journal: Journal, decisions: number) {
  const central = makeCentralBook();
  central.take(journal, 100);
  for (let n = 1; n <= decisions; n++) central.decide({ kind: 'correction', sku: 'APPLE', delta: 1000 * n });
  return central;
}

test('directives are applied once, in order, and are there after a restart, to be said again', () => {
  const folder = temporaryFolder();
  let journal = openTest(folder);
  journal.appendGroup(sales(1, 2));
  const { log } = decided(journal, 3);
  expect(journal.directives()).toEqual({ dseq: 0, chain: null });
  expect(() => journal.applyDirectives(log.slice(1))).toThrow(/does not follow/);
  expect(journal.applyDirectives(log.slice(0, 2))).toEqual({
    dseq: 2,
    chain: log[1]?.chain,
    tip: { epoch: 1, seq: 2 },
  });
  expect(journal.applyDirectives(log.slice(0, 2))).toMatchObject({ dseq: 2 });
  journal.appendGroup([sale(3)]);
  expect(journal.applyDirectives(log)).toEqual({ dseq: 3, chain: log[2]?.chain, tip: { epoch: 1, seq: 3 } });
  expect([1, 3].map((seq) => factAt(journal, seq).seen)).toEqual([0, 2]);
  journal.close();
  journal = openTest(folder);
  expect(journal.applyDirectives([])).toMatchObject({ dseq: 3 });
  const told = log.slice(1).map(({ directive: _, ...logged }) => logged);
  expect(journal.directivesPage(1, 10).map((one) => ({ ...one, bytes: Uint8Array.from(one.bytes) }))).toEqual(told);
});

test('a count knows what was applied before it began; where nobody can say, nothing', () => {
  const clock = testClock();
  const folder = temporaryFolder();
  let journal = openTest(folder, { clock });
  journal.appendGroup([sale(1)]);
  const { log } = decided(journal, 2);
  clock.pass(10 * MINUTE);
  journal.applyDirectives(log.slice(0, 1));
  clock.pass(10 * MINUTE);
  journal.applyDirectives(log);
  clock.pass(10 * MINUTE);
  const known = (captured: Captured): number | undefined => {
    journal.appendGroup([captured]);
    return factAt(journal, journal.heads().seq).known;
  };
  expect(known(count(1, NOON_MS + 5 * MINUTE))).toBe(0);
  expect(known(count(2, NOON_MS + 15 * MINUTE))).toBe(1);
  expect(known(count(3, NOON_MS + 25 * MINUTE))).toBe(2);
  expect(known(count(4, NOON_MS + 10 * MINUTE))).toBe(0);
  expect(known({ ...count(5, NOON_MS + 25 * MINUTE), skew: undefined })).toBe(0);
  journal.close();
  clock.pass(MINUTE);
  journal = openTest(folder, { clock });
  expect(known(count(6, NOON_MS + 25 * MINUTE))).toBe(0);
  clock.pass(10 * MINUTE);
  expect(known(count(7, clock.wallMs() - MINUTE))).toBe(2);
});

test('a journal that was built again from its mirror asks for its directives and folds anew', () => {
  const folder = temporaryFolder();
  let journal = openTest(folder);
  journal.appendGroup(sales(1, 5));
  const central = decided(journal, 2);
  journal.applyDirectives(central.log);
  settle(journal, central.mark());
  expect(workOff(journal)).toMatchObject([{ agrees: true }]);
  journal.close();
  for (const side of ['', '-wal', '-shm']) rmSync(join(folder, `journal.db${side}`), { force: true });
  journal = openTest(folder);
  expect(journal.directives()).toEqual({ dseq: 0, chain: null });
  expect(journal.heads()).toMatchObject({ seq: 5 });
  settle(journal, central.mark());
  expect(workOff(journal)).toEqual([]);
  journal.applyDirectives(central.log);
  expect(workOff(journal)).toEqual([{ cut: { at: central.at(), dseq: 2 }, agrees: true }]);
});

test('a journal of the first version comes forward, and its book catches up from nothing', () => {
  const folder = temporaryFolder();
  let journal = openTest(folder);
  journal.appendGroup(sales(1, 450));
  const central = makeCentralBook();
  central.take(journal, 450);
  journal.settle(journal.heads().epoch, 450, 'mark of an older central', null);
  journal.close();
  const db = new Database(join(folder, 'journal.db'));
  const old = new Database(':memory:');
  migrate(old, MIGRATIONS.slice(0, 1));
  const known = new Set(old.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all());
  const tables = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  for (const name of tables) if (!known.has(name)) db.exec(`DROP TABLE ${name}`);
  db.pragma('user_version = 1');
  db.close();
  journal = openTest(folder);
  expect(journal.sums().cut).toEqual({ at: { epoch: 0, seq: 0 }, dseq: 0 });
  settle(journal, central.mark());
  let slices = 0;
  for (let confirmed: Confirmed | null = null; confirmed === null; slices++) confirmed = journal.work().confirmed;
  // 10, 20, 40, 80, 160, and what is left.
  expect(slices).toBe(6);
  expect(journal.sums().cut).toEqual({ at: central.at(), dseq: 0 });
  expect(shelvesOf(folder)).toEqual(new Map(central.sums()));
  expect(schemaVersion(old)).toBe(1);
});

test('the worker confirms in the background and tells; a receipt is kept together', async () => {
  const storage = await startStorage({ folder: temporaryFolder(), store: 'S001' });
  onTestFinished(() => storage.close());
  const model = openTest(temporaryFolder());
  const heard: Confirmed[] = [];
  const { promise: told, resolve } = Promise.withResolvers<void>();
  storage.onConfirmed((confirmed) => {
    heard.push(confirmed);
    resolve();
  });
  await storage.appendTogether(sales(1, 3));
  model.appendGroup(sales(1, 3));
  const central = makeCentralBook();
  central.take(model, 3);
  const { seq, dseq, digest, outcomes } = central.mark();
  const { epoch } = await storage.heads();
  await storage.settle(epoch, seq, 'mark', { dseq, digest, outcomes });
  await told;
  expect(heard).toEqual([{ cut: { at: { epoch: 1, seq: 3 }, dseq: 0 }, agrees: true }]);
  const kinds = async (...captures: Captured[]): Promise<string[]> =>
    (await storage.appendTogether(captures)).map(({ kind }) => kind);
  expect(await kinds(sale(3, { total: 9 }), sale(4))).toEqual(['conflict', 'conflict']);
  expect(await kinds(...sales(1, 2))).toEqual(['duplicate', 'duplicate']);
  expect(await kinds(sale(1), sale(5))).toEqual(['duplicate', 'conflict']);
  expect((await storage.heads()).seq).toBe(3);
  expect(await storage.provisional()).toEqual({ tip: { epoch: 1, seq: 3 }, shelves: [] });
});
