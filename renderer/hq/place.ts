// Where in the page one is, as its address has it: "#store/S001", "#configuration", "#rollout/r12".
import { type ReadonlySignal, signal } from '@preact/signals';

export type Place =
  | { at: 'stores' | 'configuration' }
  | { at: 'store' | 'store-configuration'; store: string }
  | { at: 'rollout'; id: string }
  | { at: 'revision'; revision: number }
  | { at: 'try'; id: string };

const STORE = /^#store\/([A-Za-z0-9_-]{1,32})(\/configuration)?$/;
const ROLLOUT = /^#rollout\/([a-z0-9]{1,20})$/;
const TRY = /^#try\/(t[0-9a-f]{24})$/;
const REVISION = /^#revision\/([1-9][0-9]{0,14})$/;

/** An address that names nothing leads to the list of stores. */
export function placeAt(fragment: string): Place {
  const [, store, more] = STORE.exec(fragment) ?? [];
  if (store !== undefined) return { at: more === undefined ? 'store' : 'store-configuration', store };
  const id = ROLLOUT.exec(fragment)?.[1];
  if (id !== undefined) return { at: 'rollout', id };
  const dryRun = TRY.exec(fragment)?.[1];
  if (dryRun !== undefined) return { at: 'try', id: dryRun };
  const revision = REVISION.exec(fragment)?.[1];
  if (revision !== undefined) return { at: 'revision', revision: Number(revision) };
  return { at: fragment === CONFIGURATION ? 'configuration' : 'stores' };
}

export const LIST = '#';
export const CONFIGURATION = '#configuration';
export const linkToStore = (store: string): string => `#store/${store}`;
export const linkToConfigurationOf = (store: string): string => `#store/${store}/configuration`;
export const linkToRollout = (id: string): string => `#rollout/${id}`;
export const linkToTry = (id: string): string => `#try/${id}`;
export const linkToRevision = (revision: number): string => `#revision/${revision}`;

/** Follows the address; lives as long as the page. */
export function followPlace(page: Window): ReadonlySignal<Place> {
  const place = signal(placeAt(page.location.hash));
  page.addEventListener('hashchange', () => {
    place.value = placeAt(page.location.hash);
  });
  return place;
}
