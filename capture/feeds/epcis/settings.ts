// What EPCIS events do not say of a store: which places are its own, and what the steps of a sender mean here.
import { z } from 'zod';
import { EPCIS_PLACES_MAX, EPCIS_WORD_LENGTH_MAX, EPCIS_WORDS_MAX } from '../../../core/limits/feeds.ts';
import { StoreId, Text } from '../../../protocol/fact.ts';
import { isChecked } from './gs1-keys.ts';
import { DISPOSITIONS, STEPS } from './words.ts';

/** A GLN of 13 digits, or an SGLN or PGLN, or whatever text the events carry. */
const PlaceText = z
  .string()
  .min(1)
  .max(EPCIS_WORD_LENGTH_MAX)
  .refine((text) => !/^\d{13}$/.test(text) || isChecked(text), { error: 'this GLN has the wrong check digit' });
const few = <V extends z.ZodType>(value: V) =>
  z.record(PlaceText, value).refine((map) => Object.keys(map).length <= EPCIS_PLACES_MAX, {
    error: `name at most ${EPCIS_PLACES_MAX} places`,
  });

export const EpcisSettings = z
  .strictObject({
    places: z
      .strictObject({
        own: z
          .array(PlaceText)
          .max(EPCIS_PLACES_MAX)
          .default([])
          .describe("This store; without them every event is taken for this store's. A place holds its parts"),
        transfers: few(StoreId)
          .default({})
          .describe('Other stores and warehouses, with their store numbers: goods between them are transfers'),
        vendors: few(Text).default({}).describe('Suppliers that goods go back to, with their names'),
        others: z.enum(['set-aside', 'pass']).default('set-aside').describe('What becomes of goods moved elsewhere'),
      })
      .prefault({})
      .describe('Which places are whose'),
    steps: z
      .record(z.string().min(1).max(EPCIS_WORD_LENGTH_MAX), z.enum([...STEPS, 'pass']))
      .refine((map) => Object.keys(map).length <= EPCIS_WORDS_MAX, { error: `name at most ${EPCIS_WORDS_MAX} steps` })
      .default({})
      .describe('What a step means here, by the step of the standard that means it, or pass: it moves no stock'),
    writeOff: z
      .array(z.enum(DISPOSITIONS))
      .default(['destroyed', 'disposed', 'stolen'])
      .describe('Dispositions with which goods are gone from the shelf'),
    partialCounts: z
      .enum(['set-aside', 'take'])
      .default('set-aside')
      .describe('A count of a part of the store says what is in that part only; take: it says it of the whole store'),
    logisticUnits: z
      .enum(['set-aside', 'ignore'])
      .default('set-aside')
      .describe('SSCCs and their kin beside goods; ignore: all that is in them is listed too'),
    elementOrder: z
      .enum(['schema', 'any'])
      .default('schema')
      .describe('any: the fields of an event in XML may stand in any order'),
    skus: z
      .enum(['gtin-12', 'gtin-13', 'gtin-14'])
      .default('gtin-13')
      .describe('How a GTIN is written as SKU: leading zeros fall away down to so many digits'),
    units: z
      .array(z.string().regex(/^[A-Z0-9]{2,3}$/))
      .max(EPCIS_WORDS_MAX)
      .default([])
      .describe('Units of measure (UNECE codes) taken as they are, beside pieces, KGM, LTR, MTR, MTK and MTQ'),
  })
  .meta({ id: 'EpcisSettings' });
export type EpcisSettings = z.infer<typeof EpcisSettings>;
