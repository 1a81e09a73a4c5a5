// The frame of configuration: what a store has in force, what it was shown, and why they differ (docs/configuration.md).
import { z } from 'zod';
import { REASON_LENGTH_MAX } from '../../core/limits.ts';
import { Millis, Nonce, Seq, signed } from './frame-parts.ts';

const Revision = z.int().positive();

/**
 * good: in force and proven well. trial: in force, on trial. waiting: checked, its time has not come. refused: not
 * signed, not for this store, older, expired, or not usable. put-back: was in force, and the store went back by itself.
 * withdrawn: head office took it back. none: nothing was ever taken.
 */
export const CONFIGURATION_STATES = ['none', 'waiting', 'trial', 'good', 'refused', 'put-back', 'withdrawn'] as const;
export type ConfigurationState = (typeof CONFIGURATION_STATES)[number];

/** How a store stands with its configuration; times by its own clock. */
export const ConfigurationStanding = z.strictObject({
  /** In force; null where none is. */
  applied: Revision.nullable(),
  /** The newest that it was shown; what `state` and `message` are about. */
  desired: Revision.nullable(),
  state: z.enum(CONFIGURATION_STATES),
  /** A sentence: why applied and desired differ; empty where they do not. */
  message: z.string().max(REASON_LENGTH_MAX),
  since: Millis,
  /** The one in force has expired and no newer one came: it trades on. */
  isExpired: z.boolean(),
  /** The statement of trust that it follows; null for none. */
  trust: z.int().positive().nullable(),
  /** Documents captured and set aside since `since`. */
  captured: Seq,
  setAside: Seq,
});
export type ConfigurationStanding = z.infer<typeof ConfigurationStanding>;

/** From a store: in each session in which it holds a message of configuration, and when its standing changes. */
export const Config = z.strictObject({
  kind: z.literal('config'),
  ...signed,
  session: Nonce,
  standing: ConfigurationStanding,
  at: Millis,
});
export type Config = z.infer<typeof Config>;
