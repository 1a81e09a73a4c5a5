// What is kept of a count sheet is the sum of its lines by SKU, whatever the order of changes, restarts and kills.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CountLine } from '../../protocol/local/rooms/count.ts';
import { type Journal, openJournal } from '../../storage/journal.ts';
import { makeMemoryDisk } from '../simulation/memory-disk.ts';
import { temporaryFolder } from '../temporary.ts';
import { begin, hold, pen, SHEET } from './count-shelf.ts';
import { openTest, testClock } from './shop.ts';

const RUNS = Number(process.env['TILLWIRE_RUNS'] ?? 80);
const MINUTE = 60_000;
const COUNTERS = ['Anna', 'Ben', 'Zoe'];

const Sku = fc.constantFrom('A', 'B', 'C', 'D', 'E');
const Quantity = fc.integer({ min: 0, max: 50_000 });
const Which = fc.nat();
const Event = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('write'), sku: Sku, quantity: Quantity, more: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('correct'), which: Which, quantity: Quantity }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove'), which: Which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('undo') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('restart', 'power-cut', 'clock-step') }) },
);
const Events = fc.array(fc.record({ by: fc.nat({ max: 2 }), event: Event }), { minLength: 1, maxLength: 40 });

/** Opened again and again on a disk that loses what was not synced. */
function openShop() {
  const disk = makeMemoryDisk({ commitsKept: 6 });
  const clock = testClock();
  let lives = 0;
  const randomHex = (bytes: number): string => (++lives).toString(16).padStart(2 * bytes, '0');
  const open = (): Journal => openJournal({ folder: '/data', store: 'S001', clock, randomHex, disk });
  return { disk, clock, open };
}

async function play(events: typeof Events extends fc.Arbitrary<infer Value> ? Value : never) {
  const { disk, clock, open } = openShop();
  let journal = open();
  begin(journal);
  /** As the people were told. */
  const told = new Map<number, CountLine>();
  for (const { by, event } of events) {
    clock.pass(1_000);
    const hand = pen(journal, COUNTERS[by] ?? 'Anna');
    const lines = [...told.keys()];
    const picked = 'which' in event ? (lines[event.which % Math.max(1, lines.length)] ?? 1) : 1;
    if (event.kind === 'clock-step') clock.step(-MINUTE);
    else if (event.kind === 'restart') {
      journal.close();
      journal = open();
    } else if (event.kind === 'power-cut') {
      disk.crash({ bytes: () => 0, names: () => 0 });
      journal = open();
    } else {
      const written =
        event.kind === 'write'
          ? hand.write(event.sku, event.quantity, event.more)
          : event.kind === 'correct'
            ? hand.correct(picked, event.quantity)
            : event.kind === 'remove'
              ? hand.remove(picked)
              : hand.undo();
      if (written.result === 'written') told.set(written.line.line, written.line);
    }
  }
  const sums: Record<string, number> = {};
  for (const { sku, quantity, removed } of told.values()) {
    if (!removed) sums[sku] = (sums[sku] ?? 0) + quantity;
  }
  expect(journal.countLines(SHEET, 0, 500)?.lines.sort((a, b) => a.line - b.line)).toEqual(
    [...told.values()].sort((a, b) => a.line - b.line),
  );
  clock.pass(5 * MINUTE);
  if (Object.keys(sums).length === 0) expect(journal.holdCount(SHEET, 0).result).toMatch(/empty|changed/);
  else {
    const parts = await hold(journal, clock);
    expect(journal.appendTogether(parts).every(({ kind }) => kind === 'captured')).toBe(true);
    const kept = parts.flatMap(({ content }) => (content.kind === 'stocktake' ? content.lines : []));
    expect(Object.fromEntries(kept.map(({ sku, counted }) => [sku, counted]))).toEqual(sums);
  }
  journal.close();
}

test('what is kept is the sum of what people were told is written', async () => {
  await fc.assert(fc.asyncProperty(Events, play), { numRuns: RUNS });
});

test('a program that is killed while people count has every line that it told them of', async () => {
  const folder = temporaryFolder();
  const program = spawn(process.execPath, [join(import.meta.dirname, 'count-worker.ts'), folder]);
  let out = '';
  program.stdout.on('data', (piece: Buffer) => {
    out += piece.toString();
    if (out.split('\n').length > 30) program.kill('SIGKILL');
  });
  await new Promise((resolve) => program.once('close', resolve));
  const told = out.split('\n').slice(0, -1).map(Number);
  expect(told.length).toBeGreaterThan(20);
  const clock = testClock(Date.now() + MINUTE);
  const journal = openTest(folder, { clock });
  const found = journal.countLines(SHEET, 0, 500)?.lines.map(({ line }) => line) ?? [];
  expect(found.slice(0, told.length)).toEqual(told);
  // One line may have been written and not told any more.
  expect(found.length - told.length).toBeLessThanOrEqual(1);
  expect(journal.appendTogether(await hold(journal, clock))).toMatchObject([{ kind: 'captured' }]);
});
