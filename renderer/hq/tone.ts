// The colours and signs of the states, as the store window has them.
import type { StoreLevel, StoreState } from '../../core/fleet.ts';
import type { SignName, Tone } from '../kit/shapes.ts';

type Look = { tone: Tone; sign: SignName };

const LOOKS: Record<StoreState, Look> = {
  'in-touch': { tone: 'good', sign: 'good' },
  silent: { tone: 'lost', sign: 'lost' },
  behind: { tone: 'safe', sign: 'busy' },
  paused: { tone: 'safe', sign: 'safe' },
  'taken-back': { tone: 'stop', sign: 'stop' },
  fenced: { tone: 'stop', sign: 'stop' },
  'moved-out': { tone: 'busy', sign: 'good' },
  'never-seen': { tone: 'lost', sign: 'lost' },
};

export const toneOf = (state: StoreState): Tone => LOOKS[state].tone;

/** What needs somebody has the sign of it, whatever it is; what is only good to know has it in amber. */
export function lookOf(state: StoreState, level: StoreLevel): Look {
  if (level === 'needs') return { tone: 'stop', sign: 'needs' };
  return state === 'in-touch' && level === 'watch' ? { tone: 'safe', sign: 'needs' } : LOOKS[state];
}
