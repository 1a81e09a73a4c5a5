// A shop that counts: sheets over a real journal whose clock the test owns, kept through the way of any count sheet.
import type { Fact } from '../../core/fact.ts';
import { text } from '../../core/hash.ts';
import { prepareSheet } from '../../main/count/sheet-document.ts';
import type { Written } from '../../protocol/local/rooms/count.ts';
import type { Journal } from '../../storage/journal.ts';
import { memoryJournal } from '../capture/memory-journal.ts';
import { movement } from '../facts.ts';
import { temporaryFolder } from '../temporary.ts';
import { DAY, openTest, sale, type TestClock, testClock } from './shop.ts';

const MINUTE = 60_000;
const PRECISE = { ms: 0, boundMs: 2_000 };

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

export function open(folder = temporaryFolder(), clock = testClock()) {
  return { folder, clock, journal: openTest(folder, { clock }) };
}

/** On the till's clock, now. */
export const sell = (journal: Journal, clock: TestClock, number: number, sku: string, quantity: number) =>
  journal.appendGroup([
    {
      ...sale(number, { occurred: new Date(clock.wallMs()).toISOString(), lines: [{ sku, quantity }] }),
      skew: PRECISE,
    },
  ]);

export function receive(journal: Journal, clock: TestClock, sku: string, quantity: number) {
  const occurred = new Date(clock.wallMs()).toISOString();
  const content = movement('goods-received', [{ sku, quantity }], { occurred, document: `D-${sku}` });
  journal.appendGroup([{ content, feed: 'http', skew: PRECISE }]);
  clock.pass(30 * MINUTE);
}

export const factAt = (journal: Journal, seq: number): Fact =>
  JSON.parse(text(journal.page(journal.heads().epoch, seq - 1, 1, 1e6)[0]?.bytes ?? new Uint8Array())) as Fact;

/** Of the newest document. */
export const sentencesOf = (journal: Journal): string[] => {
  const { epoch, seq } = journal.heads();
  return journal.outcome({ epoch: epoch.ordinal, seq })?.lines.map(({ sentence }) => sentence) ?? [];
};
