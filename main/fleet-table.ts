// All stores as a table for a terminal: worst first, as wide as a terminal is, with one line that says it all.
import { STORE_STATES, type StoreNote, type StoreState } from '../core/fleet.ts';
import type { Fleet, FleetRow } from '../protocol/hq/fleet.ts';

const WIDTH = 100;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const GAP = '  ';
/** Columns before the last one are cut to this. */
const COLUMN_MAX = 38;

const STATES: Record<StoreState, string> = {
  'in-touch': 'in touch',
  silent: 'silent',
  behind: 'behind',
  paused: 'paused',
  'taken-back': 'access taken back',
  fenced: 'second computer refused',
  'moved-out': 'moved out',
  'never-seen': 'never seen',
};

const NOTES: Record<StoreNote, (value: number, nowMs: number) => string> = {
  held: () => 'sending stopped',
  damaged: () => 'records need help',
  'one-copy': () => 'one copy only',
  disk: () => 'disk nearly full',
  'certificate-over': () => 'certificate ended',
  questions: (value) => `${count(value)} for IT`,
  'certificate-ends': (value, nowMs) => `certificate: ${span(value - nowMs)} left`,
  update: () => 'update did not work',
  configuration: () => 'configuration not taken',
  'configuration-over': () => 'configuration expired',
  settings: () => 'settings wrong',
  clock: (value) => `clock ${span(Math.abs(value))} ${value < 0 ? 'slow' : 'fast'}`,
  refused: (value) => `${count(value)} refused`,
};

const HEADS = ['', 'STORE', 'STANDS', 'HEARD', 'WAITING', 'OPEN', 'VERSION', 'ALSO'];
const isFigure = (column: number): boolean => column === 4 || column === 5;

const count = (value: number): string => value.toLocaleString('en-GB');
const orNothing = (value: number | null): string => (value === null ? '?' : value === 0 ? '' : count(value));

/** In its largest unit: "3 min", "5 h", "12 d". */
function span(ms: number): string {
  if (ms < HOUR_MS) return `${Math.max(1, Math.floor(ms / MINUTE_MS))} min`;
  return ms < 2 * DAY_MS ? `${Math.floor(ms / HOUR_MS)} h` : `${Math.floor(ms / DAY_MS)} d`;
}

/** Lines of at most 100 characters: the stores, worst first, and a summary. */
export function fleetTable({ rows, nowMs, more }: Fleet): string[] {
  if (rows.length === 0) return ['No store is here yet. Let one in: tillwire enrol token --store S001 --central URL'];
  const cells = [HEADS, ...rows.map((row) => cellsOf(row, nowMs))];
  const widths = HEADS.map((_, column) =>
    Math.min(COLUMN_MAX, Math.max(...cells.map((line) => (line[column] ?? '').length))),
  );
  const lines = cells.map((line) =>
    cut(
      line
        .map((cell, at) => fitted(cell, at, widths))
        .join(GAP)
        .trimEnd(),
      WIDTH,
    ),
  );
  return [...lines, '', ...wrapped(summaryOf(rows, more))];
}

function fitted(cell: string, column: number, widths: number[]): string {
  const width = widths[column] ?? 0;
  // The last one takes what is left of the line.
  if (column === HEADS.length - 1) return cell;
  return isFigure(column) ? cell.padStart(width) : cut(cell, width).padEnd(width);
}

function cellsOf(row: FleetRow, nowMs: number): string[] {
  const { state, sinceMs, heardMs, level } = row;
  const mark = level === 'needs' ? '!' : level === 'watch' ? '-' : '';
  const since = sinceMs === null || state === 'never-seen' ? '' : ` for ${span(nowMs - sinceMs)}`;
  const heard = heardMs === null ? 'never' : nowMs - heardMs < 2 * MINUTE_MS ? 'now' : `${span(nowMs - heardMs)} ago`;
  const also = row.notes.map(({ note, value }) => NOTES[note](value, nowMs)).join(', ');
  const figures = [orNothing(row.waiting), orNothing(row.open), row.version ?? '?'];
  return [mark, row.store, `${STATES[state]}${since}`, heard, ...figures, also];
}

function summaryOf(rows: readonly FleetRow[], more: number): string {
  const needs = rows.filter(({ level }) => level === 'needs').length;
  const first =
    needs === 0 ? 'No store needs you' : `${count(needs)} ${needs === 1 ? 'store needs' : 'stores need'} you (!)`;
  const states = STORE_STATES.flatMap((state) => {
    const so = rows.filter((row) => row.state === state).length;
    return so === 0 ? [] : [`${count(so)} ${STATES[state]}`];
  });
  const others = more === 0 ? '' : ` ${count(more)} more stores are not listed.`;
  return `${first}. Of ${count(rows.length)}: ${states.join(', ')}.${others}`;
}

const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);

/** Between words. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
