// npm run sim -- [--seeds 2000] [--seed N | --scenario FILE] [--trace] [--mutants] [--base N] [--threads 2]
import { readArguments, type Wanted } from './arguments.ts';
import { COVERAGE, marksTooMany, neverReached, POINTS } from './coverage.ts';
import type { Done } from './plan.ts';
import { keep, runAimedClean, runMutants, runSeeds, type Summary } from './run.ts';
import { readScenario } from './scenarios.ts';
import { drawOptions, type Scenario, seedText } from './swarm.ts';
import { type Failure, runScenario } from './world.ts';

/** With fewer seeds than this not every point can be expected to be reached. */
const COVERAGE_SEEDS_MIN = 500;

const print = (line: string): void => console.log(line);

function printFailure(scenario: Scenario, { check, fact, detail }: Failure): void {
  print(`SIM FAIL seed=${scenario.seed} check=${check} fact=${fact} (${detail})`);
  print(`         again: npm run sim -- --seed ${scenario.seed} --trace`);
}

async function one(scenario: Scenario, trace: boolean): Promise<boolean> {
  print(JSON.stringify(scenario));
  const { failure, events, virtualMs, hash } = await runScenario(scenario, { print: trace ? print : undefined });
  print(`${events} events, ${(virtualMs / 3_600_000).toFixed(1)} virtual hours, trace ${hash}`);
  if (failure !== null) printFailure(scenario, failure);
  return failure === null;
}

function printSummary({ runs, events, virtualMs, counts }: Summary, seconds: number): void {
  print(`${runs} seeds in ${seconds.toFixed(0)} s: ${Math.round((runs / seconds) * 60)} seeds a minute`);
  print(`${events} events, ${(virtualMs / 86_400_000).toFixed(0)} virtual days`);
  for (const point of POINTS) print(`${String(counts[point]).padStart(9)}  ${point}`);
}

async function manySeeds({ base, seeds, threads }: Wanted): Promise<boolean> {
  print(`base seed ${base}`);
  const began = performance.now();
  const summary = await runSeeds(base, seeds, threads);
  printSummary(summary, (performance.now() - began) / 1_000);
  const [first] = summary.failed;
  if (first !== undefined) {
    await tellFailure(first);
    return false;
  }
  const never = neverReached(summary.counts);
  for (const point of never) print(`NEVER REACHED: ${point} (${COVERAGE[point]})`);
  const isUnclear = marksTooMany(summary.counts);
  if (isUnclear) print('SIM FAIL check=marks: too many movements are called unclear (test/simulation/coverage.ts)');
  return (never.length === 0 && !isUnclear) || summary.runs < COVERAGE_SEEDS_MIN;
}

async function tellFailure({ job, failure, lines }: Done): Promise<void> {
  if (failure === null) return;
  for (const line of lines.slice(-40)) print(line);
  printFailure(job.scenario, failure);
  const name = await keep(job.scenario, failure, job.mutant);
  print(`         kept:  test/simulation/scenarios/${name}`);
}

async function allMutants(threads: number): Promise<boolean> {
  const caught = await runMutants(threads);
  for (const { name, breaks, budget, runs, failure } of caught) {
    const what =
      failure === null ? `NOT CAUGHT in ${budget} seeds` : `caught by ${failure.check} (${runs} of ${budget})`;
    print(`${failure === null ? 'FAIL' : 'ok  '} ${name}: ${what} - ${breaks}`);
  }
  const failed = await runAimedClean(threads);
  for (const { job, failure } of failed) {
    if (failure !== null) print(`SIM FAIL without any bug: ${JSON.stringify(job.scenario)} ${JSON.stringify(failure)}`);
  }
  return failed.length === 0 && caught.every(({ failure }) => failure !== null);
}

async function main(): Promise<boolean> {
  const wanted = readArguments(process.argv.slice(2), new Date());
  const { seed, scenario, trace } = wanted;
  if (seed !== null) return one({ seed: seedText(seed), options: drawOptions(seed) }, trace);
  if (scenario !== null) return one(readScenario(scenario), trace);
  const isClean = wanted.seeds === 0 || (await manySeeds(wanted));
  return wanted.mutants ? (await allMutants(wanted.threads)) && isClean : isClean;
}

process.exitCode = (await main()) ? 0 : 1;
