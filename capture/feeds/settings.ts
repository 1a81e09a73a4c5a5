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
    feed: z.enum(FEEDS),
    /** Part of where facts came from ("poslog:north"); set-aside input is driven again under the same name. */
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, { error: 'use 1 to 40 small letters, digits and dashes' })
      .default('main'),
    /** The store's own number in the feed's documents: others are set aside. Absent: not compared. */
    storeNumber: Identifier.optional(),
    timeZone: z
      .string()
      .refine((zone) => IANAZone.isValidZone(zone), { error: 'write an IANA time zone, for example "Europe/London"' })
      .optional(),
    /** The trading day of documents that name none begins then, in the time zone. */
    dayStartsAt: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
      .default('00:00'),
    /** How far the clock behind the documents' times may be off this PC's, in either direction; absent: nobody knows. */
    clockErrorSeconds: z.int().nonnegative().max(CLOCK_ERROR_SECONDS_MAX).optional(),
    /** Where amounts come without one. */
    currency: Currency.optional(),
    /** Workstation of documents that name no till. */
    workstation: Identifier.optional(),
    /** Item codes that are no goods: postage, fees, vouchers. */
    notGoods: z.array(Identifier).max(NOT_GOODS_CODES_MAX).default([]),
    /** Places and steps, of EPCIS only. */
    epcis: EpcisSettings.optional(),
  })
  .meta({ id: 'FeedSettings' });
export type FeedSettings = z.infer<typeof FeedSettings>;
