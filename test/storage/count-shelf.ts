// A shop that counts: sheets over a real journal whose clock the test owns, kept through the way of any count sheet.
import { prepareSheet } from '../../main/count/sheet-document.ts';
import type { Written } from '../../protocol/local/rooms/count.ts';
import type { Journal } from '../../storage/journal.ts';
import { memoryJournal } from '../capture/memory-journal.ts';
import { DAY, type TestClock } from './shop.ts';

export const SHEET = 'SHELF001';

export const begin = (journal: Journal, sheet = SHEET, area = 'Shelf 4') =>
  journal.beginCount(
    { sheet, number: `C-${sheet}`, area, businessDate: DAY, workstation: 'Store window' },
    { from: 'nothing' },
  );

let ops = 0;

/** Writes lines on a sheet; each change has a name of its own. */
export function pen(journal: Journal, counter: string, sheet = SHEET) {
  const change = () => ({ sheet, counter, op: `op-${ops++}` });
  return {
    write: (sku: string, quantity: number, more = false): Written =>
      journal.addCounted({ ...change(), sku, quantity, more }),
    correct: (line: number, quantity: number, again = false): Written =>
      journal.correctCounted({ ...change(), line, quantity, again }),
    remove: (line: number): Written => journal.removeCounted({ ...change(), line }),
    undo: (): Written => journal.undoCounted(change()),
  };
}

/** Parts that the sheet would become, and how it was held. */
export async function hold(journal: Journal, clock: TestClock, sheet = SHEET) {
  const head = journal.countLines(sheet, 0, 1)?.head;
  const held = journal.holdCount(sheet, head?.revision ?? 0);
  if (held.result !== 'held') throw new Error(`the sheet is ${held.result}`);
  const prepared = await prepareSheet(held.held, { store: 'S001', nowMs: clock.wallMs() }, memoryJournal());
  if (!prepared.ok) throw new Error(JSON.stringify(prepared));
  return prepared.captures;
}

export async function keep(journal: Journal, clock: TestClock, sheet = SHEET) {
  const outcomes = journal.appendTogether(await hold(journal, clock, sheet));
  journal.releaseCount(sheet, true);
  return outcomes;
}

/** What the books of this PC read now. */
export const onHand = (journal: Journal, sku: string): number | null => journal.countFigures([sku])[0]?.onHand ?? null;
