// Two configurations side by side: which stores it concerns, and which of their fields.
import {
  type Change,
  changesByStore,
  changesOf,
  changeText,
  type StoreChanges,
} from '../../core/configuration/changes.ts';
import { OTHER_STORES } from '../../core/configuration/layers.ts';
import type { ConfigurationSource } from '../../protocol/configuration/document.ts';

const STORES_SHOWN_MAX = 10;

export type Differences = {
  /** Stores in which the same changes, together. */
  groups: StoreChanges[];
  /** Where stores belong, which decides on rings: "S001.region". */
  places: Change[];
};

export const differences = (from: ConfigurationSource, to: ConfigurationSource): Differences => ({
  groups: changesByStore(from, to),
  places: changesOf(placesOf(from), placesOf(to)),
});

const placesOf = ({ stores }: ConfigurationSource): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(stores).map(([store, { region, ring, tills }]) => [
      store,
      Object.fromEntries(Object.entries({ region, ring, tills }).filter(([, value]) => value !== undefined)),
    ]),
  );

export function differenceLines({ groups, places }: Differences): string[] {
  const values = groups.flatMap(({ stores, changes }) => [
    `${storesInWords(stores)}:`,
    ...changes.map((change) => `  ${changeText(change)}`),
  ]);
  const belong = places.length === 0 ? [] : ['Where stores belong:', ...places.map((one) => `  ${changeText(one)}`)];
  return [...values, ...belong];
}

/** "stores that are not named, S001, S002 and 40 more" */
function storesInWords(stores: readonly string[]): string {
  const names = stores.map((store) => (store === OTHER_STORES ? 'stores that are not named' : store));
  const more = names.length - STORES_SHOWN_MAX;
  return more > 0 ? `${names.slice(0, STORES_SHOWN_MAX).join(', ')} and ${more} more` : names.join(', ');
}
