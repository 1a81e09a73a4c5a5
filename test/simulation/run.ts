// Many seeds, shared by a few threads: what failed, how much was reached, how fast.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addCounts, type Counts, marksTooMany, noCounts } from './coverage.ts';
import { aimedOptions, MUTANTS, plantsOf } from './mutants.ts';
import type { Done, Job } from './plan.ts';
import { shareJobs } from './pool.ts';
import { type Kept, SCENARIOS } from './scenarios.ts';
import { shrink } from './shrink.ts';
import { drawOptions, type Scenario, seedAt, seedText } from './swarm.ts';
import { type Failure, runScenario } from './world.ts';

/** One in so many seeds runs twice, and its traces must be equal. */
const TWICE_EVERY = 100;

export type Summary = { runs: number; events: number; virtualMs: number; counts: Counts; failed: Done[] };

function* seedJobs(base: bigint, seeds: number): Generator<Job> {
  for (let index = 0; index < seeds; index++) {
    const seed = seedAt(base, index);
    const scenario = { seed: seedText(seed), options: drawOptions(seed) };
    yield { index, scenario, twice: index % TWICE_EVERY === 0, mutant: null };
  }
}

/** Stops at the first failure. */
export async function runSeeds(base: bigint, seeds: number, threads: number): Promise<Summary> {
  const summary: Summary = { runs: 0, events: 0, virtualMs: 0, counts: noCounts(), failed: [] };
  await shareJobs(seedJobs(base, seeds), threads, (done) => {
    summary.runs += 1;
    summary.events += done.events;
    summary.virtualMs += done.virtualMs;
    addCounts(summary.counts, done.counts);
    if (done.failure !== null) summary.failed.push(done);
    return done.failure !== null;
  });
  return summary;
}

const MARKS: Failure = { check: 'marks', fact: 'all runs', detail: 'too many movements are called unclear' };

export type Caught = { name: string; breaks: string; budget: number; runs: number; failure: Failure | null };

/** Each planted bug with the seeds that are its budget; the next one as soon as one seed has found it. */
export async function runMutants(threads: number): Promise<Caught[]> {
  const caught = new Map<string, Caught>(
    MUTANTS.map(({ name, breaks, seeds }) => [name, { name, breaks, budget: seeds.length, runs: 0, failure: null }]),
  );
  function* jobs(): Generator<Job> {
    for (const mutant of MUTANTS) {
      const options = aimedOptions(mutant);
      for (const index of mutant.seeds) {
        if (caught.get(mutant.name)?.failure !== null) break;
        yield { index, scenario: { seed: seedText(BigInt(index)), options }, twice: false, mutant: mutant.name };
      }
    }
  }
  const counts = new Map(MUTANTS.map(({ name }) => [name, noCounts()]));
  await shareJobs(jobs(), threads, (done) => {
    const { job, failure } = done;
    const mine = caught.get(job.mutant ?? '');
    const sum = counts.get(job.mutant ?? '');
    if (mine !== undefined && sum !== undefined) {
      mine.runs += 1;
      addCounts(sum, done.counts);
      // Too many marks show over all its runs together, as they do in a run of many seeds.
      mine.failure ??= failure ?? (marksTooMany(sum) ? MARKS : null);
    }
    return false;
  });
  return [...caught.values()];
}

/** The aimed seeds without the bug must pass, or the mutant proves nothing. */
export async function runAimedClean(threads: number): Promise<Done[]> {
  const failed: Done[] = [];
  function* jobs(): Generator<Job> {
    for (const mutant of MUTANTS) {
      const options = aimedOptions(mutant);
      for (const index of mutant.seeds.slice(0, 2)) {
        yield { index, scenario: { seed: seedText(BigInt(index)), options }, twice: false, mutant: null };
      }
    }
  }
  await shareJobs(jobs(), threads, (done) => {
    if (done.failure !== null) failed.push(done);
    return false;
  });
  return failed;
}

/** Made small and kept for good; the answer is the name of its file. */
export async function keep(scenario: Scenario, failure: Failure, mutant: string | null): Promise<string> {
  const judge = async (tried: Scenario): Promise<Failure | null> =>
    (await runScenario(tried, { plants: plantsOf(mutant) })).failure;
  const small = await shrink(scenario, failure, judge);
  const name = `${failure.check}-${scenario.seed.slice(2)}.json`;
  const kept: Kept = { found: small.failure, ...small.scenario };
  writeFileSync(join(SCENARIOS, name), `${JSON.stringify(kept, null, 2)}\n`);
  return name;
}
