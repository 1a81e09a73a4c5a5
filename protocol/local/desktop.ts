// What main and the background process of the desktop program say to each other.
import { z } from 'zod';
import { SENTENCE_LENGTH_MAX } from '../../core/limits/desktop.ts';
import { IDENTIFIER_LENGTH_MAX } from '../../core/limits.ts';
import { NOTICE_CODES } from './window.ts';

/** The signs of the tray: all sent, sending, offline and safe, needs somebody, stopped, no word from the program. */
export const SIGNS = ['good', 'busy', 'safe', 'needs', 'stop', 'lost'] as const;
export type Sign = (typeof SIGNS)[number];

const Path = z.string().min(1).max(4_096);
const Sentence = z.string().max(SENTENCE_LENGTH_MAX);
const Count = z.int().nonnegative();

/** Where an agent may be, and what a new one needs to know at its first start. */
export const Begin = z.strictObject({
  kind: z.literal('begin'),
  /** Data folder of an agent of this program's own, or of one that runs there already. */
  folder: Path,
  /** The person named that folder: no service is looked for. */
  isNamed: z.boolean(),
  /** There was a service before: this program never runs an agent of its own beside it. */
  serviceOnly: z.boolean(),
  /** Where a service of this PC tells its address. */
  windowFile: Path,
  store: z.string().max(IDENTIFIER_LENGTH_MAX).optional(),
  broker: z.string().max(4_096).optional(),
  mirror: Path.optional(),
  port: z.int().min(0).max(65_535),
});
export type Begin = z.infer<typeof Begin>;

/** Main to the background process; `window` carries a port. */
export const ToBackground = z.discriminatedUnion('kind', [
  Begin,
  z.strictObject({ kind: z.literal('window') }),
  /** The device key in PEM, or the sentence that says why there is none. */
  z.strictObject({ kind: z.literal('key'), pem: z.string().max(10_000) }),
  z.strictObject({ kind: z.literal('no-key'), message: Sentence }),
  /** The computer woke up: the line is dead without knowing it. */
  z.strictObject({ kind: z.literal('woken') }),
  z.strictObject({ kind: z.literal('end') }),
]);
export type ToBackground = z.infer<typeof ToBackground>;

/** What the tray and the notifications tell of the store, beside which the window tells all. */
export const Standing = z.strictObject({
  sign: z.enum(SIGNS),
  store: z.string().max(IDENTIFIER_LENGTH_MAX),
  /** The window's own sentence. */
  sentence: Sentence,
  questions: z.strictObject({ store: Count, others: Count, newestMs: Count.nullable() }),
  /** States of which the agent gives notice. */
  notices: z.array(z.enum(NOTICE_CODES)),
});
export type Standing = z.infer<typeof Standing>;

/** Whose agent: a service of this PC, one that another program runs on the folder, or one in the background process. */
export const MODES = ['service', 'attached', 'own'] as const;
export type Mode = (typeof MODES)[number];

/** Why no agent is there, while nothing is broken. */
export const WAITS = ['service-silent', 'not-allowed', 'not-set-up', 'folder-in-use'] as const;

/** The background process to main. */
export const FromBackground = z.discriminatedUnion('kind', [
  /** An agent is there; ports are served from now on. */
  z.strictObject({ kind: z.literal('ready'), mode: z.enum(MODES) }),
  /** None is there, it is looked for; ports that were served are closed. */
  z.strictObject({ kind: z.literal('waiting'), why: z.enum(WAITS) }),
  z.strictObject({ kind: z.literal('standing'), standing: Standing }),
  /** The folder is held by this process now: the key may be opened. */
  z.strictObject({ kind: z.literal('key-wanted') }),
  /** It ends because of this. */
  z.strictObject({ kind: z.literal('fault'), message: Sentence }),
]);
export type FromBackground = z.infer<typeof FromBackground>;
