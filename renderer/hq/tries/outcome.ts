// What a dry run came to, store by store and in all: counted from what the stores told, without the page.
import type { TryExample, TryFeed, TryResult } from '../../../protocol/device/tries.ts';
import type { TryRow, TryStore } from '../../../protocol/hq/tries.ts';
import type { SignName, Tone } from '../../kit/shapes.ts';

const EXAMPLES_SHOWN_MAX = 20;
const PROBLEMS_SHOWN_MAX = 20;

export type Told = TryStore & { result: TryResult };
export const hasTold = (store: TryStore): store is Told => store.result !== null;

const sumOf = (feeds: readonly TryFeed[], value: (feed: TryFeed) => number): number =>
  feeds.reduce((sum, feed) => sum + value(feed), 0);

/** Documents of files at one store; `lost`: those that come in now and would not. */
export type Counted = {
  files: number;
  documents: number;
  asideBefore: number;
  asideAfter: number;
  lost: number;
  gained: number;
  changed: number;
};

const countedOf = (feeds: readonly TryFeed[]): Counted => ({
  files: sumOf(feeds, ({ files }) => files),
  documents: sumOf(feeds, ({ before }) => before.documents),
  asideBefore: sumOf(feeds, ({ before }) => before.setAside),
  asideAfter: sumOf(feeds, ({ after }) => after.setAside),
  lost: sumOf(feeds, ({ changes }) => changes['set-aside'] + changes.disappears),
  gained: sumOf(feeds, ({ changes }) => changes.placed + changes.appears),
  changed: sumOf(feeds, ({ changes }) => changes.changed),
});

/** A drop folder whose files could not be read, all or to their end. */
export type Problem = { store: string; folder: string; text: string | null; files: number };

export type Outcome = {
  /** Those that lose most first. */
  stores: (Told & { counted: Counted })[];
  /** By name: those that have not told. */
  silent: TryStore[];
  all: Counted;
  /** Stores in which something would be lost. */
  hurt: number;
  problems: Problem[];
  /** All documents of these days by the way they came in, most first. */
  ways: { way: string; documents: number }[];
  examples: (TryExample & { store: string })[];
};

function waysOf(stores: readonly Told[]): Outcome['ways'] {
  const all = new Map<string, number>();
  for (const { way, documents } of stores.flatMap(({ result }) => result.ways)) {
    all.set(way, (all.get(way) ?? 0) + documents);
  }
  return [...all].map(([way, documents]) => ({ way, documents })).sort((a, b) => b.documents - a.documents);
}

const isStopped = ({ stopped }: TryFeed): boolean => stopped.after > stopped.before;

export function outcomeOf(all: readonly TryStore[]): Outcome {
  const stores = all
    .filter(hasTold)
    .map((store) => ({ ...store, counted: countedOf(store.result.feeds) }))
    .sort((a, b) => b.counted.lost - a.counted.lost || (a.store < b.store ? -1 : 1));
  const feeds = stores.flatMap(({ store, result }) => result.feeds.map((feed) => ({ store, feed })));
  const problems = feeds
    .filter(({ feed }) => feed.state === 'unusable' || isStopped(feed))
    .map(({ store, feed: { name, state, problem, stopped } }) => {
      return { store, folder: name, text: state === 'unusable' ? (problem ?? '') : null, files: stopped.after };
    });
  const examples = feeds.flatMap(({ store, feed }) => feed.examples.map((example) => ({ ...example, store })));
  return {
    ...{ stores, silent: all.filter((store) => !hasTold(store)) },
    ...{ all: countedOf(feeds.map(({ feed }) => feed)), hurt: stores.filter(({ counted }) => counted.lost > 0).length },
    ways: waysOf(stores),
    ...{ problems: problems.slice(0, PROBLEMS_SHOWN_MAX), examples: examples.slice(0, EXAMPLES_SHOWN_MAX) },
  };
}

/** hurts: something would be lost. waiting: no such thing so far, and stores have not told. silent: they never will. */
export type Verdict = 'hurts' | 'waiting' | 'silent' | 'fine';

export function verdictOf({ stores, told, ended }: TryRow, { all, problems }: Outcome): Verdict {
  if (all.lost > 0 || problems.length > 0) return 'hurts';
  if (ended < stores) return 'waiting';
  return told < stores ? 'silent' : 'fine';
}

export const LOOKS: Record<Verdict, { tone: Tone; sign: SignName }> = {
  hurts: { tone: 'stop', sign: 'needs' },
  waiting: { tone: 'busy', sign: 'busy' },
  silent: { tone: 'safe', sign: 'needs' },
  fine: { tone: 'good', sign: 'good' },
};
