// Reads bodies as a relay posts them, and imports them into a journal in memory.
import type { FeedItem } from '../../capture/feeds/feed.ts';
import { importFeed } from '../../capture/feeds/import.ts';
import { feedNamed } from '../../capture/feeds/registry.ts';
import { FeedSettings } from '../../capture/feeds/settings.ts';
import type { CaptureJournal } from '../../capture/ports.ts';
import type { TransactionInput } from '../../protocol/local/transaction.ts';
import type { Vendor } from '../../protocol/local/webhooks.ts';
import { bytesOf, pseudonymKey } from './imports.ts';

export const settingsFor = (vendor: Vendor, changes: Record<string, unknown> = {}): FeedSettings =>
  FeedSettings.parse({ feed: vendor, timeZone: 'Europe/London', ...changes });

const textOf = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body));

function feedOf(vendor: Vendor) {
  const feed = feedNamed(vendor);
  if (feed === undefined) throw new Error(`no feed ${vendor}`);
  return feed;
}

/** What stands in a body, before it is prepared. */
export async function itemsOf(vendor: Vendor, body: unknown, changes = {}, chunk = 1_000): Promise<FeedItem[]> {
  const settings = settingsFor(vendor, changes);
  const items: FeedItem[] = [];
  const context = { settings, store: 'S001', timeZone: settings.timeZone ?? 'UTC' };
  for await (const item of feedOf(vendor).read(bytesOf(textOf(body), chunk), context)) items.push(item);
  return items;
}

/** The receipts among them. */
export const receiptsIn = (items: FeedItem[]): TransactionInput[] =>
  items.flatMap((item) =>
    item.kind === 'document' ? item.documents.flatMap(({ way, body }) => (way === 'transactions' ? [body] : [])) : [],
  );

/** "document", "aside: reason" or "passed: sentence" of each. */
export const told = (items: FeedItem[]): string[] =>
  items.map((item) => {
    if (item.kind === 'document') return 'document';
    return item.kind === 'aside' ? `aside: ${item.reason}` : `passed: ${item.what}`;
  });

export const importBody = (journal: CaptureJournal, vendor: Vendor, body: unknown, changes = {}) =>
  importFeed({
    source: bytesOf(textOf(body)),
    feed: feedOf(vendor),
    settings: settingsFor(vendor, changes),
    store: 'S001',
    fileName: 'body',
    journal,
    pseudonymKey,
  });

/** Units that documents hand out (negative: that they take back), in thousandths, by SKU; what is no goods moves nothing. */
export function shelfChange(receipts: TransactionInput[]): Record<string, number> {
  const change: Record<string, number> = {};
  for (const { kind, lines } of receipts) {
    for (const { sku, quantity, notGoods } of lines) {
      if (notGoods === true) continue;
      const units = Math.round(Number(quantity) * 1_000) * (kind === 'sale' ? -1 : 1);
      change[sku] = (change[sku] ?? 0) + units;
    }
  }
  return change;
}
