// Figures of one run, each beside the raw part it is measured against.
import { printTable } from '../main/commands/options.ts';

export type Figure = { what: string; count: number; seconds: number };

/** Prints rates and each one's ratio to the first figure, which is the raw part. */
export function report(title: string, figures: Figure[]): void {
  const [raw] = figures;
  if (raw === undefined) return;
  const rate = ({ count, seconds }: Figure): number => count / seconds;
  console.log(`\n${title}`);
  printTable([
    ['', 'per second', 'ratio'],
    ...figures.map((figure) => [
      figure.what,
      Math.round(rate(figure)).toLocaleString('en'),
      (rate(figure) / rate(raw)).toFixed(2),
    ]),
  ]);
}

export async function timed(what: string, count: number, work: () => Promise<void> | void): Promise<Figure> {
  const begin = performance.now();
  await work();
  return { what, count, seconds: (performance.now() - begin) / 1_000 };
}
