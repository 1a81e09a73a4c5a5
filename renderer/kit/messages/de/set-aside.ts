// German: what could not be placed.
import { number } from '../../format.ts';

export const setAside = {
  heading: 'Nicht zugeordnet',
  intro:
    'Was hereinkam und nicht verstanden wurde. Es bleibt genau so, wie es kam. Ist die Ursache behoben, lässt die IT ' +
    'es von hier noch einmal erfassen: niemand muss es zweimal tippen oder schicken.',
  empty: 'Nichts. Alles, was hereinkam, wurde verstanden.',
  from: (source: string, place: string) => (place === '' ? `Von ${source}` : `Von ${source}, ${place}`),
  receipt: (receipt: string) => `Beleg ${receipt}`,
  raw: 'Wie es hereinkam',
  rawOf: (id: number) => `Nummer ${number(id)}, wie es hereinkam`,
  bound: (shown: number) => `Hier stehen nur die ältesten ${number(shown)}.`,
  more: (left: number) => `Mehr zeigen (noch ${number(left)})`,
};
