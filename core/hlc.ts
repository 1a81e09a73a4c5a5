// Hybrid logical clock: strictly increasing at one agent over restarts and clock steps, close to wall time otherwise.

export type Hlc = { ms: number; n: number };

export const HLC_ZERO: Hlc = { ms: 0, n: 0 };

export function tickHlc(last: Hlc, wallMs: number): Hlc {
  return wallMs > last.ms ? { ms: wallMs, n: 0 } : { ms: last.ms, n: last.n + 1 };
}

export const compareHlc = (a: Hlc, b: Hlc): number => a.ms - b.ms || a.n - b.n;
