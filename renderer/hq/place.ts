// Where in the page one is: the list, or one store ("#store/S001").
import { type ReadonlySignal, signal } from '@preact/signals';

const STORE = /^#store\/([A-Za-z0-9_-]{1,32})$/;

/** The store that is shown; null for the list. */
export const storeAt = (fragment: string): string | null => STORE.exec(fragment)?.[1] ?? null;
export const linkToStore = (store: string): string => `#store/${store}`;
export const LIST = '#';

/** Follows the address; lives as long as the page. */
export function followStore(page: Window): ReadonlySignal<string | null> {
  const place = signal(storeAt(page.location.hash));
  page.addEventListener('hashchange', () => {
    place.value = storeAt(page.location.hash);
  });
  return place;
}
