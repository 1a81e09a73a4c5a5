// How a store stands with its configuration, in the words of the page.
import type { EffectiveConfiguration } from '../../../protocol/hq/configuration.ts';
import type { SignName, Tone } from '../../kit/shapes.ts';
import { words } from '../words.ts';

const say = words.configuration.store;

type Told = Pick<EffectiveConfiguration, 'desired' | 'standing' | 'why'>;

/** "Region north" of "region north". */
export function layerInWords(layer: string): string {
  const [kind, name = ''] = layer.split(' ');
  if (kind === 'region' || kind === 'ring' || kind === 'store') return say.layers[kind](name);
  return say.layers.chain;
}

/** What the store has in force, in a sentence. */
export function inForceInWords({ desired, standing }: Told): string {
  if (standing === null) return desired === null ? say.nothingMeant : say.untold;
  return standing.applied === null ? say.hasNone : say.has(standing.applied);
}

/** How it stands with the newest that it was shown; empty where that is in force and well. */
export function standingInWords({ standing }: Told): string {
  if (standing === null || standing.desired === null) return '';
  const { state, desired, applied } = standing;
  if (state === 'good' && desired === applied) return say.explained.good;
  return say.about(desired, say.explained[state]);
}

/** What came in since then, and how much of it could not be placed; empty where nothing did. */
export function countedInWords({ standing }: Told): string {
  if (standing === null || standing.captured + standing.setAside === 0) return '';
  return say.counted(standing.captured, standing.setAside);
}

/** Good only where it has what it should have. */
export function lookOfStore({ desired, standing }: Told): { tone: Tone; sign: SignName } {
  if (standing === null) return { tone: 'lost', sign: 'lost' };
  if (standing.state === 'refused' || standing.state === 'put-back') return { tone: 'stop', sign: 'needs' };
  if (standing.isExpired) return { tone: 'safe', sign: 'needs' };
  if (standing.state === 'trial' || standing.state === 'waiting') return { tone: 'busy', sign: 'busy' };
  if (desired !== null && desired !== standing.applied) return { tone: 'safe', sign: 'busy' };
  return { tone: 'good', sign: 'good' };
}
