// Rows in the words of the page.
import type { FleetRow } from '../../protocol/hq/fleet.ts';
import { words } from './words.ts';

/** Of one that is in touch, what is noted of it matters more than that it is. */
const hidesNotes = ({ state, notes }: FleetRow): boolean => state !== 'in-touch' || notes.length === 0;

function noteInWords({ note, value }: FleetRow['notes'][number], nowMs: number): string {
  const text = words.notes[note](value, nowMs);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "Silent since Fri 20 Nov, 14:32", or "Disk nearly full". */
export function standingInWords(row: FleetRow, nowMs: number): string {
  const { state, sinceMs, notes } = row;
  const [first] = notes;
  if (first !== undefined && !hidesNotes(row)) return noteInWords(first, nowMs);
  const name = words.states[state];
  return sinceMs === null || state === 'never-seen' ? name : words.since(name, sinceMs, nowMs);
}

/** What the standing does not say. */
export const alsoInWords = (row: FleetRow, nowMs: number): string =>
  row.notes
    .slice(hidesNotes(row) ? 0 : 1)
    .map((noted) => noteInWords(noted, nowMs))
    .join(' · ');

export const heardInWords = (heardMs: number | null, nowMs: number): string =>
  heardMs === null ? words.never : words.ago(heardMs, nowMs);
