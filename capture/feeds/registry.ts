// Every feed by its name.
import { epcis } from './epcis/feed.ts';
import type { Feed } from './feed.ts';
import { jsonl } from './jsonl/feed.ts';
import { poslog } from './poslog/feed.ts';
import type { FeedName } from './settings.ts';
import { shopify } from './shopify/feed.ts';
import { square } from './square/feed.ts';
import { vend } from './vend/feed.ts';
import { woocommerce } from './woocommerce/feed.ts';

const BY_NAME: { [Name in FeedName]?: Feed } = { poslog, epcis, jsonl, square, shopify, vend, woocommerce };

/** Feeds that this build reads, by name. */
export const feeds: readonly Feed[] = Object.values(BY_NAME);

export const feedNamed = (name: FeedName): Feed | undefined => BY_NAME[name];
