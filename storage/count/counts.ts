// What the journal's thread offers to the count room: drafts beside the journal, and what the books say of them.
import type { Captured, Counting } from '../../core/captured.ts';
import { type Tallied, tally } from '../../core/counting.ts';
import { AREA_SKUS_MAX, COUNT_PAGE_MAX } from '../../core/limits/count.ts';
import { PAGE_ROWS_MAX } from '../../core/limits.ts';
import type { CountFigure, CountLine, Expect, SheetHead, Sheets, Written } from '../../protocol/local/rooms/count.ts';
import type { Disk } from '../disk.ts';
import type { Rooms } from '../open.ts';
import { openCountBooks } from './books.ts';
import { openCountFile } from './count-file.ts';
import {
  type Added,
  addAbsent,
  addLine,
  type Change,
  type Corrected,
  correctLine,
  type Now,
  readLine,
  readLines,
  removeLine,
  standing,
  sumOf,
  undoChange,
} from './lines.ts';
import {
  beginSheet,
  giveUpSheet,
  type HoldResult,
  headOf,
  holdSheet,
  lastCounted,
  listSheets,
  type NewSheet,
  readSheet,
  readUncounted,
  releaseSheet,
  type SheetRow,
  settleHeld,
} from './sheets.ts';

/** All that is to be kept of a sheet: its articles in order, and what was known when it was begun. */
export type HeldSheet = { row: SheetRow; known: Counting['known']; tallied: Tallied[] };
export type Held = { result: 'held'; held: HeldSheet } | { result: Exclude<HoldResult, 'held'> | 'empty' };

type Parts = {
  rooms: Rooms;
  disk: Disk;
  folder: string;
  heldSkus: (after: string | null, max: number) => string[];
};

export type CountMethods = ReturnType<typeof openCounts>['methods'];

export function openCounts({ rooms, disk, folder, heldSkus }: Parts) {
  const { store, clock, entries, frames, book, transact } = rooms;
  const file = openCountFile({ disk, folder, wallMs: clock.wallMs });
  const books = openCountBooks(rooms);
  let isSettled = false;

  /** What was being handed over when the program ended is settled before anything else. */
  const change: typeof file.change = (work) => {
    if (!isSettled) file.change((db) => settleHeld(db, (key) => entries.byKey(key) !== null));
    isSettled = true;
    return file.change(work);
  };

  function now(): Now {
    const { frame, startMs } = transact(() => frames.current());
    return { atMs: clock.wallMs(), frame, frameStart: startMs };
  }

  function expectedOf(expect: Expect, area: string): string[] {
    if (expect.from === 'nothing') return [];
    if (expect.from === 'list') return expect.skus;
    if (expect.from === 'last-count') return change((db) => lastCounted(db, area, AREA_SKUS_MAX));
    return heldBehind(expect.prefix);
  }

  function heldBehind(prefix: string): string[] {
    const found: string[] = [];
    for (let after: string | null = null; found.length < AREA_SKUS_MAX; ) {
      const page = heldSkus(after, PAGE_ROWS_MAX);
      found.push(...page.filter((sku) => sku.startsWith(prefix)));
      after = page.at(-1) ?? null;
      if (page.length < PAGE_ROWS_MAX) break;
    }
    return found.slice(0, AREA_SKUS_MAX);
  }

  function held(sheet: string): HeldSheet | null {
    return change((db) => {
      const row = readSheet(db, sheet);
      if (row === undefined) return null;
      const known = { dseq: row.known, chain: row.knownChain };
      return { row, known, tallied: tally(standing(db, sheet)) };
    });
  }

  return {
    methods: {
      beginCount(fresh: Omit<NewSheet, 'documentKey'> & { workstation: string }, expect: Expect): SheetHead | null {
        const { workstation, ...sheet } = fresh;
        const documentKey = [store, workstation, fresh.businessDate, fresh.number, 'stocktake'].join('|');
        const beginning = { atMs: clock.wallMs(), known: book.directives.head() };
        const expected = expectedOf(expect, fresh.area);
        return change((db) => beginSheet(db, { ...sheet, documentKey }, beginning, expected));
      },
      countSheets: (): Sheets => {
        const sheets = change(listSheets);
        return { ...sheets, trouble: file.trouble() };
      },
      countLines: (sheet: string, after: number, limit: number): { head: SheetHead; lines: CountLine[] } | null =>
        change((db) => {
          const row = readSheet(db, sheet);
          return row === undefined ? null : { head: headOf(db, row), lines: readLines(db, sheet, after, limit) };
        }),
      /** What stands of an article, in thousandths; null where none does. */
      countedSum: (sheet: string, sku: string): number | null => change((db) => sumOf(db, sheet, sku)),
      countedLine: (sheet: string, line: number): { sku: string; quantity: number } | null =>
        change((db) => readLine(db, sheet, line) ?? null),
      addCounted(added: Added): Written {
        const at = now();
        return change((db) => addLine(db, added, at));
      },
      correctCounted(corrected: Corrected): Written {
        const at = now();
        return change((db) => correctLine(db, corrected, at));
      },
      removeCounted: (removed: Change & { line: number }): Written => change((db) => removeLine(db, removed)),
      undoCounted: (undone: Change): Written => change((db) => undoChange(db, undone)),
      uncounted: (sheet: string, after: string | null, limit: number): string[] =>
        change((db) => readUncounted(db, sheet, after, Math.min(limit, COUNT_PAGE_MAX))),
      /** Each that has no line gets one with zero; null where nobody can write on this sheet. */
      countAbsent(sheet: string, counter: string, skus: string[]): SheetHead | null {
        const at = now();
        return change((db) => {
          for (const sku of skus) addAbsent(db, { sheet, counter }, sku, at);
          const row = readSheet(db, sheet);
          return row?.state === 'open' ? headOf(db, row) : null;
        });
      },
      countFigures: (skus: string[]): CountFigure[] => books.figures(skus),
      /** The sheet as it stands, whatever its state; null where it is gone. */
      countHeld: held,
      reviewCount: (part: Captured) => books.review(part),
      /** Nobody writes on it any more until it is released. */
      holdCount(sheet: string, through: number): Held {
        const result = change((db) => {
          const row = readSheet(db, sheet);
          if (row?.state === 'open' && standing(db, sheet).length === 0) return 'empty';
          return holdSheet(db, sheet, through, clock.wallMs());
        });
        if (result !== 'held') return { result };
        const whole = held(sheet);
        return whole === null ? { result: 'gone' } : { result, held: whole };
      },
      releaseCount: (sheet: string, isKept: boolean): SheetHead | null =>
        change((db) => {
          releaseSheet(db, sheet, isKept);
          const row = readSheet(db, sheet);
          return row === undefined ? null : headOf(db, row);
        }),
      giveUpCount: (sheet: string): boolean => change((db) => giveUpSheet(db, sheet)),
    },
    close: file.close,
  };
}
