// The signs of the states: each has a shape and a glyph of its own, so that colour is never alone.

/** good: all sent. busy: sending. safe: offline, kept here. stop: sending stopped. lost: no word from the program. */
export type Tone = 'good' | 'busy' | 'safe' | 'stop' | 'lost';

/** A tone, or that something needs a person. */
export type SignName = Tone | 'needs';

/** SVG paths on a square of 48: the outline is filled, the glyph is stroked on it. */
export type Sign = { outline: string; glyph: string };

const CIRCLE = 'M24 3a21 21 0 1 0 0 42a21 21 0 1 0 0-42z';
const SQUARE = 'M13 4h22a9 9 0 0 1 9 9v22a9 9 0 0 1-9 9H13a9 9 0 0 1-9-9V13a9 9 0 0 1 9-9z';
const OCTAGON =
  'M16.2 3h15.6a3 3 0 0 1 2.1.9l10.2 10.2a3 3 0 0 1 .9 2.1v15.6a3 3 0 0 1-.9 2.1L33.9 44.1a3 3 0 0 1-2.1.9H16.2a3 3 0 0 1-2.1-.9L3.9 33.9a3 3 0 0 1-.9-2.1V16.2a3 3 0 0 1 .9-2.1L14.1 3.9a3 3 0 0 1 2.1-.9z';
const DIAMOND =
  'M21.5 3a3.5 3.5 0 0 1 5 0L45 21.5a3.5 3.5 0 0 1 0 5L26.5 45a3.5 3.5 0 0 1-5 0L3 26.5a3.5 3.5 0 0 1 0-5z';
const TRIANGLE = 'M20.9 4.8a3.6 3.6 0 0 1 6.2 0l18.4 32.8a3.6 3.6 0 0 1-3.1 5.4H5.6a3.6 3.6 0 0 1-3.1-5.4z';
const SHIELD = 'M24 3l17 6v13c0 11-7 18.5-17 23C14 40.5 7 33 7 22V9z';

export const SIGNS: Record<SignName, Sign> = {
  good: { outline: CIRCLE, glyph: 'M14.5 24.5l7 7L34 17.5' },
  busy: { outline: SQUARE, glyph: 'M24 35V14M14.5 23L24 13.5 33.5 23' },
  safe: { outline: SHIELD, glyph: 'M19 17v13M29 17v13' },
  stop: { outline: OCTAGON, glyph: 'M24 13v13.5M24 34.5v.01' },
  needs: { outline: TRIANGLE, glyph: 'M24 18v10.5M24 36.5v.01' },
  lost: { outline: DIAMOND, glyph: 'M15 24h.01M24 24h.01M33 24h.01' },
};
