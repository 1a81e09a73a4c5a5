// Random histories through both sides of the law, and known bugs that they must find.
import { expect, test } from 'vitest';
import { emptyTally, runHistory } from './history.ts';
import { type Law, lawWith, PLANTED } from './planted.ts';

/** TILLWIRE_LAW_HISTORIES asks for more of them, TILLWIRE_LAW_SEED begins elsewhere. */
const HISTORIES = Number(process.env['TILLWIRE_LAW_HISTORIES'] ?? 1_200);
const FIRST = Number(process.env['TILLWIRE_LAW_SEED'] ?? 1);
const BUDGET = 300;

function run(seed: number, law?: Law, tally = emptyTally()): string | null {
  try {
    runHistory(seed, law, tally);
    return null;
  } catch (error) {
    return `history ${seed}: ${String(error)}`;
  }
}

test(`${HISTORIES} histories from ${FIRST} on`, { timeout: 60_000 + HISTORIES * 50 }, () => {
  const tally = emptyTally();
  const failures = Array.from({ length: HISTORIES }, (_, n) => run(FIRST + n, undefined, tally)).filter(Boolean);
  expect(failures.slice(0, 5)).toEqual([]);
  // What the checks would be worth nothing without.
  expect(tally.compared).toBeGreaterThan(HISTORIES);
  expect(tally.exact).toBeGreaterThan(HISTORIES);
  expect(tally.named).toBeGreaterThan(HISTORIES / 20);
  expect(tally.forks).toBeGreaterThan(HISTORIES / 20);
  expect(tally.undone).toBeGreaterThan(HISTORIES / 10);
  // A law that calls everything unclear would hold too.
  expect(tally.marked / tally.movements).toBeLessThan(0.08);
});

test.each(Object.keys(PLANTED))('finds: %s', { timeout: 120_000 }, (name) => {
  const law = lawWith(name);
  const found = Array.from({ length: BUDGET }, (_, n) => n + 1).some((seed) => run(seed, law) !== null);
  expect(found).toBe(true);
});
