// The lines of a count sheet: written, put right, removed, taken back; each change is known again when it is asked twice.
import type { CountedWhen } from '../../core/captured.ts';
import type { SheetLine } from '../../core/counting.ts';
import { COUNT_CHANGES_MAX, COUNT_LINES_MAX } from '../../core/limits/count.ts';
import { AMOUNT_MAX, SHEET_LINES_MAX } from '../../core/limits.ts';
import type { CountLine, Written } from '../../protocol/local/rooms/count.ts';
import type { Db } from '../database.ts';
import { headOf, nextRevision, readSheet } from './sheets.ts';

/** A moment of the agent, and the stretch of its clock. */
export type Now = { atMs: number; frame: number; frameStart: number };
export type Change = { sheet: string; op: string; counter: string };
export type Added = Change & { sku: string; quantity: number; more: boolean };
export type Corrected = Change & { line: number; quantity: number; again: boolean };

type Row = {
  line: number;
  counter: string;
  sku: string;
  quantity: number;
  removed: number;
  revision: number;
} & CountedWhen;
type ChangeRow = { line: number; before: string | null; quantity: number; removed: number; op: string };

const COLUMNS = `line, counter, sku, quantity, from_ms AS fromMs, to_ms AS toMs, frame, frame_start AS frameStart,
  removed, revision`;

const stopped = (why: Extract<Written, { result: 'stopped' }>['why']): Written => ({ result: 'stopped', why });

/** Inside a transaction, as are all of these. */
export const addLine = (db: Db, added: Added, now: Now): Written => changeOnce(db, added, plannedLine(db, added, now));

/** Looked for and not found: a line with zero, where there is none. */
export function addAbsent(db: Db, { sheet, counter }: Omit<Change, 'op'>, sku: string, now: Now): void {
  if (sumOf(db, sheet, sku) !== null) return;
  // A second time it is asked for it has a line, unless that was removed since.
  const revision = readSheet(db, sheet)?.revision ?? 0;
  const added = { sheet, counter, op: `absent ${revision}`, sku, quantity: 0, more: false };
  lineOnce(db, added, plannedLine(db, added, now));
}

function plannedLine(db: Db, added: Added, now: Now): () => Planned | Written {
  const { sheet, counter, sku, quantity } = added;
  return () => {
    const before = added.more ? ownLine(db, added, now) : undefined;
    const limit = roomFor(db, sheet, sku, quantity, before === undefined);
    if (limit !== null) return limit;
    if (before !== undefined) {
      return { before, after: { ...before, quantity: before.quantity + quantity, toMs: now.atMs } };
    }
    const line = lastLine(db, sheet) + 1;
    const when = { fromMs: now.atMs, toMs: now.atMs, frame: now.frame, frameStart: now.frameStart };
    return { before: null, after: { line, counter, sku, quantity, removed: 0, revision: 0, ...when } };
  };
}

/** What this person wrote of the SKU last; in this stretch of the clock, so that the line's times can be compared. */
const ownLine = (db: Db, { sheet, sku, counter }: Added, { frame, frameStart }: Now): Row | undefined =>
  db
    .prepare<(string | number)[], Row>(
      `SELECT ${COLUMNS} FROM line WHERE sheet = ? AND sku = ? AND counter = ? AND frame = ? AND frame_start = ?
       AND removed = 0 ORDER BY revision DESC LIMIT 1`,
    )
    .get(sheet, sku, counter, frame, frameStart);

export function correctLine(db: Db, corrected: Corrected, now: Now): Written {
  return changeOnce(db, corrected, () => {
    const before = readLine(db, corrected.sheet, corrected.line);
    if (before === undefined || before.removed === 1) return stopped('no-line');
    const limit = roomFor(db, corrected.sheet, before.sku, corrected.quantity - before.quantity, false);
    if (limit !== null) return limit;
    const when = { fromMs: now.atMs, toMs: now.atMs, frame: now.frame, frameStart: now.frameStart };
    return { before, after: { ...before, ...(corrected.again ? when : {}), quantity: corrected.quantity } };
  });
}

export function removeLine(db: Db, change: Change & { line: number }): Written {
  return changeOnce(db, change, () => {
    const before = readLine(db, change.sheet, change.line);
    return before === undefined || before.removed === 1
      ? stopped('no-line')
      : { before, after: { ...before, removed: 1 } };
  });
}

/** Takes back the last change of this person that nobody has changed since. */
export function undoChange(db: Db, change: Change): Written {
  return changeOnce(db, change, () => {
    const last = db
      .prepare<[string, string], ChangeRow>(
        `SELECT line, before, after_quantity AS quantity, after_removed AS removed, op FROM change
         WHERE sheet = ? AND counter = ? AND undone = 0 ORDER BY number DESC LIMIT 1`,
      )
      .get(change.sheet, change.counter);
    if (last === undefined) return stopped('nothing');
    const present = readLine(db, change.sheet, last.line);
    const isAsLeft = present?.quantity === last.quantity && present.removed === last.removed;
    if (present === undefined || !isAsLeft) return stopped('nothing');
    const restored = last.before === null ? { ...present, removed: 1 } : (JSON.parse(last.before) as Row);
    const more = restored.removed === 1 ? 0 : restored.quantity - (present.removed === 1 ? 0 : present.quantity);
    const limit = roomFor(db, change.sheet, present.sku, more, present.removed === 1);
    if (limit !== null) return limit;
    db.prepare('UPDATE change SET undone = 1 WHERE sheet = ? AND op = ?').run(change.sheet, last.op);
    return { before: null, after: { ...restored, line: present.line }, isUndo: true };
  });
}

