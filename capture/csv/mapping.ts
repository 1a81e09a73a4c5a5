// The mapping file: which column of a CSV file means what. Strict, so that a misspelt setting is told, not ignored.
import { IANAZone } from 'luxon';
import { z } from 'zod';
import { CLOCK_ERROR_SECONDS_MAX } from '../../core/limits/feeds.ts';
import {
  COLUMNS_MAX,
  NOT_GOODS_CODES_MAX,
  NOT_GOODS_PATTERNS_MAX,
  RECEIPT_PREFIX_LENGTH_MAX,
} from '../../core/limits/files.ts';
import { Currency, Identifier, Text } from '../../protocol/fact.ts';
import type { Issue } from '../../protocol/local/capture.ts';
import { issuesOf } from '../issues.ts';
import { Column, columnMistakes, DateFormat, MappedColumns, Pattern } from './mapping-columns.ts';
import { Counts, Movements, stockMistakes } from './mapping-stock.ts';

const OneCharacter = z.string().length(1, { error: 'write one character' });

const ColumnNamed = Column.describe('The column that holds it');
const ConstantTill = Identifier.describe('The till that the whole file is of');

/** Which receipts a rule is about, by their number: a prefix, or a pattern that the whole number matches. */
const numberRule = {
  receiptPrefix: z
    .string()
    .min(1)
    .max(RECEIPT_PREFIX_LENGTH_MAX)
    .optional()
    .describe('Receipts whose number begins so'),
  receiptPattern: Pattern.optional().describe('Receipts whose whole number matches this regular expression'),
};

export const CsvMapping = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, {
        error: 'use 1 to 40 small letters, digits and dashes, for example "shop-export"',
      })
      .describe('Name of the feed: documents come from csv:NAME, and set-aside ones are read again under it'),
    documents: z
      .enum(['receipts', 'movements', 'counts'])
      .default('receipts')
      .describe('What the file holds; a file of several kinds is mapped several times'),
    format: z
      .enum(['csv', 'jsonl', 'json'])
      .default('csv')
      .describe('jsonl: one JSON object a line; json: one list of objects, over any number of lines'),
    linesAt: Column.optional().describe(
      'JSON only: the property that holds the lines of a receipt, where one object is a whole receipt',
    ),
    delimiter: OneCharacter.default(',').describe('Between two cells'),
    quote: z
      .union([OneCharacter, z.literal('')])
      .default('"')
      .describe('Around a cell; empty where there is none'),
    looseQuotes: z.boolean().default(false).describe('Quotation marks may stand inside cells that are not quoted'),
    encoding: z
      .string()
      .default('utf-8')
      .refine(isEncoding, { error: 'use an encoding such as "utf-8", "windows-1252" or "utf-16le"' })
      .describe('How characters are written'),
    header: z
      .union([z.literal(true), z.array(Column).min(1).max(COLUMNS_MAX)])
      .default(true)
      .describe('true: the first row holds the names of columns; else their names, of a file without that row'),
    columns: MappedColumns.describe('Which column holds what'),
    documentNumber: Identifier.optional().describe(
      'Where no column holds one: documents are told apart by till and trading day',
    ),
    till: z
      .union([z.strictObject({ column: ColumnNamed }), z.strictObject({ constant: ConstantTill })], {
        error: 'write {"column": "..."} or {"constant": "..."}',
      })
      .describe('Which till: by a column, or the same one for the whole file'),
    timeFormat: DateFormat.describe('How times are written: iso, epoch-seconds, epoch-milliseconds or a Luxon format'),
    timeZone: z
      .string()
      .refine((zone) => IANAZone.isValidZone(zone), {
        error: 'write an IANA time zone, for example "Europe/London"',
      })
      .describe('Of the store: for times without an offset, and for where a trading day ends'),
    businessDate: z
      .union(
        [
          z.strictObject({ column: ColumnNamed, format: DateFormat.describe('How it is written') }),
          z.strictObject({
            dayStartsAt: z
              .string()
              .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
              .describe('Time of day; what happened before it belongs to the day before'),
          }),
        ],
        { error: 'write {"column": "...", "format": "dd.MM.yyyy"} or {"dayStartsAt": "04:00"}' },
      )
      .default({ dayStartsAt: '00:00' })
      .describe('The trading day: by a column, or by the time of day at which it begins'),
    receiptScope: z
      .enum(['day', 'ever'], {
        error: 'write "day" where receipt numbers begin anew each day, "ever" where a number never comes back',
      })
      .describe('day: receipt numbers begin anew each trading day; ever: a number never comes back'),
    currency: Currency.optional().describe('Of the prices'),
    decimalComma: z.boolean().default(false).describe('Numbers are written as 1,5'),
    minorUnits: z.boolean().default(false).describe('Prices and amounts are whole minor units: 1250 is 12.50'),
    clockErrorSeconds: z
      .int()
      .nonnegative()
      .max(CLOCK_ERROR_SECONDS_MAX)
      .optional()
      .describe("How far the clock behind the file's times may be off this PC's; absent: nobody knows"),
    thousandsSeparator: z.enum(['.', ',', ' ', "'"]).optional().describe('Between groups of three digits'),
    returns: z
      .strictObject({
        ...numberRule,
        negativeQuantity: z.literal(true).optional().describe('Receipts of which all rows are negative'),
        quantities: z
          .enum(['negative', 'positive'])
          .default('negative')
          .describe('How the file writes quantities of what came back'),
      })
      .optional()
      .describe('Which receipts are returns'),
    adjustments: z
      .strictObject({
        ...numberRule,
        negativeQuantity: z.literal(true).optional().describe('Negative rows of receipts that are no returns'),
        reason: Text.default('Adjusted at the till').describe('Is kept with them'),
      })
      .optional()
      .describe('Which rows correct the stock without a customer'),
    notGoods: z
      .strictObject({
        codes: z.array(Identifier).max(NOT_GOODS_CODES_MAX).default([]).describe('Item codes'),
        patterns: z
          .array(Pattern)
          .max(NOT_GOODS_PATTERNS_MAX)
          .default([])
          .describe('Regular expressions for the whole item code'),
      })
      .default({ codes: [], patterns: [] })
      .describe('Postage, fees, vouchers, services: they move money and no stock'),
    foldSkuCase: z.boolean().default(false).describe('abc and ABC are one article'),
    movements: Movements.optional().describe('What the movements are, where the file holds movements'),
    counts: Counts.optional().describe('What the counts are, where the file holds counts'),
  })
  .check((context) => {
    const { value: mapping } = context;
    const tell = (path: PropertyKey[], message: string): void => {
      context.issues.push({ code: 'custom', path, message, input: mapping });
    };
    const priced = mapping.columns.unitPrice !== undefined || mapping.columns.amount !== undefined;
    if (priced && mapping.currency === undefined) {
      tell(['currency'], 'name the currency of the prices, for example "EUR"');
    }
    if (mapping.returns?.negativeQuantity === true && mapping.adjustments?.negativeQuantity === true) {
      tell(['adjustments', 'negativeQuantity'], 'a negative quantity is either a return or an adjustment: keep one');
    }
    if (mapping.thousandsSeparator === (mapping.decimalComma ? ',' : '.')) {
      tell(['thousandsSeparator'], 'it is the decimal sign already: leave it out or set "decimalComma"');
    }
    if (mapping.quote === mapping.delimiter) tell(['quote'], 'it must differ from the delimiter');
    for (const { path, fix } of [...columnMistakes(mapping), ...stockMistakes(mapping)]) tell(path, fix);
  });

