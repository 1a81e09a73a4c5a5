// What the receipts room asks of the journal: it looks for documents and tells the life of one.
import type { FoundReceipts, Place, ReceiptSearch, RecentRow } from '../protocol/local/rooms/receipts.ts';
import type { Db } from './database.ts';
import { type KeptLife, openReceiptLives } from './receipt-life.ts';
import { openSearch } from './search.ts';

export type ReceiptMethods = {
  /** One step of a search: it takes a few milliseconds at most, and says where to go on. */
  search(asked: ReceiptSearch): FoundReceipts;
  /** All that is known of one document; null where it is not here. */
  receiptLife(place: Place): KeptLife | null;
  /** Documents with exactly this number, newest first. */
  numbered(number: string): RecentRow[];
};

export const openReceipts = (db: Db, store: string): ReceiptMethods => ({
  search: openSearch(db),
  ...openReceiptLives(db, store),
});
