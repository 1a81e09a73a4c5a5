// Makes a failing scenario small: fault classes away one at a time, fewer stores, fewer documents, less time.
import type { Fault, Options, Scenario } from './swarm.ts';
import type { Failure } from './world.ts';

export type Judge = (scenario: Scenario) => Promise<Failure | null>;

export type Shrunk = { scenario: Scenario; failure: Failure; runs: number };

/** Keeps what fails by the same check. At most so many runs; the seed stays, for it names every stream of chance. */
export async function shrink(scenario: Scenario, failure: Failure, judge: Judge, runsMax = 120): Promise<Shrunk> {
  let best: Shrunk = { scenario, failure, runs: 0 };
  for (let isBetter = true; isBetter && best.runs < runsMax; ) {
    isBetter = false;
    for (const options of smaller(best.scenario.options)) {
      if (best.runs >= runsMax) break;
      best.runs += 1;
      const tried = { seed: scenario.seed, options };
      const found = await judge(tried);
      if (found?.check !== failure.check) continue;
      best = { scenario: tried, failure: found, runs: best.runs };
      isBetter = true;
      break;
    }
  }
  return best;
}

/** Each a little less than this one, the largest steps first. */
function* smaller(options: Options): Generator<Options> {
  const { stores, documents, skipped, skus, safetyMs, faults } = options;
  if (stores > 1) yield { ...options, stores: 1 };
  for (const fault of Object.keys(faults) as Fault[]) {
    const { [fault]: _, ...others } = faults;
    yield { ...options, faults: others };
  }
  if (stores > 2) yield { ...options, stores: stores - 1 };
  const left = documents - skipped;
  if (left > 1) {
    yield { ...options, skipped: skipped + Math.ceil(left / 2) };
    yield { ...options, documents: documents - Math.ceil(left / 2) };
    yield { ...options, skipped: skipped + 1 };
    yield { ...options, documents: documents - 1 };
  }
  if (safetyMs > 120_000) yield { ...options, safetyMs: Math.round(safetyMs / 2) };
  if (skus > 1) yield { ...options, skus: 1 };
}
