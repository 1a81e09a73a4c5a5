// What the chain sets for a store: whom to call, opening hours, language, updates. Documented field by field.
import { z } from 'zod';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const TimeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'write the time of day as 08:30' })
  .meta({ description: "Time of day on this PC's clock, for example 08:30" });

export const WeeklySpan = z
  .strictObject({
    days: z.array(z.enum(DAYS)).min(1).max(DAYS.length).meta({ description: 'Days on which it begins' }),
    from: TimeOfDay,
    to: TimeOfDay.meta({ description: 'At or before "from": it ends on the next day' }),
  })
  .meta({ description: 'A span of time that comes again each week' });
export type WeeklySpan = z.infer<typeof WeeklySpan>;

const SPANS_MAX = 28;
const WeeklySpans = z.array(WeeklySpan).max(SPANS_MAX);

export const LANGUAGES = ['en', 'de'] as const;

export const WindowSettings = z.strictObject({
  language: z
    .enum(LANGUAGES)
    .optional()
    .meta({ description: "Language of the store window; absent: the language of the PC's user" }),
  help: z
    .strictObject({
      name: z.string().min(1).max(80).meta({ description: 'Who answers, for example Service desk' }),
      phone: z
        .string()
        .regex(/^[+0-9][0-9 ()/.-]{2,39}$/, { error: 'write a telephone number, for example +49 30 1234567' })
        .meta({ description: 'The number as people dial it' }),
    })
    .optional()
    .meta({ description: 'Whom the store calls when something is wrong' }),
  openingHours: WeeklySpans.optional().meta({
    description: 'When the store is open; absent: a till that goes silent is never told',
  }),
  silentTillMinutes: z
    .int()
    .min(5)
    .max(1_440)
    .default(60)
    .meta({ description: 'A till that sold today and sends nothing for so long in opening hours is told' }),
});
export type WindowSettings = z.infer<typeof WindowSettings>;

export const UpdateSettings = z.strictObject({
  address: z
    .url({ protocol: /^https?$/ })
    .meta({ description: 'Where releases lie, for example https://updates.example/tillwire' }),
  channel: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/)
    .default('stable')
    .meta({ description: 'Which line of releases this store follows' }),
  ring: z.int().min(0).max(99).default(0).meta({ description: 'A release reaches ring 0 first' }),
  window: WeeklySpans.min(1).meta({ description: 'When an update may be installed; never while tills are selling' }),
});
export type UpdateSettings = z.infer<typeof UpdateSettings>;

export const NetworkSettings = z.strictObject({
  proxy: z
    .url({ protocol: /^https?$/, error: 'write the proxy as http://host:port' })
    .optional()
    .meta({ description: 'Proxy for all that leaves this PC; absent: HTTPS_PROXY and NO_PROXY of the program' }),
  authorityFile: z
    .string()
    .min(1)
    .max(4_096)
    .optional()
    .meta({ description: 'File with further authorities of certificates (PEM) that are trusted' }),
});
export type NetworkSettings = z.infer<typeof NetworkSettings>;

export const Settings = z.strictObject({
  ...WindowSettings.shape,
  network: NetworkSettings.optional().meta({ description: 'The way out of this PC; absent: as its system says' }),
  updates: UpdateSettings.optional().meta({ description: 'Absent: the program is not updated by itself' }),
});
export type Settings = z.infer<typeof Settings>;

export const NO_SETTINGS: Settings = Settings.parse({});
