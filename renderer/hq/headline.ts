// The first thing to read: does any store need somebody.
import type { FleetRow } from '../../protocol/hq/fleet.ts';
import type { SignName, Tone } from '../kit/shapes.ts';
import type { Line } from './live.ts';
import type { Spread } from './sight.ts';
import { words } from './words.ts';

export type Headline = {
  tone: Tone;
  sign: SignName;
  sentence: string;
  detail: string;
  figure: { value: number; label: string } | null;
};

const say = words.headline;

/** `rows` is null until central has told them. */
export function headlineOf(line: Line, rows: readonly FleetRow[] | null, { states, needs }: Spread): Headline {
  if (line === 'lost') {
    return { tone: 'lost', sign: 'lost', sentence: say.lost, detail: say.lostDetail, figure: null };
  }
  if (rows === null) return { tone: 'lost', sign: 'lost', sentence: say.opening, detail: '', figure: null };
  if (rows.length === 0) {
    return { tone: 'lost', sign: 'lost', sentence: say.none, detail: say.noneDetail, figure: null };
  }
  const others = states.filter(([state]) => state !== 'in-touch');
  const inTouch = states.find(([state]) => state === 'in-touch')?.[1] ?? 0;
  const parts = others.map(([state, count]) => say.part(count, say.inParts[state]));
  const told = {
    detail: parts.length === 0 ? say.allInTouch : `${parts.join(', ')}.`,
    figure: { value: inTouch, label: say.inTouch(rows.length) },
  };
  if (needs > 0) return { tone: 'stop', sign: 'needs', sentence: say.needs(needs), ...told };
  return { tone: 'good', sign: 'good', sentence: say.fine, ...told };
}
