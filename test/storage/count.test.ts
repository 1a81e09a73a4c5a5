// Count sheets over a real journal: changes made once, all parts or none, the look at the books, and what survives.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OPEN_SHEETS_MAX } from '../../core/limits/count.ts';
import { COUNT_LATE_MS_MAX, STOCKTAKE_LINES_MAX } from '../../core/limits.ts';
import { begin, hold, keep, onHand, open, pen, receive, SHEET, sell } from './count-shelf.ts';
import { openTest, sales } from './shop.ts';

const MINUTE = 60_000;

test('3,000 articles are cut into parts, and kept all or none', async () => {
  const { journal, clock } = open();
  begin(journal);
  const anna = pen(journal, 'Anna');
  anna.write('SKU-2999', 2_999_000);
  const skus = Array.from({ length: 2_999 }, (_, n) => `SKU-${String(n).padStart(4, '0')}`);
  for (let at = 0; at < skus.length; at += 500) journal.countAbsent(SHEET, 'Ben', skus.slice(at, at + 500));
  clock.pass(MINUTE);
  const parts = await hold(journal, clock);
  expect(parts.map(({ content }) => ('lines' in content ? content.lines.length : 0))).toEqual(
    Array(6).fill(STOCKTAKE_LINES_MAX),
  );
  const [, , third] = parts;
  if (third === undefined || third.content.kind !== 'stocktake') throw new Error('there is no third part');
  const stranger = { ...third, counting: undefined, content: { ...third.content, reason: 'something else' } };
  const elsewhere = open();
  elsewhere.journal.appendGroup([stranger]);
  const refused = elsewhere.journal.appendTogether(parts);
  expect(refused.every(({ kind }) => kind === 'conflict')).toBe(true);
  expect(elsewhere.journal.heads().seq).toBe(1);
  expect(journal.appendTogether(parts).every(({ kind }) => kind === 'captured')).toBe(true);
  expect(journal.appendTogether(parts).every(({ kind }) => kind === 'duplicate')).toBe(true);
  expect(journal.heads().seq).toBe(6);
  expect(onHand(journal, 'SKU-2999')).toBe(2_999_000);
});

test('the same change asked for twice is made once, and undone once', () => {
  const { journal } = open();
  begin(journal);
  begin(journal);
  const asked = { sheet: SHEET, op: 'one', counter: 'Anna', sku: 'APPLE', quantity: 1_000, more: true };
  expect([journal.addCounted(asked), journal.addCounted(asked)]).toMatchObject([
    { result: 'written', line: { quantity: 1_000 } },
    { result: 'written', line: { quantity: 1_000 } },
  ]);
  const anna = pen(journal, 'Anna');
  const ben = pen(journal, 'Ben');
  expect(anna.write('APPLE', 1_000, true)).toMatchObject({ line: { line: 1, quantity: 2_000 } });
  expect(ben.write('APPLE', 1_000, true)).toMatchObject({ line: { line: 2, quantity: 1_000 } });
  anna.correct(1, 12_000);
  expect(anna.undo()).toMatchObject({ line: { line: 1, quantity: 2_000 } });
  expect(anna.undo()).toMatchObject({ line: { line: 1, quantity: 1_000 } });
  ben.correct(1, 7_000);
  // Ben changed it since: it is not Anna's to take back any more.
  expect(anna.undo()).toEqual({ result: 'stopped', why: 'nothing' });
  expect(ben.remove(2)).toMatchObject({ line: { removed: true } });
  expect(ben.remove(2)).toEqual({ result: 'stopped', why: 'no-line' });
  expect(ben.undo()).toMatchObject({ line: { line: 2, removed: false } });
  expect(journal.countLines(SHEET, 0, 100)?.head).toMatchObject({ lines: 2, articles: 1, units: 8_000 });
});

test('a program that ends while a sheet is handed over finds it kept, or open again', async () => {
  const { folder, clock, journal } = open();
  for (const sheet of ['SHELF001', 'SHELF002']) {
    begin(journal, sheet);
    pen(journal, 'Anna', sheet).write('APPLE', 1_000);
  }
  clock.pass(MINUTE);
  journal.appendTogether(await hold(journal, clock, 'SHELF001'));
  await hold(journal, clock, 'SHELF002');
  expect(pen(journal, 'Ben', 'SHELF002').write('PEAR', 1_000)).toEqual({ result: 'stopped', why: 'closed' });
  journal.close();
  const again = openTest(folder, { clock });
  const { open: left, kept } = again.countSheets();
  expect([left.map(({ sheet }) => sheet), kept.map(({ sheet }) => sheet)]).toEqual([['SHELF002'], ['SHELF001']]);
  expect(pen(again, 'Ben', 'SHELF002').write('PEAR', 1_000)).toMatchObject({ result: 'written' });
});

