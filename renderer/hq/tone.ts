// The colours and signs of the states, as the store window has them.
import type { StoreLevel, StoreState } from '../../core/fleet.ts';
import type { SignName, Tone } from '../kit/shapes.ts';

const TONES: Record<StoreState, Tone> = {
  'in-touch': 'good',
  silent: 'lost',
  behind: 'safe',
  paused: 'safe',
  'taken-back': 'stop',
  fenced: 'stop',
  'moved-out': 'busy',
  'never-seen': 'lost',
};

export const toneOf = (state: StoreState): Tone => TONES[state];

/** What needs somebody has the sign of it, whatever it is. */
export const signOf = (state: StoreState, level: StoreLevel): { tone: Tone; sign: SignName } =>
  level === 'needs' ? { tone: 'stop', sign: 'needs' } : { tone: TONES[state], sign: TONES[state] };
