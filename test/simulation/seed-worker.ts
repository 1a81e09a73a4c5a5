// One of the threads that share the seeds of a run.
import { parentPort } from 'node:worker_threads';
import { plantsOf } from './mutants.ts';
import type { Done, Job } from './plan.ts';
import { runScenario } from './world.ts';

async function work(job: Job): Promise<Done> {
  const options = { plants: plantsOf(job.mutant) };
  const { failure, events, virtualMs, hash, counts, lines } = await runScenario(job.scenario, options);
  const done = { job, failure, events, virtualMs, counts, lines };
  if (!job.twice || failure !== null) return done;
  const again = await runScenario(job.scenario, options);
  if (again.hash === hash) return done;
  const detail = `the same seed ran otherwise: ${hash} and ${again.hash}`;
  return { ...done, failure: { check: 'determinism', fact: 'run', detail } };
}

parentPort?.on('message', (job: Job) => {
  void work(job).then((done) => parentPort?.postMessage(done));
});
