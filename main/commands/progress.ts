// Progress of long work, on standard error and only where that is a terminal.
import { Presets, SingleBar } from 'cli-progress';

export type Progress = { update(done: number): void; stop(): void };

/** `total` 0 where it isn't known: then a count is shown without a bar. */
export function openProgress(what: string, total: number): Progress {
  if (process.stderr.isTTY !== true) return { update: () => {}, stop: () => {} };
  const format =
    total > 0 ? `${what} {bar} {value} of {total}, {duration_formatted}` : `${what}: {value}, {duration_formatted}`;
  const bar = new SingleBar({ format, stream: process.stderr, hideCursor: true }, Presets.shades_classic);
  bar.start(total, 0);
  return { update: (done) => bar.update(done), stop: () => bar.stop() };
}