test('somebody who writes after the last look is not kept unseen', () => {
  const { journal } = open();
  begin(journal);
  expect(journal.holdCount(SHEET, 0)).toEqual({ result: 'empty' });
  pen(journal, 'Anna').write('APPLE', 1_000);
  const seen = journal.countLines(SHEET, 0, 1)?.head.revision ?? 0;
  pen(journal, 'Ben').write('APPLE', 1_000);
  expect(journal.holdCount(SHEET, seen)).toEqual({ result: 'changed' });
  expect(journal.holdCount('SHELF009', 0)).toEqual({ result: 'gone' });
  expect(journal.giveUpCount(SHEET)).toBe(true);
  expect(journal.countSheets()).toEqual({ open: [], kept: [], trouble: null });
  expect(journal.heads().seq).toBe(0);
});

test('the area should have what its last count found; only what is marked as not found becomes zero', async () => {
  const { journal, clock } = open();
  receive(journal, clock, 'APPLE', 5_000);
  receive(journal, clock, 'PEAR', 5_000);
  begin(journal);
  for (const sku of ['APPLE', 'PEAR']) pen(journal, 'Anna').write(sku, 5_000);
  pen(journal, 'Zoe').write('APPLE', 0);
  clock.pass(MINUTE);
  await keep(journal, clock);
  const number = { number: 'C-2', area: ' shelf 4 ', businessDate: '2026-11-22', workstation: 'Store window' };
  expect(journal.beginCount({ ...number, sheet: 'SHELF002' }, { from: 'last-count' })).toMatchObject({ expected: 2 });
  pen(journal, 'Anna', 'SHELF002').write('APPLE', 1_000);
  expect(journal.uncounted('SHELF002', null, 10)).toEqual(['PEAR']);
  expect(journal.countAbsent('SHELF002', 'Anna', ['PEAR', 'APPLE'])).toMatchObject({ uncounted: 0, lines: 2 });
  clock.pass(MINUTE);
  await keep(journal, clock, 'SHELF002');
  expect([onHand(journal, 'APPLE'), onHand(journal, 'PEAR')]).toEqual([1_000, 0]);
});

test('a look at the books before it is kept says what keeping does, and writes nothing', async () => {
  const { journal, clock } = open();
  receive(journal, clock, 'APPLE', 20_000);
  begin(journal);
  pen(journal, 'Anna').write('APPLE', 15_000);
  pen(journal, 'Anna').write('NEW', 4_000);
  clock.pass(MINUTE);
  sell(journal, clock, 1, 'APPLE', 3_000);
  clock.pass(MINUTE);
  const before = journal.heads();
  const [part] = await hold(journal, clock);
  if (part === undefined) throw new Error('the sheet has no part');
  const expected = [
    { sku: 'APPLE', counted: 15_000, books: 17_000, difference: -5_000, after: 12_000, since: -3_000, sentence: null },
    { sku: 'NEW', counted: 4_000, books: null, difference: 4_000, after: 4_000, since: 0 },
  ];
  expect(journal.reviewCount(part)).toMatchObject(expected);
  expect(journal.reviewCount(part)).toMatchObject(expected);
  expect(journal.heads()).toEqual(before);
  journal.appendTogether([part]);
  expect([onHand(journal, 'APPLE'), onHand(journal, 'NEW')]).toEqual([12_000, 4_000]);
});

test('a sheet that lay for days asks for another count, and the look says so before', async () => {
  const { journal, clock } = open();
  receive(journal, clock, 'APPLE', 20_000);
  begin(journal);
  pen(journal, 'Anna').write('APPLE', 15_000);
  clock.pass(COUNT_LATE_MS_MAX + MINUTE);
  const [part] = await hold(journal, clock);
  if (part === undefined) throw new Error('the sheet has no part');
  expect(journal.reviewCount(part)).toMatchObject([
    { difference: null, after: 20_000, sentence: expect.stringContaining('Please count once more') },
  ]);
});

test('drafts that rot are put aside and told; sales go on', () => {
  const { folder, clock, journal } = open();
  begin(journal);
  pen(journal, 'Anna').write('APPLE', 1_000);
  journal.close();
  writeFileSync(join(folder, 'counts.db'), 'this is no database at all, not even a little'.repeat(200));
  const again = openTest(folder, { clock });
  expect(() => again.countSheets()).toThrow(/could not be written/);
  expect(again.countSheets()).toMatchObject({
    open: [],
    trouble: expect.stringContaining('could not be read any more'),
  });
  expect(readdirSync(folder).some((name) => name.startsWith('counts-damaged-'))).toBe(true);
  expect(again.appendGroup(sales(1, 1))).toMatchObject([{ kind: 'captured' }]);
  expect(begin(again)).toMatchObject({ state: 'open', lines: 0 });
});

test('too many open sheets are not begun', () => {
  const { journal } = open();
  for (let n = 0; n < OPEN_SHEETS_MAX; n++) expect(begin(journal, `SHELF${String(n).padStart(3, '0')}`)).not.toBeNull();
  expect(begin(journal, 'ONEMORE1')).toBeNull();
});
