// How a revision reaches stores: ring after ring, by query, with what stops it.
import { z } from 'zod';
import { ROLLOUT_QUERY_LENGTH_MAX, ROLLOUT_RINGS_MAX } from '../../core/limits/configuration.ts';
import { WeeklySpan } from '../settings.ts';
import { ConfigurationName } from './document.ts';

const SPANS_MAX = 28;
const MINUTES_MAX = 30 * 24 * 60;
const Percent = z.number().min(0).max(100);

const RolloutRing = z.strictObject({
  name: ConfigurationName,
  stores: z.string().min(1).max(ROLLOUT_QUERY_LENGTH_MAX).meta({
    description:
      'Which stores: all, or for example "region=north and till=ncr and share=10". Those of earlier rings stay',
  }),
  successPercent: Percent.default(80).meta({
    description: 'The next ring begins once so many of its stores have it and are well',
  }),
  failurePercent: Percent.default(10).meta({
    description:
      'The rollout stops by itself, and is taken back, once more of its stores went back by themselves or refused it',
  }),
  soakMinutes: z
    .number()
    .min(0)
    .max(MINUTES_MAX)
    .default(60)
    .meta({ description: 'So long after that the next ring begins' }),
});

export const RolloutPlan = z.strictObject({
  rings: z.array(RolloutRing).min(1).max(ROLLOUT_RINGS_MAX),
  times: z
    .array(WeeklySpan)
    .min(1)
    .max(SPANS_MAX)
    .optional()
    .meta({ description: "When a store puts it into force, by the store's own clock; absent: at once" }),
});
export type RolloutPlan = z.infer<typeof RolloutPlan>;
export type RolloutRing = z.infer<typeof RolloutRing>;
