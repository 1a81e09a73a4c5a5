// Rows in the words of the page.
import type { FleetRow } from '../../protocol/hq/fleet.ts';
import { words } from './words.ts';

/** "Silent since Fri 20 Nov, 14:32". */
export function standingInWords({ state, sinceMs }: FleetRow, nowMs: number): string {
  const name = words.states[state];
  return sinceMs === null ? name : words.since(name, sinceMs, nowMs);
}

export const notesInWords = ({ notes }: FleetRow, nowMs: number): string =>
  notes.map(({ note, value }) => words.notes[note](value, nowMs)).join(' · ');

export const heardInWords = (heardMs: number | null, nowMs: number): string =>
  heardMs === null ? words.never : words.ago(heardMs, nowMs);
