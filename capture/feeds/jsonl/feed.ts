// JSON Lines: on each line one document as the capture API takes it; others than these are read by a mapping.
import { MOVEMENT_KINDS, TRANSACTION_KINDS } from '../../../core/fact.ts';
import { JSONL_LINE_BYTES_MAX } from '../../../core/limits/feeds.ts';
import type { StocktakeInput } from '../../../protocol/local/documents.ts';
import type { MovementInput, TransactionInput } from '../../../protocol/local/transaction.ts';
import { parseStrictJson } from '../../strict-json.ts';
import type { Feed, FeedDocument, FeedItem } from '../feed.ts';
import { asideItem, decimalOf } from '../figures.ts';
import { type Line, linesOf } from './lines.ts';

type Fields = Record<string, unknown>;

export const jsonl: Feed = {
  name: 'jsonl',
  identifiers: [
    'sku',
    'gtin',
    'receipt',
    'document',
    'workstation',
    'store',
    'stocktake',
    'transfer',
    'order',
    'reservation',
  ],
  async *read(source) {
    for await (const line of linesOf(source)) if (line.text.trim() !== '') yield itemOf(line);
  },
};

function itemOf(line: Line): FeedItem {
  const { text } = line;
  const place = `line ${line.number}`;
  const aside = (reason: string): FeedItem => asideItem(place, text, 'bad-row', reason);
  if (!line.isWhole) {
    const reason = `The line is longer than ${JSONL_LINE_BYTES_MAX} bytes, of which only these are kept here: write each document on a line of its own and import the file again.`;
    return asideItem(place, text, 'too-large', reason);
  }
  if (!line.isUtf8) return aside('The line is not UTF-8: write the file in UTF-8.');
  const parsed = parseStrictJson(text);
  if (!parsed.ok && parsed.code === 'bad-json') {
    return aside(`The line is not valid JSON: the mistake is behind character ${parsed.position}.`);
  }
  if (!parsed.ok) return aside(`${parsed.field} ${parsed.problem}: ${parsed.fix}.`);
  if (!isFields(parsed.value)) return aside('The line is no JSON object: write one document in braces on each line.');
  const document = documentOf(parsed.value);
  if (document === null) {
    const reason = `kind is not known: write one of ${[...TRANSACTION_KINDS, ...MOVEMENT_KINDS].join(', ')}, or "way": "stocktakes" for a count. Documents of another form need a mapping.`;
    return asideItem(place, text, 'unknown-kind', reason, numberOf(parsed.value));
  }
  return { kind: 'document', place, raw: text, documents: [document] };
}

/** The body may still be anything: it is checked as the door checks it. */
function documentOf(fields: Fields): FeedDocument | null {
  const { way, ...rest } = fields;
  const body: unknown = exact(rest);
  switch (way ?? wayOf(fields)) {
    case 'transactions':
      return { way: 'transactions', body: body as TransactionInput };
    case 'movements':
      return { way: 'movements', body: body as MovementInput };
    case 'stocktakes':
      return { way: 'stocktakes', body: body as StocktakeInput };
    default:
      return null;
  }
}

function wayOf({ kind, stocktake }: Fields): FeedDocument['way'] | null {
  if (isOneOf(TRANSACTION_KINDS, kind)) return 'transactions';
  if (isOneOf(MOVEMENT_KINDS, kind)) return 'movements';
  return kind === undefined && stocktake !== undefined ? 'stocktakes' : null;
}

const isOneOf = (kinds: readonly string[], kind: unknown): boolean => typeof kind === 'string' && kinds.includes(kind);

const numberOf = ({ receipt, document }: Fields): string | undefined =>
  [receipt, document].find((number): number is string => typeof number === 'string' && number !== '');

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Figures that were written as JSON fractions become the decimal text that they were. */
function exact(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isInteger(value)) {
    const figure = decimalOf(value);
    return figure.ok ? figure.text : value;
  }
  if (Array.isArray(value)) return value.map(exact);
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, exact(field)]));
}
