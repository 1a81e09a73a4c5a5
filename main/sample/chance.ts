// Seeded chance for the sample shop: the same seed tells the same story.
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** A whole number from 0 to n - 1. */
export const below = (random: RandomGenerator, n: number): number => uniformInt(random, 0, n - 1);

/** True in so many of a thousand cases. */
export const inThousand = (random: RandomGenerator, cases: number): boolean => below(random, 1_000) < cases;

/** One of the items, each as often as its weight says. */
export function pick<T>(random: RandomGenerator, items: readonly T[], weight: (item: T) => number = () => 1): T {
  let left = below(
    random,
    items.reduce((sum, item) => sum + weight(item), 0),
  );
  for (const item of items) {
    left -= weight(item);
    if (left < 0) return item;
  }
  throw new Error('nothing to pick from');
}
