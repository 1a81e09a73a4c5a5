// How head office's names and prices come in, for as long as they do.
import type { JSX } from 'preact';
import type { CatalogueStanding } from '../../../protocol/local/window.ts';
import { number, share } from '../../kit/format.ts';
import { words } from '../../kit/words.ts';

const say = words.product;

function sentenceOf({ phase, done, total, noRoom }: CatalogueStanding): string | null {
  if (noRoom) return say.noRoom;
  if (phase === 'fetching') return total === 0 ? say.comingIn : say.fetching(share(done / total));
  return phase === 'taking-in' ? say.takingIn(number(done), number(total)) : null;
}

export function ComingIn({ standing }: { standing: CatalogueStanding | null }): JSX.Element | null {
  const sentence = standing === null ? null : sentenceOf(standing);
  return sentence === null ? null : <p class="quiet coming-in">{sentence}</p>;
}
