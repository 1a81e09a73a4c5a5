// The configuration of stores: one schema, documented field by field; layers of it for chain, region, ring and store.
import { z } from 'zod';
import { EXCEPTION_TYPES } from '../../core/exception.ts';
import {
  CONFIGURATION_NAME_LENGTH_MAX,
  CONFIGURATION_NAMES_MAX,
  CONFIGURATION_STORES_MAX,
  CONFIGURATION_TITLE_LENGTH_MAX,
  FEEDS_MAX,
  TILL_TYPES_MAX,
  TRIAL_MINUTES_MAX,
} from '../../core/limits/configuration.ts';
import { BATCH_ENTRIES_MAX, WINDOW_ENTRIES_MAX } from '../../core/limits.ts';
import { StoreId } from '../fact.ts';
import { UpdateSettings, WeeklySpan, WindowSettings } from '../settings.ts';

const SPANS_MAX = 28;
const Spans = z.array(WeeklySpan).min(1).max(SPANS_MAX);

/** Of a region, a ring, a kind of till, a feed. */
export const ConfigurationName = z
  .string()
  .max(CONFIGURATION_NAME_LENGTH_MAX)
  .regex(/^[a-z0-9][a-z0-9-]*$/, { error: 'use small letters, digits and dashes, for example north' });

const SyncPolicy = z.strictObject({
  batchEntries: z
    .int()
    .min(1)
    .max(BATCH_ENTRIES_MAX)
    .optional()
    .meta({ description: 'Entries in one batch at most; absent: as many as fit' }),
  windowEntries: z
    .int()
    .min(1)
    .max(WINDOW_ENTRIES_MAX)
    .optional()
    .meta({ description: 'Entries in flight at most; never more than head office allows' }),
  bytesPerSecond: z
    .int()
    .min(1_000)
    .max(1_000_000_000)
    .optional()
    .meta({ description: 'Entries go out no faster, on average over a few seconds; absent: as fast as the line' }),
  times: Spans.optional().meta({
    description: "When entries are sent, by this PC's clock; absent: always. What the tills do is kept at any time",
  }),
});

const ConflictPolicy = z.strictObject({
  hours: z
    .int()
    .min(1)
    .max(24 * 60)
    .meta({ description: 'Hours until a question of this kind is due' }),
});

const Retention = z.strictObject({
  doneFilesDays: z
    .int()
    .min(1)
    .max(3_650)
    .optional()
    .meta({ description: 'Files that were imported from a drop folder are deleted after so many days; absent: never' }),
  logDays: z
    .int()
    .min(1)
    .max(3_650)
    .optional()
    .meta({ description: 'Lines of the log are deleted after so many days; absent: as many as its size allows' }),
});

const Trial = z.strictObject({
  minutes: z
    .int()
    .min(1)
    .max(TRIAL_MINUTES_MAX)
    .optional()
    .meta({ description: 'So long a revision is on trial in a store' }),
  setAsidePercent: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'The store goes back by itself where more of what comes in is set aside; absent: 5' }),
  leastDocuments: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .meta({ description: 'Before so many documents came in nothing is concluded from their share; absent: 5' }),
});