type Planned = { before: Row | null; after: Row; isUndo?: boolean | undefined };

/** `plan` says what is to be written, or why nothing is. */
function changeOnce(db: Db, change: Change, plan: () => Planned | Written): Written {
  const line = lineOnce(db, change, plan);
  return typeof line === 'number' ? written(db, change.sheet, line) : line;
}

/** The line that was written. */
function lineOnce(db: Db, { sheet, op, counter }: Change, plan: () => Planned | Written): Written | number {
  const row = readSheet(db, sheet);
  if (row === undefined || row.state !== 'open') return stopped('closed');
  const known = db
    .prepare<[string, string], number>('SELECT line FROM change WHERE sheet = ? AND op = ?')
    .pluck()
    .get(sheet, op);
  if (known !== undefined) return known;
  const planned = plan();
  if ('result' in planned) return planned;
  const { before, after, isUndo = false } = planned;
  const revision = nextRevision(db, sheet);
  db.prepare(
    `INSERT OR REPLACE INTO line (sheet, line, counter, sku, quantity, from_ms, to_ms, frame, frame_start, removed,
       revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    ...[sheet, after.line, after.counter, after.sku, after.quantity],
    ...[after.fromMs, after.toMs, after.frame, after.frameStart, after.removed, revision],
  );
  db.prepare(
    `INSERT INTO change (sheet, op, number, counter, line, before, after_quantity, after_removed, undone)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    ...[sheet, op, revision, counter, after.line, before === null ? null : JSON.stringify(before)],
    ...[after.quantity, after.removed, isUndo ? 1 : 0],
  );
  db.prepare('DELETE FROM change WHERE sheet = ? AND number <= ?').run(sheet, revision - COUNT_CHANGES_MAX);
  return after.line;
}

function written(db: Db, sheet: string, line: number): Written {
  const row = readSheet(db, sheet);
  const present = readLine(db, sheet, line);
  if (row === undefined || present === undefined) return stopped('no-line');
  return { result: 'written', head: headOf(db, row), line: toLine(present) };
}

/** Why nothing more can be written, or null. `more` in thousandths, beyond what stands of this SKU. */
function roomFor(db: Db, sheet: string, sku: string, more: number, isNew: boolean): Written | null {
  const sum = sumOf(db, sheet, sku);
  if ((sum ?? 0) + more > AMOUNT_MAX) return stopped('too-much');
  if (!isNew) return null;
  // Lines are numbered without a gap, and removed ones stay: there are as many as the last one says.
  const lines = lastLine(db, sheet);
  if (lines >= COUNT_LINES_MAX) return stopped('full');
  if (sum !== null || lines < SHEET_LINES_MAX) return null;
  const articles = 'SELECT count(DISTINCT sku) FROM line WHERE sheet = ? AND removed = 0';
  const many = db.prepare<[string], number>(articles).pluck().get(sheet) ?? 0;
  return many >= SHEET_LINES_MAX ? stopped('full') : null;
}

const lastLine = (db: Db, sheet: string): number =>
  db.prepare<[string], number>('SELECT max(line) FROM line WHERE sheet = ?').pluck().get(sheet) ?? 0;

/** Of all lines of this SKU that stand; null where there is none. */
export const sumOf = (db: Db, sheet: string, sku: string): number | null =>
  db
    .prepare<[string, string], number | null>(
      'SELECT sum(quantity) FROM line WHERE sheet = ? AND sku = ? AND removed = 0',
    )
    .pluck()
    .get(sheet, sku) ?? null;

export const readLine = (db: Db, sheet: string, line: number): Row | undefined =>
  db.prepare<[string, number], Row>(`SELECT ${COLUMNS} FROM line WHERE sheet = ? AND line = ?`).get(sheet, line);

const toLine = ({ line, counter, sku, quantity, toMs, removed, revision }: Row): CountLine => ({
  ...{ line, counter, sku, quantity, atMs: toMs, revision },
  removed: removed === 1,
});

/** In the order of their changes. */
export const readLines = (db: Db, sheet: string, after: number, limit: number): CountLine[] =>
  db
    .prepare<[string, number, number], Row>(
      `SELECT ${COLUMNS} FROM line WHERE sheet = ? AND revision > ? ORDER BY revision LIMIT ?`,
    )
    .all(sheet, after, limit)
    .map(toLine);

/** All that stands, to be added up. */
export const standing = (db: Db, sheet: string): SheetLine[] =>
  db
    .prepare<[string], Row>(`SELECT ${COLUMNS} FROM line WHERE sheet = ? AND removed = 0`)
    .all(sheet)
    .map(({ sku, quantity, fromMs, toMs, frame, frameStart }) => ({ sku, quantity, fromMs, toMs, frame, frameStart }));
