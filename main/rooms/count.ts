// Answers the count room: drafts in the agent's own file, figures from the books, and one act that keeps a sheet.
import { implement } from '@orpc/server';
import { DateTime } from 'luxon';
import { keptParts } from '../../capture/documents.ts';
import { maskText } from '../../capture/mask.ts';
import { isSurprising } from '../../core/counting.ts';
import type { PartOutcome, Review, SheetHead, Written } from '../../protocol/local/rooms/count.ts';
import { countContract } from '../../protocol/local/rooms/count.ts';
import type { Storage } from '../../storage/client.ts';
import type { Added, Corrected } from '../../storage/count/lines.ts';
import { keepSheet } from '../count/keep-sheet.ts';
import { prepareSheet } from '../count/sheet-document.ts';
import { WINDOW_WORKSTATION } from '../decide.ts';
import type { WindowParts } from './parts.ts';

const os = implement(countContract);

export type CountParts = Pick<WindowParts, 'storage' | 'clock' | 'changes'>;

export function countRoom(parts: CountParts) {
  const { storage, changes } = parts;
  /** Whoever changed something wakes the other windows. */
  async function telling<Answer>(work: Promise<Answer>): Promise<Answer> {
    const answer = await work;
    changes.tell();
    return answer;
  }
  return os.router({
    ...sheetHandlers(parts, telling),
    ...lineHandlers(storage, telling),
    uncounted: os.uncounted.handler(async ({ input }) => {
      const skus = await storage.uncounted(input.sheet, input.after, input.limit);
      return storage.countFigures(skus);
    }),
    absent: os.absent.handler(({ input }) =>
      telling(storage.countAbsent(input.sheet, masked(input.counter), input.skus)),
    ),
    figures: os.figures.handler(({ input }) => storage.countFigures(input.skus)),
  });
}

type Telling = <Answer>(work: Promise<Answer>) => Promise<Answer>;

/** L12: names are free text like any other. */
const masked = (text: string): string => maskText(text).text;

function sheetHandlers(parts: CountParts, telling: Telling) {
  const { storage, clock } = parts;
  return {
    sheets: os.sheets.handler(() => storage.countSheets()),
    begin: os.begin.handler(({ input: { sheet, area, expect } }) => {
      const businessDate = DateTime.fromMillis(clock.wallMs()).toISODate() ?? '';
      const number = `C-${businessDate.slice(2).replaceAll('-', '')}-${sheet}`;
      const fresh = { sheet, number, area: masked(area), businessDate, workstation: WINDOW_WORKSTATION };
      return telling(storage.beginCount(fresh, expect));
    }),
    review: os.review.handler(({ input }) => review(parts, input.sheet, input.part)),
    keep: os.keep.handler(({ input }) => telling(keepSheet(parts, input.sheet, input.through))),
    outcomes: os.outcomes.handler(({ input }) => outcomes(storage, input.sheet, input.part)),
    giveUp: os.giveUp.handler(({ input }) => telling(storage.giveUpCount(input.sheet))),
  };
}

function lineHandlers(storage: Storage, telling: Telling) {
  const handlers = writers(storage, telling);
  return {
    lines: os.lines.handler(({ input }) => storage.countLines(input.sheet, input.after, input.limit)),
    add: os.add.handler(({ input }) => handlers.add(input).catch(diskRefused)),
    correct: os.correct.handler(({ input }) => handlers.correct(input).catch(diskRefused)),
    remove: os.remove.handler(({ input }) => telling(storage.removeCounted(named(input))).catch(diskRefused)),
    undo: os.undo.handler(({ input }) => telling(storage.undoCounted(named(input))).catch(diskRefused)),
  };
}

const named = <Change extends { counter: string }>(change: Change): Change => ({
  ...change,
  counter: masked(change.counter),
});

function writers(storage: Storage, telling: Telling) {
  return {
    async add({ sure, ...added }: Sure<Added>): Promise<Written> {
      const sum = ((await storage.countedSum(added.sheet, added.sku)) ?? 0) + added.quantity;
      const asked = sure ? null : await question(storage, added.sku, added.quantity, sum);
      return asked ?? telling(storage.addCounted(named(added)));
    },
    async correct({ sure, ...corrected }: Sure<Corrected>): Promise<Written> {
      const line = await storage.countedLine(corrected.sheet, corrected.line);
      if (line !== null && !sure) {
        const others = ((await storage.countedSum(corrected.sheet, line.sku)) ?? 0) - line.quantity;
        const asked = await question(storage, line.sku, corrected.quantity, others + corrected.quantity);
        if (asked !== null) return asked;
      }
      return telling(storage.correctCounted(named(corrected)));
    },
  };
}

type Sure<Change> = Change & { sure: boolean };

/** A disk that takes nothing is told; anything else is a mistake of ours. */
function diskRefused(error: unknown): Written {
  if (error instanceof Error && error.name === 'CountFault') return { result: 'stopped', why: 'disk' };
  throw error;
}

/** A large figure is questioned, never refused. */
async function question(storage: Storage, sku: string, entered: number, sum: number): Promise<Written | null> {
  const [figure] = await storage.countFigures([sku]);
  const books = figure?.onHand ?? null;
  return isSurprising(entered, sum, books) ? { result: 'question', sum, books } : null;
}

/** Null where there is no such sheet. A sheet that nothing stands on has no part. */
async function review({ storage, clock }: CountParts, sheet: string, part: number): Promise<Review | null> {
  const held = await storage.countHeld(sheet);
  const head = await headOf(storage, sheet);
  if (held === null || head === null) return null;
  if (held.tallied.length === 0) return { head, part, parts: 0, rows: [] };
  const prepared = await prepareSheet(held, { store: storage.store, nowMs: clock.wallMs() }, storage);
  if (!prepared.ok) return { head, part, parts: 0, rows: [] };
  const captured = prepared.captures[part];
  const rows = captured === undefined ? [] : await storage.reviewCount(captured);
  return { head, part, parts: prepared.captures.length, rows };
}

const headOf = async (storage: Storage, sheet: string): Promise<SheetHead | null> =>
  (await storage.countLines(sheet, Number.MAX_SAFE_INTEGER, 1))?.head ?? null;

/** Null where the sheet is not kept, or its documents are not here. */
async function outcomes(storage: Storage, sheet: string, part: number): Promise<PartOutcome | null> {
  const held = await storage.countHeld(sheet);
  if (held === null || held.row.state !== 'kept') return null;
  const documents = await keptParts(storage, held.row.documentKey);
  const document = documents[part];
  const content = document?.fact.content;
  if (document === undefined || content?.kind !== 'stocktake') return null;
  const { epoch, seq } = document.kept;
  const outcome = await storage.outcome({ epoch: epoch.ordinal, seq });
  const sentences = new Map(outcome?.lines.map(({ sku, sentence }) => [sku, sentence]));
  const figures = await storage.countFigures(content.lines.map(({ sku }) => sku));
  const names = new Map(figures.map(({ sku, name }) => [sku, name]));
  return {
    part,
    parts: documents.length,
    soFar: outcome?.soFar ?? true,
    rows: content.lines.map(({ sku, counted }) => ({
      ...{ sku, counted },
      name: names.get(sku) ?? null,
      sentence: sentences.get(sku) ?? outcome?.sentence ?? '',
    })),
  };
}
