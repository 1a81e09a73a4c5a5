// Every feed by its name.
import type { Feed } from './feed.ts';
import { jsonl } from './jsonl/feed.ts';
import { poslog } from './poslog/feed.ts';
import type { FeedName } from './settings.ts';

const BY_NAME: { [Name in FeedName]?: Feed } = { jsonl, poslog };

/** Feeds that this build reads, by name. */
export const feeds: readonly Feed[] = Object.values(BY_NAME);

export const feedNamed = (name: FeedName): Feed | undefined => BY_NAME[name];
