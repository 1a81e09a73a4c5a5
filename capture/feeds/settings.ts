// What a feed must be told that its documents do not say; everything has a default that suits one shop with one PC.
import { IANAZone } from 'luxon';
import { z } from 'zod';
import { CLOCK_ERROR_SECONDS_MAX } from '../../core/limits/feeds.ts';
import { NOT_GOODS_CODES_MAX } from '../../core/limits/files.ts';
import { Currency, Identifier } from '../../protocol/fact.ts';
import { EpcisSettings } from './epcis/settings.ts';

export const FEEDS = ['poslog', 'epcis', 'jsonl', 'square', 'shopify', 'vend', 'woocommerce'] as const;
export type FeedName = (typeof FEEDS)[number];

export const FeedSettings = z
  .strictObject({
    feed: z.enum(FEEDS).describe('The format of the files'),
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, { error: 'use 1 to 40 small letters, digits and dashes' })
      .default('main')
      .describe('Part of where documents came from (poslog:north); set-aside ones are read again under it'),
    storeNumber: Identifier.optional().describe(
      "The store's own number in the documents: others are set aside; absent: not compared",
    ),
    timeZone: z
      .string()
      .refine((zone) => IANAZone.isValidZone(zone), { error: 'write an IANA time zone, for example "Europe/London"' })
      .optional()
      .describe('For times without an offset, and for where a trading day ends'),
    dayStartsAt: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
      .default('00:00')
      .describe('The trading day of documents that name none begins then, in the time zone'),
    clockErrorSeconds: z
      .int()
      .nonnegative()
      .max(CLOCK_ERROR_SECONDS_MAX)
      .optional()
      .describe("How far the clock behind the documents' times may be off this PC's; absent: nobody knows"),
    currency: Currency.optional().describe('Where amounts come without one'),
    workstation: Identifier.optional().describe('Till of documents that name none'),
    notGoods: z
      .array(Identifier)
      .max(NOT_GOODS_CODES_MAX)
      .default([])
      .describe('Item codes that are no goods: postage, fees, vouchers'),
    epcis: EpcisSettings.optional().describe('Places and steps, of EPCIS only'),
  })
  .meta({ id: 'FeedSettings' });
export type FeedSettings = z.infer<typeof FeedSettings>;
