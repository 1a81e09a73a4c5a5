// Whatever happens to one of the two copies at a time, and in whatever order: no sale is lost, none is there twice.
import { cpSync, existsSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Journal } from '../../storage/journal.ts';
import { temporaryFolder } from '../temporary.ts';
import { flip, mirrorFiles } from './damage.ts';
import { DAY, openTest, receiptsOf, sale, sales } from './shop.ts';

const RUNS = Number(process.env['TILLWIRE_RUNS'] ?? 25);

const Part = fc.double({ min: 0, max: 0.999, noNaN: true });
const Damage = fc.constantFrom('cut', 'flip', 'delete', 'none');
const Event = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('sell'), count: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('settle'), part: Part }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('restart', 'begin-epoch', 'back-up', 'put-back', 'lose-database') }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('power-cut'), damage: Damage, part: Part }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('hurt-mirror'), damage: Damage, which: Part, part: Part }) },
);
type Event = typeof Event extends fc.Arbitrary<infer Value> ? Value : never;

function hurt(path: string, damage: 'cut' | 'flip' | 'delete' | 'none', part: number): void {
  if (!existsSync(path) || readFileSync(path).length === 0) return;
  const at = Math.floor(statSync(path).size * part);
  if (damage === 'cut') truncateSync(path, at);
  if (damage === 'flip') flip(path, at);
  if (damage === 'delete') rmSync(path);
}

/** A shop whose files are hurt between closing and opening. */
function openShop() {
  let folder = temporaryFolder();
  const open = (): Journal => openTest(folder, { mirrorSegmentBytes: 2_500 });
  let journal = open();
  let sold = 0;
  let backup: string | null = null;
  const database = (): string => join(folder, 'journal.db');

  function reopenAfter(work: () => void): void {
    journal.close();
    work();
    journal = open();
  }

  function happen(event: Event): void {
    if (event.kind === 'sell') {
      const outcomes = journal.appendGroup(sales(sold + 1, sold + event.count));
      expect(outcomes.every((outcome) => outcome.kind === 'captured')).toBe(true);
      sold += event.count;
    } else if (event.kind === 'settle') {
      const { epoch, seq, settled } = journal.heads();
      journal.settle(epoch, settled + Math.floor((seq - settled) * event.part), 'mark', null);
    } else if (event.kind === 'begin-epoch') journal.beginEpoch('test', journal.heads().epoch.ordinal + 1);
    else if (event.kind === 'restart') reopenAfter(() => {});
    else if (event.kind === 'lose-database') reopenAfter(() => rmSync(database()));
    else if (event.kind === 'back-up') {
      reopenAfter(() => {
        backup = join(temporaryFolder(), 'journal.db');
        cpSync(database(), backup);
      });
    } else if (event.kind === 'put-back') reopenAfter(() => backup !== null && cpSync(backup, database()));
    else if (event.kind === 'power-cut') {
      const left = temporaryFolder();
      cpSync(folder, left, { recursive: true });
      reopenAfter(() => {
        folder = left;
        hurt(join(left, 'journal.db-wal'), event.damage, event.part);
      });
    } else if (event.kind === 'hurt-mirror') {
      // A settled file that rots is not read again at each start: central holds what it held.
      const isRot = event.damage === 'flip' && journal.snapshot(DAY).settled > 0;
      reopenAfter(() => {
        const files = mirrorFiles(folder);
        const name = files[Math.floor(files.length * event.which)];
        if (name !== undefined) hurt(join(folder, 'mirror', name), isRot ? 'cut' : event.damage, event.part);
      });
    }
  }

  function check(): void {
    const expected = sales(1, sold).map((_, index) => `R${index + 1}`);
    expect(receiptsOf(journal).toSorted()).toEqual(expected.toSorted());
    const { captured, settled, waiting, notices } = journal.snapshot(DAY);
    const heads = journal.heads();
    expect({ captured, waiting }).toEqual({ captured: sold, waiting: heads.seq - heads.settled });
    expect(settled).toBe(sold - waiting);
    expect(notices.filter((notice) => notice.code === 'one-copy-only')).toEqual([]);
    if (sold > 0) expect(journal.appendGroup([sale(sold)])[0]?.kind).toBe('duplicate');
  }

  return { happen, check, close: () => journal.close() };
}

test('one copy hurt at a time loses nothing', { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(fc.array(Event, { minLength: 3, maxLength: 25 }), (events) => {
      const shop = openShop();
      for (const event of events) {
        shop.happen(event);
        shop.check();
      }
      shop.close();
    }),
    { numRuns: RUNS },
  );
});