/** `Reading` is a mapping or the settings of a feed: whoever knows how files are read gives its schema. */
const sectionsWith = <Reading extends z.ZodType>(reading: Reading) => ({
  feeds: z
    .record(ConfigurationName, z.strictObject({ reading }))
    .refine((feeds) => Object.keys(feeds).length <= FEEDS_MAX, { error: `name at most ${FEEDS_MAX} feeds` })
    .meta({
      description: 'Drop folders by name, each with how its files are read; replaced as a whole by a nearer layer',
    }),
  sync: SyncPolicy.meta({ description: 'How entries are sent' }),
  conflicts: z
    .partialRecord(z.enum(EXCEPTION_TYPES), ConflictPolicy)
    .meta({ description: 'Deadlines of questions to people, by kind' }),
  retention: Retention.meta({ description: 'What is tidied away. The journal never is' }),
  maintenance: Spans.meta({ description: "When updates may be installed, by this PC's clock" }),
  // Nothing is filled in here: what a store's own settings say stays where no layer says otherwise.
  updates: z
    .strictObject({
      address: UpdateSettings.shape.address,
      channel: UpdateSettings.shape.channel.unwrap().meta({ description: 'Which line of releases stores follow' }),
      ring: UpdateSettings.shape.ring.unwrap().meta({ description: 'A release reaches ring 0 first' }),
      upTo: z
        .string()
        .regex(/^(0|[1-9]\d{0,4})(\.(0|[1-9]\d{0,4})){2}$/, { error: 'write a version, for example 1.4.2' })
        .optional()
        .meta({ description: 'The newest version that is installed; absent: whatever its channel offers' }),
    })
    .partial()
    .meta({ description: 'Where updates of the program come from, and up to which version' }),
  window: z
    .strictObject({
      ...WindowSettings.shape,
      silentTillMinutes: WindowSettings.shape.silentTillMinutes
        .unwrap()
        .meta({ description: 'A till that sold today and sends nothing for so long in opening hours is told' }),
    })
    .partial()
    .meta({ description: 'The store window: language, whom to call, opening hours' }),
  log: z
    .strictObject({
      level: z.enum(['debug', 'info', 'warn', 'error']).meta({ description: 'From here on up is logged' }),
    })
    .meta({ description: 'How much is logged' }),
  trial: Trial.meta({ description: 'When a store goes back by itself' }),
});

export const configurationWith = <Reading extends z.ZodType>(reading: Reading) =>
  z.strictObject(sectionsWith(reading)).partial();

/** Whoever does not read files takes a reading as it is: it was checked where it was written, and is where it is used. */
const AnyReading = z.record(z.string(), z.unknown());

/** What holds for one store, all layers laid over each other. */
export const Configuration = configurationWith(AnyReading);
export type Configuration = z.infer<typeof Configuration>;

const SCHEMA_ADDRESS_LENGTH_MAX = 400;

const sourceHead = {
  $schema: z
    .string()
    .max(SCHEMA_ADDRESS_LENGTH_MAX)
    .optional()
    .meta({ description: 'Where an editor finds the schema of this file; means nothing else' }),
  tillwireConfiguration: z.literal(1).meta({ description: 'Version of this format' }),
  revision: z.int().positive().meta({ description: 'Higher than any that was ever published' }),
  title: z
    .string()
    .min(1)
    .max(CONFIGURATION_TITLE_LENGTH_MAX)
    .meta({ description: 'What changes, in words for people' }),
  expires: z.iso
    .datetime({ offset: true, error: 'write a time with its zone, for example 2027-06-30T00:00:00Z' })
    .meta({ description: 'No store takes it from then on; those that have it keep it, and say so' }),
};

const boundedRecord = <Value extends z.ZodType>(name: z.ZodType<string, string>, value: Value, max: number) =>
  z.record(name, value).refine((all) => Object.keys(all).length <= max, { error: `name at most ${max}` });

/** The document that people write. Each layer may name every field of a configuration, or null for "take it away". */
export const sourceWith = <LayerSchema extends z.ZodType>(layer: LayerSchema) =>
  z.strictObject({
    ...sourceHead,
    chain: layer.meta({ description: 'Of all stores' }),
    regions: boundedRecord(ConfigurationName, layer, CONFIGURATION_NAMES_MAX)
      .default({})
      .meta({ description: 'Of the stores of a region, by its name' }),
    rings: boundedRecord(ConfigurationName, layer, CONFIGURATION_NAMES_MAX)
      .default({})
      .meta({ description: 'Of the stores of a ring, by its name' }),
    stores: boundedRecord(
      StoreId,
      z.strictObject({
        region: ConfigurationName.optional().meta({ description: 'One of "regions"' }),
        ring: ConfigurationName.optional().meta({ description: 'One of "rings"' }),
        tills: z
          .array(ConfigurationName)
          .max(TILL_TYPES_MAX)
          .optional()
          .meta({ description: 'Kinds of tills that it has, for queries' }),
        values: layer.optional().meta({ description: 'Of this store alone' }),
      }),
      CONFIGURATION_STORES_MAX,
    )
      .default({})
      .meta({ description: 'Stores by number. Those that are not named get what the chain says' }),
  });

export const ConfigurationSource = sourceWith(z.record(z.string(), z.unknown()));
export type ConfigurationSource = z.infer<typeof ConfigurationSource>;
