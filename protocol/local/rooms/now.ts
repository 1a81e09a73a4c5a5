// The first room: how much was captured, settled and waiting over time.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { CHART_BUCKETS_MAX } from '../../../core/limits.ts';

const Millis = z.int().nonnegative();

/** One bucket of the chart: how many were captured and settled from `atMs` on, and how many waited at its end. */
export const Bucket = z.strictObject({ atMs: Millis, captured: z.int(), settled: z.int(), waiting: z.int() });
export type Bucket = z.infer<typeof Bucket>;

export const nowContract = {
  chart: oc
    .input(
      z.strictObject({
        bucketMs: z.int().min(1_000).max(86_400_000),
        buckets: z.int().positive().max(CHART_BUCKETS_MAX),
      }),
    )
    .output(z.array(Bucket)),
};
