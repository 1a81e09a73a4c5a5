// Rollouts at central: how far a revision has come, ring by ring, and what stops it.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import type { RolloutState as State } from '../../core/configuration/rollout.ts';
import { CONFIGURATION_SOURCE_BYTES_MAX } from '../../core/limits/configuration.ts';
import { PAGE_ROWS_MAX, REASON_LENGTH_MAX } from '../../core/limits.ts';
import { RolloutPlan } from '../configuration/plan.ts';
import { SignedEnvelope } from '../configuration/revision.ts';

const Limit = z.coerce.number().int().positive().max(PAGE_ROWS_MAX).default(PAGE_ROWS_MAX);
const Millis = z.int().nonnegative();
const Count = z.int().nonnegative();

const ROLLOUT_STATES = ['waiting', 'running', 'paused', 'stopped', 'aborted', 'done'] as const satisfies State[];
export type RolloutState = (typeof ROLLOUT_STATES)[number];

/**
 * later: its ring is not open. given: it is there for the store, which has not said anything of it yet. waiting: the
 * store has checked it, and its time has not come. failed: the store refused it, or went back by itself. back: it was
 * taken back.
 */
export const ROLLOUT_STORE_STATES = ['later', 'given', 'waiting', 'trial', 'good', 'failed', 'back'] as const;
export type RolloutStoreState = (typeof ROLLOUT_STORE_STATES)[number];

/** How many stores stand how; they sum to the stores of the ring. */
const StoreTally = z.strictObject({
  later: Count,
  given: Count,
  waiting: Count,
  trial: Count,
  good: Count,
  failed: Count,
  back: Count,
} satisfies Record<RolloutStoreState, typeof Count>);
export type StoreTally = z.infer<typeof StoreTally>;

const RingRow = z.strictObject({
  name: z.string(),
  query: z.string().meta({ description: 'Which stores, as the plan says it' }),
  successPercent: z.number(),
  failurePercent: z.number(),
  soakMinutes: z.number(),
  openedMs: Millis.nullable().meta({ description: 'When its stores began to get it; null while they do not' }),
  reachedMs: Millis.nullable().meta({ description: 'When enough of its stores were well; null while they are not' }),
  stores: Count,
  tally: StoreTally,
});
export type RingRow = z.infer<typeof RingRow>;

const RolloutId = z.string().regex(/^r[1-9]\d{0,15}$/, { error: 'write r and the revision, for example r12' });

export const RolloutRow = z
  .strictObject({
    id: RolloutId,
    revision: z.int().positive(),
    title: z.string(),
    state: z.enum(ROLLOUT_STATES),
    why: z.string().meta({ description: 'Why it stands so, in a sentence; may be empty' }),
    by: z.string().meta({ description: 'Who published it' }),
    publishedMs: Millis,
    approvedBy: z.string().nullable(),
    approvedMs: Millis.nullable(),
    changedMs: Millis.meta({ description: 'When its state last changed' }),
    expiresMs: Millis.meta({ description: 'From then on no store takes it' }),
    times: RolloutPlan.shape.times.nonoptional().nullable().meta({ description: 'When a store puts it into force' }),
    rings: z.array(RingRow),
  })
  .meta({ id: 'Rollout' });
export type RolloutRow = z.infer<typeof RolloutRow>;

const RolloutStore = z.strictObject({
  store: z.string(),
  ring: z.string(),
  state: z.enum(ROLLOUT_STORE_STATES),
  message: z.string().meta({ description: "The store's own words" }),
  sinceMs: Millis,
});
export type RolloutStore = z.infer<typeof RolloutStore>;

const ROLLOUT_EVENTS = [
  'published',
  'approved',
  'opened',
  'reached',
  'unreached',
  'paused',
  'resumed',
  'stopped',
  'aborted',
  'done',
] as const;
const RolloutEvent = z.strictObject({
  atMs: Millis,
  what: z.enum(ROLLOUT_EVENTS),
  by: z.string().meta({ description: 'An account, or "central" where it did so by itself' }),
  ring: z.string().nullable(),
  message: z.string(),
});
export type RolloutEvent = z.infer<typeof RolloutEvent>;

export const RolloutStory = z
  .strictObject({
    rollout: RolloutRow,
    failed: z.array(RolloutStore).meta({ description: 'Stores that refused it or went back by themselves, by name' }),
    away: z.array(RolloutStore).meta({ description: 'Stores that could have it and have not said that they are well' }),
    events: z.array(RolloutEvent).meta({ description: 'Oldest first' }),
  })
  .meta({ id: 'RolloutStory' });
export type RolloutStory = z.infer<typeof RolloutStory>;

export const PublishInput = z.strictObject({
  source: z
    .string()
    .min(2)
    .max(CONFIGURATION_SOURCE_BYTES_MAX)
    .meta({ description: 'The JSON document that people wrote, as it was signed' }),
  signed: SignedEnvelope,
  plan: RolloutPlan,
});
export type PublishInput = z.infer<typeof PublishInput>;

const One = z.object({ id: RolloutId });
const Because = z.object({
  id: RolloutId,
  reason: z.string().trim().min(1).max(REASON_LENGTH_MAX).meta({ description: 'Why, for the log and for others' }),
});

export const rolloutsContract = {
  publishConfiguration: oc
    .route({
      method: 'POST',
      path: '/configuration/revisions',
      successStatus: 201,
      summary: 'Publish a signed revision and begin its rollout',
      description: 'One rollout at a time. On an error or time-out send it again: the same one is published once.',
    })
    .input(PublishInput)
    .output(RolloutRow),
  rollouts: oc
    .route({ method: 'GET', path: '/rollouts', summary: 'Rollouts and how far each has come, newest first' })
    .input(
      z.object({
        before: z.coerce.number().int().positive().optional().meta({ description: 'Page on from this revision' }),
        limit: Limit,
      }),
    )
    .output(z.array(RolloutRow)),
  rollout: oc
    .route({ method: 'GET', path: '/rollouts/{id}', summary: 'One rollout: rings, stores that failed, what happened' })
    .input(One)
    .output(RolloutStory),
  approveRollout: oc
    .route({
      method: 'POST',
      path: '/rollouts/{id}/approval',
      summary: 'Approve a rollout: by another account than the one that published it',
    })
    .input(One)
    .output(RolloutRow),
  pauseRollout: oc
    .route({ method: 'POST', path: '/rollouts/{id}/pause', summary: 'No further store gets it for now' })
    .input(Because)
    .output(RolloutRow),
  resumeRollout: oc
    .route({ method: 'POST', path: '/rollouts/{id}/resume', summary: 'Go on with a paused rollout from where it was' })
    .input(Because)
    .output(RolloutRow),
  abortRollout: oc
    .route({
      method: 'POST',
      path: '/rollouts/{id}/abort',
      summary: 'Take the revision back for good: stores that have it go back to the one before',
    })
    .input(Because)
    .output(RolloutRow),
};
