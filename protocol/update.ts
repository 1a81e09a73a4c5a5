// Words about updates that cross a boundary: signed statements, and the files by which agent and guard speak.
import { z } from 'zod';
import {
  UPDATE_BAD_MAX,
  UPDATE_FILE_BYTES_MAX,
  UPDATE_FILE_NAME_LENGTH_MAX,
  UPDATE_KEYS_MAX,
  UPDATE_SIGNATURES_MAX,
  UPDATE_STATEMENT_BYTES_MAX,
} from '../core/limits/updates.ts';
import { QUOTED_LENGTH_MAX } from '../core/limits.ts';
import type { GuardState } from '../core/update-guard.ts';
import { ARCHITECTURES, INSTALLERS, PLATFORMS, type Release } from '../core/update-release.ts';

const Millis = z.int().nonnegative();
const hexDigits = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));
const PublicKey = hexDigits(32);
const Sha256 = hexDigits(32);

export const Version = z
  .string()
  .regex(/^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$/, { error: 'write a version as 1.20.3' });
/** No folders, no spaces: it is asked for beside the statement, and becomes the name of a file. */
export const FileName = z
  .string()
  .max(UPDATE_FILE_NAME_LENGTH_MAX)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._+-]*$/, { error: 'use letters, digits and . _ + - only' });

/** Public keys in hex; `threshold` of them must have signed. */
const Role = z
  .strictObject({
    keys: z.array(PublicKey).min(1).max(UPDATE_KEYS_MAX),
    threshold: z.int().min(1).max(UPDATE_KEYS_MAX),
  })
  .refine(({ keys, threshold }) => new Set(keys).size === keys.length && threshold <= keys.length, {
    error: 'name different keys, and ask for no more signatures than there are keys',
  });

/**
 * Which keys count. Number n is followed by n + 1, signed by enough root keys of both (F51). It is served as
 * `keys/<number>.json`.
 */
export const KeyStatement = z.strictObject({
  kind: z.literal('tillwire update keys'),
  number: z.int().positive(),
  root: Role,
  release: Role,
  expiresMs: Millis,
});
export type KeyStatement = z.infer<typeof KeyStatement>;

export const ReleaseStatement: z.ZodType<Release> = z.strictObject({
  kind: z.literal('tillwire release'),
  name: z.string().max(40),
  version: Version,
  platform: z.enum(PLATFORMS),
  arch: z.enum(ARCHITECTURES),
  installer: z.enum(INSTALLERS),
  file: FileName,
  size: z.int().positive().max(UPDATE_FILE_BYTES_MAX),
  sha256: Sha256,
  channel: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
  ring: z.int().min(0).max(99),
  from: Version,
  journal: z.int().min(0).max(1_000),
  notBeforeMs: Millis,
  expiresMs: Millis,
});

/** What is served: canonical JSON as text, word for word what was signed, and who signed it. */
export const Signed = z.strictObject({
  statement: z.string().max(UPDATE_STATEMENT_BYTES_MAX),
  signatures: z
    .array(z.strictObject({ keyId: hexDigits(8), signature: hexDigits(64) }))
    .min(1)
    .max(UPDATE_SIGNATURES_MAX),
});
export type Signed = z.infer<typeof Signed>;

/** What a signature covers: said apart from everything else that our keys ever sign. */
export const signedText = (statement: string): string => `tillwire update ${statement}`;

const Kept = z.strictObject({
  version: Version,
  sha256: Sha256,
  size: z.int().positive(),
  journal: z.int().nonnegative(),
  file: FileName,
});
const PHASES = [
  ...(['stop', 'copy', 'install', 'start', 'watch'] as const),
  ...(['back-stop', 'back-journal', 'back-install', 'back-start'] as const),
];
const Why = z
  .string()
  .max(QUOTED_LENGTH_MAX * 2)
  .nullable();

const Law: z.ZodType<GuardState> = z.strictObject({
  running: Version,
  highest: Version,
  bad: z.array(Version).max(UPDATE_BAD_MAX),
  kept: z.array(Kept).max(8),
  job: z
    .strictObject({
      from: Kept,
      to: Kept,
      phase: z.enum(PHASES),
      tries: z.int().nonnegative(),
      sinceMs: Millis,
      failedStarts: z.int().nonnegative(),
      why: Why,
    })
    .nullable(),
  last: z
    .strictObject({
      outcome: z.enum(['well', 'put-back', 'given-up', 'stuck']),
      version: Version,
      why: Why,
      atMs: Millis,
    })
    .nullable(),
});

/** The guard's own memory, written by it alone and read by the agent. */
export const GuardFile = z.strictObject({
  law: Law,
  /** Number of the newest key statement that it has accepted: it never goes back. */
  keys: z.int().positive(),
  /** Installers that it was offered and refused. */
  refused: z
    .array(z.strictObject({ sha256: Sha256, why: z.string().max(QUOTED_LENGTH_MAX * 2), atMs: Millis }))
    .max(UPDATE_BAD_MAX),
});
export type GuardFile = z.infer<typeof GuardFile>;

/** The agent's word to the guard: take an installer over, or begin. `untilMs`: after that it says nothing any more. */
export const AskFile = z.strictObject({ word: z.enum(['take-over', 'go']), sha256: Sha256, untilMs: Millis });
export type AskFile = z.infer<typeof AskFile>;

/** The running agent's word about itself; written again and again, so that an old one is seen to be old. */
export const HealthFile = z.strictObject({
  version: Version,
  pid: z.int(),
  /** Since when everything that was tried went well; null where the last attempt did not. */
  wellSinceMs: Millis.nullable(),
  atMs: Millis,
});
export type HealthFile = z.infer<typeof HealthFile>;

/** What a person asked for by the command line, and the agent's answer. */
export const WishFile = z.strictObject({ id: z.string().max(64), word: z.enum(['check', 'now']), untilMs: Millis });
export type WishFile = z.infer<typeof WishFile>;

/** The agent's memory; all of it can be found out anew but for the highest version, which also lies elsewhere. */
export const UpdateFile = z.strictObject({
  highest: Version,
  keys: z.int().positive(),
  /** When the address was last asked, and what it said, in a sentence. */
  lookedMs: Millis.nullable(),
  offered: Version.nullable(),
  /** What it waits for, in a sentence. */
  doing: z.string().max(QUOTED_LENGTH_MAX * 2),
  problem: z
    .string()
    .max(QUOTED_LENGTH_MAX * 2)
    .nullable(),
  problemMs: Millis.nullable(),
  wish: z.string().max(64).nullable(),
});
export type UpdateFile = z.infer<typeof UpdateFile>;

/** How this installation is updated: written by whoever installs, root's or the administrators' only. */
export const GuardSettings = z.strictObject({
  data: z.string().min(1),
  installer: z.enum(INSTALLERS),
  /** AppImage: the file that is replaced. deb: another root folder than /, for rehearsals. */
  target: z.string().min(1).optional(),
  /** Name of the systemd unit or of the scheduled task that runs the agent. */
  service: z
    .string()
    .regex(/^[A-Za-z0-9@._-]{1,64}$/)
    .optional(),
  /** Shorter times, for rehearsals. */
  pace: z
    .strictObject({
      wellMs: Millis,
      trialMs: Millis,
      startsMax: z.int().min(1).max(20),
      quietMs: Millis,
      windowLeftMs: Millis,
      tryWaitMs: Millis,
    })
    .partial()
    .optional(),
});
export type GuardSettings = z.infer<typeof GuardSettings>;
