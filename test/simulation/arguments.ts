// What `npm run sim` is told.
import { parseArgs } from 'node:util';

export type Wanted = {
  seeds: number;
  /** Exactly this seed, with its swarm options. */
  seed: bigint | null;
  /** A kept scenario, by the name of its file. */
  scenario: string | null;
  trace: boolean;
  mutants: boolean;
  base: bigint;
  threads: number;
};

/** Today's seeds, unless told: nobody gets used to a fixed list. */
export function readArguments(args: string[], today: Date): Wanted {
  const { values } = parseArgs({
    args,
    options: {
      seeds: { type: 'string', default: '2000' },
      seed: { type: 'string' },
      scenario: { type: 'string' },
      base: { type: 'string' },
      threads: { type: 'string', default: '2' },
      trace: { type: 'boolean', default: false },
      mutants: { type: 'boolean', default: false },
    },
  });
  const { seed, base, trace, mutants } = values;
  return {
    seeds: Number(values.seeds),
    threads: Number(values.threads),
    seed: seed === undefined ? null : BigInt(seed),
    base: BigInt(base ?? today.toISOString().slice(0, 10).replaceAll('-', '')) * 1_000_000n,
    scenario: values.scenario ?? null,
    trace,
    mutants,
  };
}
