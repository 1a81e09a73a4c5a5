// What a store's computer fetches and sends of dry runs of a configuration (docs/configuration.md).
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { CHANGES, DIFFERENCES } from '../../core/dry-run/documents.ts';
import { EXCEPTION_TYPES } from '../../core/exception.ts';
import { CONFIGURATION_DOCUMENT_BYTES_MAX, FEEDS_MAX } from '../../core/limits/configuration.ts';
import { TRY_DAYS_MAX, TRY_EXAMPLES_MAX, TRY_REASON_LENGTH_MAX, TRY_WAYS_MAX } from '../../core/limits/tries.ts';
import { IDENTIFIER_LENGTH_MAX } from '../../core/limits.ts';

const Count = z.int().nonnegative();
const Millis = z.int().nonnegative();
const Text = z.string().max(TRY_REASON_LENGTH_MAX);
const Name = z.string().max(IDENTIFIER_LENGTH_MAX);
const BusinessDate = z.string().max(10);
const WORD_LENGTH_MAX = 40;
/** Folders that a store has beside those that a configuration names. */
const FOLDERS_MAX = 2 * FEEDS_MAX;
const CODES_MAX = 20;

export const TryId = z.string().regex(/^t[0-9a-f]{24}$/);

/** `document`: canonical JSON of a StoreDocument that nobody has signed: it is looked at, never put into force. */
export const TryTask = z.strictObject({
  id: TryId,
  days: z.int().min(1).max(TRY_DAYS_MAX),
  document: z.string().max(CONFIGURATION_DOCUMENT_BYTES_MAX),
});
export type TryTask = z.infer<typeof TryTask>;

const ReadingCounts = z.strictObject({
  documents: Count,
  captured: Count,
  duplicates: Count,
  setAside: Count,
  passed: Count,
  facts: Count,
  bytes: Count,
  /** Minor units by currency. */
  totals: z.record(z.string().max(3), z.int()),
});

/** Of a document that comes out otherwise: no names, no cells of the file; what a wrong column may hold is blurred. */
export const TryExample = z.strictObject({
  change: z.enum(CHANGES),
  file: z.string().max(255),
  place: Text,
  number: Name,
  code: z.string().max(WORD_LENGTH_MAX).nullable(),
  reason: Text.nullable(),
  differences: z.array(z.strictObject({ what: z.enum(DIFFERENCES), from: Text, to: Text })),
});
export type TryExample = z.infer<typeof TryExample>;

/** One drop folder. */
export const TryFeed = z.strictObject({
  name: Name,
  /** same: read as before, so nothing of it was tried. unusable: files would wait, or be set aside whole. */
  state: z.enum(['tried', 'same', 'unusable', 'no-reading']),
  /** Why it is unusable, field by field. */
  problem: Text.nullable(),
  files: Count,
  /** More than are looked at. */
  filesLeft: Count,
  /** Files that could not be read to their end, under each reading. */
  stopped: z.strictObject({ before: Count, after: Count }),
  before: ReadingCounts,
  after: ReadingCounts,
  changes: z.record(z.enum(CHANGES), Count),
  differences: z.partialRecord(z.enum(DIFFERENCES), Count),
  /** Newly set aside, by code. */
  codes: z.record(z.string().max(WORD_LENGTH_MAX), Count).refine((codes) => Object.keys(codes).length <= CODES_MAX),
  uncompared: Count,
  examples: z.array(TryExample).max(TRY_EXAMPLES_MAX),
});
export type TryFeed = z.infer<typeof TryFeed>;

export const TryTraffic = z.strictObject({
  entries: Count,
  batches: Count,
  entriesPerBatch: Count,
  bytesPerDay: Count,
  busiest: z
    .strictObject({ date: BusinessDate, bytes: Count, seconds: Count.nullable(), secondsAllowed: Count })
    .nullable(),
});

/** What would come of it at one store; nothing there was kept or changed. */
export const TryResult = z.strictObject({
  v: z.literal(1),
  /** The revision in force; null where none is: then before is as the store was set up by hand. */
  applied: z.int().positive().nullable(),
  fromMs: Millis,
  toMs: Millis,
  feeds: z.array(TryFeed).max(FOLDERS_MAX),
  /** Documents of these days by the way they came in, most first: a mapping touches those of files only. */
  ways: z.array(z.strictObject({ way: Name, documents: Count })).max(TRY_WAYS_MAX),
  traffic: z.strictObject({ before: TryTraffic, after: TryTraffic }),
  /** Deadlines of questions that would be others, in hours. */
  deadlines: z.array(z.strictObject({ type: z.enum(EXCEPTION_TYPES), before: Count, after: Count })),
});
export type TryResult = z.infer<typeof TryResult>;

const One = z.object({ id: TryId });

export const deviceTriesContract = {
  tryTask: oc
    .route({ method: 'GET', path: '/device/tries/{id}', summary: 'What this store shall try, and on how many days' })
    .input(One)
    .output(TryTask),
  tryResult: oc
    .route({ method: 'POST', path: '/device/tries/{id}', summary: 'What would come of it at this store' })
    .input(z.strictObject({ id: TryId, result: TryResult }))
    .output(z.strictObject({ message: z.string() })),
};
