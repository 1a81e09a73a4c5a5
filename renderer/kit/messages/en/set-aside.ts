// English: what could not be placed.
import { number } from '../../format.ts';

export const setAside = {
  heading: 'Could not be placed',
  intro:
    'What came in and could not be understood. It is kept exactly as it came. Once the cause is mended, IT lets it be ' +
    'taken in again from here: nobody needs to type or send it twice.',
  empty: 'Nothing. Everything that came in was understood.',
  from: (source: string, place: string) => (place === '' ? `From ${source}` : `From ${source}, ${place}`),
  receipt: (receipt: string) => `Receipt ${receipt}`,
  raw: 'As it came in',
  rawOf: (id: number) => `Number ${number(id)} as it came in`,
  bound: (shown: number) => `Only the oldest ${number(shown)} are shown here.`,
  more: (left: number) => `Show more (${number(left)} left)`,
};