/** A mapping with its defaults filled in. */
export type CsvMapping = z.infer<typeof CsvMapping>;

export type ParsedMapping = { ok: true; mapping: CsvMapping } | { ok: false; issues: Issue[] };

export function parseMapping(value: unknown): ParsedMapping {
  const parsed = CsvMapping.safeParse(value);
  return parsed.success ? { ok: true, mapping: parsed.data } : { ok: false, issues: issuesOf(parsed.error, value) };
}

/** The text of a mapping file; a byte order mark is let pass. */
export function parseMappingText(text: string): ParsedMapping {
  try {
    return parseMapping(JSON.parse(text.replace(/^\ufeff/, '')));
  } catch (error) {
    const problem = `is not JSON: ${error instanceof Error ? error.message : String(error)}`;
    return { ok: false, issues: [{ field: 'mapping', problem, fix: 'mend the file in a text editor' }] };
  }
}

/** What people call the documents of this mapping. */
export const nounOf = ({ documents }: CsvMapping): 'Receipt' | 'Document' | 'Count sheet' =>
  documents === 'receipts' ? 'Receipt' : documents === 'movements' ? 'Document' : 'Count sheet';

export const feedOf = (mapping: CsvMapping): string => `csv:${mapping.name}`;

/** "columns.receipt is missing: send a string; ..." */
export const issuesText = (issues: Issue[]): string =>
  issues.map((issue) => `${issue.field} ${issue.problem}: ${issue.fix}`).join('; ');

function isEncoding(label: string): boolean {
  try {
    new TextDecoder(label);
    return true;
  } catch {
    return false;
  }
}
