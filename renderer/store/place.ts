// Where in the window one is: the room and what stands behind it, in the address's fragment ("#receipts/1042").
import { type ReadonlySignal, signal } from '@preact/signals';

export const ROOMS = ['now', 'needs', 'receipts', 'stock', 'count', 'goods', 'set-aside', 'pc'] as const;
export type Room = (typeof ROOMS)[number];
/** `rest`: what the room itself understands, for example a receipt number; empty where nothing. */
export type Place = { room: Room; rest: string };

const isRoom = (name: string): name is Room => (ROOMS as readonly string[]).includes(name);

/** What it does not know is the first room. */
export function placeOf(fragment: string): Place {
  const [name = '', ...rest] = fragment.replace(/^#/, '').split('/');
  return isRoom(name) ? { room: name, rest: decoded(rest.join('/')) } : { room: 'now', rest: '' };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const linkTo = (room: Room, rest = ''): string => `#${room}${rest === '' ? '' : `/${encodeURIComponent(rest)}`}`;

/** Follows the address; lives as long as the page. */
export function followPlace(page: Window): ReadonlySignal<Place> {
  const place = signal(placeOf(page.location.hash));
  page.addEventListener('hashchange', () => {
    place.value = placeOf(page.location.hash);
  });
  return place;
}
