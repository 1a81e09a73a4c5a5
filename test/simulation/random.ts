// Chance from one 64-bit seed, forked by label: one draw more in one stream shifts nothing in any other.
import { createHash } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

export type Chance = {
  /** Uniform in [0, 1). */
  float(): number;
  happens(probability: number): boolean;
  /** Both ends included. */
  int(from: number, to: number): number;
  pick<T>(items: readonly T[]): T;
  /** Exponential with this mean. */
  exponential(mean: number): number;
  /** Uniform in the logarithm: as often between 1 and 10 as between 10 and 100. */
  logUniform(from: number, to: number): number;
  shuffle<T>(items: readonly T[]): T[];
  /** Twice as many hex digits as bytes. */
  hex(bytes: number): string;
  /** A stream of its own, the same for the same seed and label whatever was drawn here. */
  fork(label: string): Chance;
};

export function makeChance(seed: bigint, label = ''): Chance {
  const digest = createHash('sha256').update(`${seed}/${label}`).digest();
  const state = [0, 4, 8, 12].map((at) => digest.readInt32LE(at));
  const generator = xoroshiro128plusFromState(state);
  const float = (): number => (generator.next() >>> 5) / 2 ** 27 + (generator.next() >>> 6) / 2 ** 53;
  const int = (from: number, to: number): number => (to <= from ? from : uniformInt(generator, from, to));
  return {
    float,
    happens: (probability) => float() < probability,
    int,
    pick(items) {
      const item = items[int(0, items.length - 1)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
    exponential: (mean) => -mean * Math.log(1 - float()),
    logUniform: (from, to) => from * (to / from) ** float(),
    shuffle(items) {
      const shuffled = [...items];
      for (let last = shuffled.length - 1; last > 0; last--) {
        const other = int(0, last);
        [shuffled[last], shuffled[other]] = [shuffled[other] as never, shuffled[last] as never];
      }
      return shuffled;
    },
    hex: (bytes) => Array.from({ length: bytes }, () => int(0, 255).toString(16).padStart(2, '0')).join(''),
    fork: (child) => makeChance(seed, `${label}/${child}`),
  };
}
