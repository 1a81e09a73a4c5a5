// A few seeds of the simulator, the scenarios that once failed, and proof that it finds what is wrong.
import { describe, expect, test } from 'vitest';
import { aimedOptions, MUTANTS } from './mutants.ts';
import { makeChance } from './random.ts';
import { readScenarios } from './scenarios.ts';
import { makeScheduler } from './scheduler.ts';
import { shrink } from './shrink.ts';
import { drawOptions, FAULT_NAMES, type Scenario, seedAt, seedText } from './swarm.ts';
import { setTrap } from './trap.ts';
import { runScenario } from './world.ts';

const SEEDS = 24;
const LONG_MS = 4 * 3_600_000;

const drawn = (index: number): Scenario => {
  const seed = seedAt(7n, index);
  return { seed: seedText(seed), options: drawOptions(seed) };
};
const scenarios = Array.from({ length: SEEDS }, (_, index) => drawn(index)).filter(
  ({ options }) => options.safetyMs < LONG_MS,
);

describe('stores, broker and central in virtual time', () => {
  test.each(scenarios)('seed $seed: nothing lost, doubled or made up, and all of it settles', async (scenario) => {
    const { failure } = await runScenario(scenario);
    expect(failure).toBeNull();
  });

  test.each(readScenarios())('kept scenario $name', async ({ kept }) => {
    const { failure } = await runScenario(kept);
    expect(failure).toBeNull();
  });

  test('the same seed runs the same way', async () => {
    const scenario = drawn(3);
    const [first, second] = [await runScenario(scenario), await runScenario(scenario)];
    expect(first.hash).toBe(second.hash);
    expect(first.events).toBe(second.events);
  });

  test('a planted bug is found, made small, and is still found', async () => {
    const mutant = MUTANTS.find(({ name }) => name === 'receipt split');
    if (mutant === undefined) throw new Error('no such mutant');
    const judge = async (scenario: Scenario) => (await runScenario(scenario, { plants: mutant.plant() })).failure;
    const found = { seed: seedText(1n), options: aimedOptions(mutant) };
    const failure = await judge(found);
    expect(failure?.check).toBe('facts');
    if (failure === null) return;
    const small = await shrink(found, failure, judge, 40);
    expect(small.failure.check).toBe('facts');
    expect(small.scenario.options.stores).toBe(1);
    expect(small.scenario.options.documents - small.scenario.options.skipped).toBeLessThan(5);
  });
});

describe('its parts', () => {
  test('one draw more in one stream shifts no other', () => {
    const [a, b] = [makeChance(5n), makeChance(5n)];
    a.float();
    a.fork('disk').float();
    expect(a.fork('net').float()).toBe(b.fork('net').float());
    expect(a.fork('net').float()).not.toBe(b.fork('disk').float());
  });

  test('events run in the order of time, each after the promises of the one before', async () => {
    const scheduler = makeScheduler(makeChance(1n));
    const seen: string[] = [];
    scheduler.after(20, () => seen.push('20'));
    scheduler.after(10, () => {
      void Promise.resolve()
        .then(() => {})
        .then(() => seen.push('promise of 10'));
      scheduler.after(5, () => seen.push('15'));
    });
    const cancel = scheduler.after(12, () => seen.push('12'));
    cancel();
    await scheduler.run(100, () => false);
    expect(seen).toEqual(['promise of 10', '15', '20']);
    expect(scheduler.nowMs()).toBe(100);
  });

  test('product code that asks the machine for the time is stopped, others are not', async () => {
    const release = setTrap();
    try {
      const { systemTimers } = await import('../../sync/ports.ts');
      expect(() => systemTimers.after(1, () => {})).toThrow('time and chance are parameters');
      expect(Date.now()).toBeGreaterThan(0);
    } finally {
      release();
    }
  });

  test('seeds draw every class of faults, one class alone, and none', () => {
    const options = Array.from({ length: 400 }, (_, index) => drawOptions(seedAt(1n, index)));
    const counts = options.map(({ faults }) => Object.keys(faults).length);
    expect(new Set(options.flatMap(({ faults }) => Object.keys(faults))).size).toBe(FAULT_NAMES.length);
    expect(counts.filter((count) => count === 1).length).toBeGreaterThan(80);
    expect(counts.filter((count) => count === 0).length).toBeGreaterThan(5);
  });
});
