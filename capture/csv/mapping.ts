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

/** Which receipts a rule is about, by their number: a prefix, or a pattern that the whole number matches. */
const numberRule = {
  receiptPrefix: z.string().min(1).max(RECEIPT_PREFIX_LENGTH_MAX).optional(),
  receiptPattern: Pattern.optional(),
};

export const CsvMapping = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, {
      error: 'use 1 to 40 small letters, digits and dashes, for example "shop-export"',
    }),
    /** What the file holds; a file of several kinds is mapped several times. */
    documents: z.enum(['receipts', 'movements', 'counts']).default('receipts'),
    /** jsonl: one JSON object a line. json: one list of objects, over any number of lines. */
    format: z.enum(['csv', 'jsonl', 'json']).default('csv'),
    /** JSON only: the property that holds the lines of a receipt, where one object is a whole receipt. */
    linesAt: Column.optional(),
    delimiter: OneCharacter.default(','),
    quote: z.union([OneCharacter, z.literal('')]).default('"'),
    looseQuotes: z.boolean().default(false),
    encoding: z
      .string()
      .default('utf-8')
      .refine(isEncoding, { error: 'use an encoding such as "utf-8", "windows-1252" or "utf-16le"' }),
    header: z.union([z.literal(true), z.array(Column).min(1).max(COLUMNS_MAX)]).default(true),
    columns: MappedColumns,
    /** Where no column holds one: documents are told apart by till and trading day. */
    documentNumber: Identifier.optional(),
    till: z.union([z.strictObject({ column: Column }), z.strictObject({ constant: Identifier })], {
      error: 'write {"column": "..."} or {"constant": "..."}',
    }),
    timeFormat: DateFormat,
    timeZone: z.string().refine((zone) => IANAZone.isValidZone(zone), {
      error: 'write an IANA time zone, for example "Europe/London"',
    }),
    businessDate: z
      .union(
        [
          z.strictObject({ column: Column, format: DateFormat }),
          z.strictObject({ dayStartsAt: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/) }),
        ],
        { error: 'write {"column": "...", "format": "dd.MM.yyyy"} or {"dayStartsAt": "04:00"}' },
      )
      .default({ dayStartsAt: '00:00' }),
    receiptScope: z.enum(['day', 'ever'], {
      error: 'write "day" where receipt numbers begin anew each day, "ever" where a number never comes back',
    }),
    currency: Currency.optional(),
    decimalComma: z.boolean().default(false),
    /** Prices and amounts are whole minor units: 1250 is 12.50. */
    minorUnits: z.boolean().default(false),
    /** How far the clock behind the file's times may be off this PC's, in either direction; absent: nobody knows. */
    clockErrorSeconds: z.int().nonnegative().max(CLOCK_ERROR_SECONDS_MAX).optional(),
    thousandsSeparator: z.enum(['.', ',', ' ', "'"]).optional(),
    returns: z
      .strictObject({
        ...numberRule,
        negativeQuantity: z.literal(true).optional(),
        quantities: z.enum(['negative', 'positive']).default('negative'),
      })
      .optional(),
    adjustments: z
      .strictObject({
        ...numberRule,
        negativeQuantity: z.literal(true).optional(),
        reason: Text.default('Adjusted at the till'),
      })
      .optional(),
    notGoods: z
      .strictObject({
        codes: z.array(Identifier).max(NOT_GOODS_CODES_MAX).default([]),
        patterns: z.array(Pattern).max(NOT_GOODS_PATTERNS_MAX).default([]),
      })
      .default({ codes: [], patterns: [] }),
    foldSkuCase: z.boolean().default(false),
    movements: Movements.optional(),
    counts: Counts.optional(),
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
