// Time that passes when a test says so, and chance that repeats by its seed.

export type VirtualTime = {
  nowMs(): number;
  later(ms: number, run: () => void): void;
  /** Runs everything due up to then, in order. */
  runUntil(ms: number): void;
};

export function makeVirtualTime(): VirtualTime {
  let now = 0;
  let order = 0;
  let events: { at: number; order: number; run(): void }[] = [];
  return {
    nowMs: () => now,
    later(ms, run) {
      order += 1;
      events.push({ at: now + ms, order, run });
    },
    runUntil(ms) {
      for (;;) {
        const due = events.filter(({ at }) => at <= ms).sort((a, b) => a.at - b.at || a.order - b.order)[0];
        if (due === undefined) break;
        events = events.filter((event) => event !== due);
        now = Math.max(now, due.at);
        due.run();
      }
      now = ms;
    },
  };
}

/** Uniform in [0, 1). */
export function makeChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
