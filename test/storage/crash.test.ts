// On a disk that loses what was not synced: whatever was answered "captured" is there after each crash, once, in order.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { genesisChain, linkChain, sameEpoch } from '../../core/chain.ts';
import { sha256 } from '../../protocol/sha256.ts';
import { type Journal, openJournal } from '../../storage/journal.ts';
import { ALL_SURVIVES, makeMemoryDisk, type Survival } from '../simulation/memory-disk.ts';
import { PowerCut } from '../simulation/memory-faults.ts';
import type { DiskImage } from '../simulation/memory-names.ts';
import { noticeCodes, receiptsOf, sale, testClock } from './shop.ts';

const RUNS = Number(process.env['TILLWIRE_RUNS'] ?? 60);
const FOLDER = '/data';
const DATABASE = '/data/journal.db';
const isMirror = (path: string): boolean => path.startsWith('/data/mirror');

const Part = fc.double({ min: 0, max: 1, noNaN: true });
const Count = fc.integer({ min: 1, max: 5 });
const Outcome = fc.constantFrom('kept', 'lost');
const Event = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('sell'), count: Count }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('settle'), part: Part }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('crash'), part: Part }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('power-cut', 'power-cut-at-start'),
      points: fc.integer({ min: 0, max: 30 }),
      part: Part,
      count: Count,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('failed-sync'),
      of: fc.constantFrom('database', 'file'),
      outcome: Outcome,
      part: Part,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose-commits'), count: Count }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut-database'), part: Part }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fork'), count: fc.integer({ min: 0, max: 3 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'restart',
        'kill',
        'begin-epoch',
        'back-up',
        'put-back',
        'lose-database',
        'lose-mirror',
        'mend',
      ),
    }),
  },
);
type Event = typeof Event extends fc.Arbitrary<infer Value> ? Value : never;

const surviving = (part: number): Survival => ({
  bytes: (_, unsynced) => Math.floor(unsynced * part),
  names: (unsynced) => Math.round(unsynced * part),
});

function openShop() {
  const disk = makeMemoryDisk({ commitsKept: 6 });
  const clock = testClock();
  let lives = 0;
  const randomHex = (bytes: number): string => (++lives).toString(16).padStart(2 * bytes, '0');
  const open = (): Journal =>
    openJournal({ folder: FOLDER, store: 'S001', clock, randomHex, disk, mirrorSegmentBytes: 2_500 });
  let journal = open();
  let offered = 0;
  const told = new Set<string>();
  let backup: DiskImage | null = null;

  /** False where the answer is unknown: then nobody was told anything. */
  function sell(count: number): boolean {
    const receipts = Array.from({ length: count }, () => ++offered);
    try {
      const outcomes = journal.appendGroup(receipts.map((receipt) => sale(receipt)));
      outcomes.forEach((outcome, index) => {
        expect(outcome.kind).toBe('captured');
        told.add(`R${receipts[index]}`);
      });
      return true;
    } catch (error) {
      if (error instanceof PowerCut || (error as Error).name === 'JournalFault') return false;
      throw error;
    }
  }

  function crash(survival: Survival, work: () => void = () => {}): void {
    disk.crash(survival);
    work();
    journal = open();
  }

  function reopenAfter(work: () => void): void {
    journal.close();
    work();
    journal = open();
  }

  const isTwice = (): boolean => !noticeCodes(journal).includes('one-copy-only');

  /** The PC went on from an old copy, and the mirror of what it was before comes back to it. */
  function fork(old: DiskImage, count: number): void {
    const lost = journal.epochs();
    journal.close();
    const image = disk.image();
    disk.put(old);
    journal = open();
    const from = journal.epochs();
    const hadGoneOn = lost.some(({ epoch, seq }) => seq > (from.find((row) => sameEpoch(row.epoch, epoch))?.seq ?? 0));
    if (count > 0) sell(count);
    reopenAfter(() => disk.put(image, isMirror));
    const newest = Math.max(lost.at(-1)?.epoch.ordinal ?? 0, from.at(-1)?.epoch.ordinal ?? 0);
    expect(journal.heads().epoch.ordinal > newest).toBe(hadGoneOn && count > 0);
  }

  function happen(event: Event): void {
    if (event.kind === 'sell') expect(sell(event.count)).toBe(true);
    else if (event.kind === 'settle') {
      const { epoch, seq, settled } = journal.heads();
      journal.settle(epoch, settled + Math.floor((seq - settled) * event.part), 'mark', null);
    } else if (event.kind === 'crash') crash(surviving(event.part));
    else if (event.kind === 'kill') crash(ALL_SURVIVES);
    else if (event.kind === 'power-cut') {
      disk.cutPowerAfter(event.points);
      while (sell(event.count));
      crash(surviving(event.part));
    } else if (event.kind === 'power-cut-at-start') {
      journal.close();
      disk.cutPowerAfter(event.points);
      try {
        open();
      } catch (error) {
        expect(error).toBeInstanceOf(PowerCut);
      }
      crash(surviving(event.part));
    } else if (event.kind === 'failed-sync') {
      if (!isTwice() && event.of === 'file') return;
      disk.failSync(event.of, event.outcome);
      expect(sell(2)).toBe(event.of === 'file');
      if (event.of === 'database') crash(surviving(event.part));
      else expect(isTwice()).toBe(false);
    } else if (event.kind === 'mend') {
      journal.mendMirror();
      expect(isTwice()).toBe(true);
    } else if (event.kind === 'restart') reopenAfter(() => {});
    else if (event.kind === 'begin-epoch') journal.beginEpoch('test', journal.heads().epoch.ordinal + 1);
    else if (event.kind === 'lose-mirror') reopenAfter(() => disk.lose('/data/mirror'));
    else if (isTwice()) hurtDatabase(event);
  }

  function hurtDatabase(event: Event): void {
    if (event.kind === 'back-up') backup = disk.image();
    else if (event.kind === 'put-back')
      reopenAfter(() => backup !== null && disk.put(backup, (path) => path === DATABASE));
    else if (event.kind === 'lose-database') reopenAfter(() => disk.lose(DATABASE));
    else if (event.kind === 'lose-commits') crash({}, () => disk.loseCommits(DATABASE, event.count));
    else if (event.kind === 'cut-database') {
      const size = disk.files().find(({ path }) => path === DATABASE)?.bytes ?? 0;
      crash({}, () => disk.cut(DATABASE, Math.floor(size * event.part)));
    } else if (event.kind === 'fork' && backup !== null) fork(backup, event.count);
  }

  function check(): void {
    const kept = receiptsOf(journal);
    const here = new Set(kept);
    expect(here.size).toBe(kept.length);
    expect([...told].filter((receipt) => !here.has(receipt))).toEqual([]);
    for (const { epoch } of journal.epochs()) {
      let chain = genesisChain(sha256, 'S001', epoch);
      let seq = 0;
      for (let page = journal.page(epoch, 0, 100, 1e6); page.length > 0; page = journal.page(epoch, seq, 100, 1e6)) {
        for (const entry of page) {
          chain = linkChain(sha256, chain, entry.bytes);
          expect({ seq: entry.seq, chain: entry.chain }).toEqual({ seq: ++seq, chain });
        }
      }
    }
  }

  return { happen, check };
}

test('what was answered "captured" outlives whatever happens to one copy', { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(fc.array(Event, { minLength: 3, maxLength: 25 }), (events) => {
      const shop = openShop();
      for (const event of events) {
        shop.happen(event);
        shop.check();
      }
    }),
    { numRuns: RUNS },
  );
});
