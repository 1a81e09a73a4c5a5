// The room of this PC: what runs here and how it stands, pausing, whether it may be wiped, what IT asks for.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { IDENTIFIER_LENGTH_MAX, TEXT_LENGTH_MAX } from '../../../core/limits.ts';
import { ConfigurationStanding } from '../../wire/config-frames.ts';

const Millis = z.int().nonnegative();

/**
 * This PC as a device of its store. joining: head office has not been reached yet; declined: head office does not take
 * this PC (any more), and says why.
 */
export const Membership = z.strictObject({
  device: z.string().nullable(),
  certificateEndsMs: Millis.nullable(),
  standing: z.enum(['joining', 'active', 'declined']),
  sentence: z.string().nullable(),
  sinceMs: Millis.nullable(),
});
export type Membership = z.infer<typeof Membership>;

export const PcState = z.strictObject({
  versions: z.strictObject({ program: z.string(), journal: z.int(), node: z.string(), system: z.string() }),
  /** The settings that are in force: a name made from their content, and since when the file is so; null without a file. */
  settings: z.strictObject({ digest: z.string(), changedMs: Millis }).nullable(),
  /** Folder of the journal, and the account that the program runs under. */
  folder: z.string(),
  account: z.string(),
  /** `sinceMs`: since when it is as it is, where that is known. */
  secondCopy: z.strictObject({
    folder: z.string(),
    healthy: z.boolean(),
    sinceMs: Millis.nullable(),
    sameDisk: z.boolean(),
  }),
  /** Bytes that the journal and its second copy take. */
  keptBytes: z.int().nonnegative(),
  /** Certificate of the door for other PCs; null where there is none. */
  door: z.strictObject({ fingerprint: z.string(), endsMs: Millis.nullable() }).nullable(),
  /** Null or absent where enrolment is open. */
  membership: Membership.nullable().optional(),
  /** How it stands with what head office set; null or absent where none ever came. */
  configuration: ConfigurationStanding.nullable().optional(),
  startedMs: Millis,
});
export type PcState = z.infer<typeof PcState>;

/**
 * What speaks against wiping this PC: entries that central has not confirmed, documents that could not be placed, count
 * sheets that were not handed in, files that wait in a drop folder, a central that is only for a trial, and an epoch
 * of which central's signed word is not kept.
 */
export const WIPE_REASONS = ['waiting', 'set-aside', 'drafts', 'files', 'trial', 'no-word'] as const;
export const WipeReason = z.strictObject({ code: z.enum(WIPE_REASONS), count: z.int().positive() });
export type WipeReason = z.infer<typeof WipeReason>;
export const WipeAnswer = z.strictObject({ safe: z.boolean(), reasons: z.array(WipeReason) });
export type WipeAnswer = z.infer<typeof WipeAnswer>;

/** A file for a person to keep. */
export const SavedFile = z.strictObject({ name: z.string(), base64: z.base64() });
export type SavedFile = z.infer<typeof SavedFile>;

const Asked = z.strictObject({
  reason: z.string().trim().min(1).max(TEXT_LENGTH_MAX),
  by: z.string().trim().min(1).max(IDENTIFIER_LENGTH_MAX),
});

export const pcContract = {
  state: oc.output(PcState),
  /** Stops sending until somebody resumes it; tills go on. */
  pause: oc.input(Asked),
  resume: oc,
  safeToWipe: oc.output(WipeAnswer),
  /** A statement signed by this PC; null where it is not safe to wipe. */
  certificate: oc.output(SavedFile.nullable()),
  /** What IT needs to help, without sales, names or keys. */
  diagnostics: oc.output(SavedFile),
};
