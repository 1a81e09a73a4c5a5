// What a store keeps of its configuration between two starts: the state of the two slots, and what lies in one.
import { z } from 'zod';
import { REFUSALS } from '../../core/configuration/judge.ts';
import { SLOTS, type SlotsState } from '../../core/configuration/slots-machine.ts';
import { WITHDRAWALS_MAX } from '../../core/limits/configuration.ts';
import { REASON_LENGTH_MAX } from '../../core/limits.ts';
import { Digest } from '../fact.ts';
import { WeeklySpan } from '../settings.ts';
import { Millis, Seq } from '../wire/frame-parts.ts';
import { RevisionForStore, SignedTrust } from './revision.ts';

const Revision = z.int().positive();
const held = { slot: z.enum(SLOTS), revision: Revision, digest: Digest, expiresMs: Millis };
const counts = { captured: Seq, setAside: Seq };
const Findings = z
  .array(z.strictObject({ revision: Revision, why: z.string().max(REASON_LENGTH_MAX) }))
  .max(WITHDRAWALS_MAX);

const Slots: z.ZodType<SlotsState> = z.strictObject({
  inForce: z.strictObject(held).nullable(),
  before: z.strictObject(held).nullable(),
  next: z.strictObject({ ...held, times: z.array(WeeklySpan).nullable(), isOwn: z.boolean() }).nullable(),
  trial: z
    .strictObject({ sinceMs: Millis, crashes: z.int().nonnegative(), isRunning: z.boolean(), wasUp: z.boolean() })
    .nullable(),
  blamed: z.strictObject({ revision: Revision, downMs: Millis }).nullable(),
  good: z.array(Revision).max(WITHDRAWALS_MAX),
  putBack: Findings,
  withdrawn: Findings,
  hadOwn: z.boolean(),
  shown: z
    .strictObject({
      revision: Revision.nullable(),
      refused: z.strictObject({ code: z.enum(REFUSALS), message: z.string().max(REASON_LENGTH_MAX) }).nullable(),
    })
    .nullable(),
  since: z.strictObject({ ms: Millis, ...counts }),
  usual: z.strictObject(counts),
});

/** `state.json` of a store's configuration. `trust`: the newest statement that it follows; it never goes back. */
export const SlotsFile = z.strictObject({ v: z.literal(1), slots: Slots, trust: SignedTrust.nullable() });
export type SlotsFile = z.infer<typeof SlotsFile>;

/** `a.json` or `b.json`: all that a revision was judged by. */
export const SlotFile = RevisionForStore.omit({ times: true });
export type SlotFile = z.infer<typeof SlotFile>;
