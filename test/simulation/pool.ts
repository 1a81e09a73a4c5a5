// Threads that share jobs: each takes the next one when it has answered the last.
import { Worker } from 'node:worker_threads';
import type { Done, Job } from './plan.ts';

/** Calls back in the order of the answers, until there is no job left or `done` says stop. */
export async function shareJobs(jobs: Iterator<Job>, threads: number, done: (done: Done) => boolean): Promise<void> {
  let isStopped = false;
  const next = (): Job | null => {
    const step = isStopped ? { done: true as const } : jobs.next();
    return step.done === true ? null : step.value;
  };
  await Promise.all(Array.from({ length: threads }, () => workOff(next, (answer) => (isStopped ||= done(answer)))));
}

function workOff(next: () => Job | null, hear: (done: Done) => void): Promise<void> {
  const first = next();
  if (first === null) return Promise.resolve();
  const worker = new Worker(new URL('./seed-worker.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    worker.on('error', reject);
    worker.on('exit', () => resolve());
    worker.on('message', (done: Done) => {
      hear(done);
      const job = next();
      if (job === null) void worker.terminate();
      else worker.postMessage(job);
    });
    worker.postMessage(first);
  });
}
