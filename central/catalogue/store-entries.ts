// Entries of a store: who says them is the device's store, and their ids can never be those of another one (S17).
import type { CatalogueEntry, Party } from '../../core/catalogue.ts';
import type { StoreEntry } from '../../protocol/device/catalogue.ts';

const inStore = (store: string, id: string): string => `${store}/${id}`;

/** The id as the store itself knows it. */
export const withoutStore = (store: string, id: string): string => id.slice(inStore(store, '').length);

export function entryOfStore(store: string, entry: StoreEntry): CatalogueEntry {
  const by: Party = { kind: 'store', id: store };
  return { ...entry, id: inStore(store, entry.id), by };
}
