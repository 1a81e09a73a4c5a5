// Which column of a product file is which attribute: by its header, or as a person says.
import { AttributeName } from '../../protocol/catalogue.ts';
import { UsageError } from '../usage-error.ts';

/** Attribute by header as the file writes it; "sku" is the article's own code. */
export type NamedColumns = ReadonlyMap<string, string>;

export type Column = { index: number; header: string; attribute: string };
export type Columns = { sku: number; attributes: Column[]; unread: string[] };

/** Headers that say what they are; all others are read only where somebody names them. */
const KNOWN: Record<string, string> = {
  sku: 'sku',
  article: 'sku',
  'article number': 'sku',
  item: 'sku',
  name: 'name',
  description: 'description',
  gtin: 'gtin',
  ean: 'gtin',
  upc: 'gtin',
  barcode: 'gtin',
  'tax-class': 'tax-class',
  'tax class': 'tax-class',
};

/** Throws UsageError where there is no column for the SKU, or two for one attribute. `currency`: of a bare "price". */
export function columnsOf(headers: readonly string[], named: NamedColumns, currency: string | undefined): Columns {
  for (const header of named.keys()) {
    if (!headers.includes(header)) {
      throw new UsageError(`--column: the file has no column "${header}". It has: ${headers.join(', ')}.`);
    }
  }
  const read = headers.map((header, index) => {
    const attribute = named.get(header) ?? attributeOf(header, currency);
    return { index, header, attribute: [...named.values()].includes(attribute) && !named.has(header) ? '' : attribute };
  });
  const sku = read.find(({ attribute }) => attribute === 'sku');
  if (sku === undefined) {
    throw new UsageError(
      `no column is known to be the SKU. Name it: --column sku="..." with one of ${headers.join(', ')}.`,
    );
  }
  const attributes = read.filter((column) => column.attribute !== '' && column !== sku);
  for (const { attribute, header } of attributes) {
    const twin = attributes.find((other) => other.attribute === attribute && other.header !== header);
    if (twin !== undefined || attribute === 'sku') {
      const others = twin === undefined ? sku.header : twin.header;
      throw new UsageError(
        `"${header}" and "${others}" are both ${attribute}: say which with --column ${attribute}="...".`,
      );
    }
  }
  return { sku: sku.index, attributes, unread: read.flatMap((one) => (one.attribute === '' ? [one.header] : [])) };
}

/** Empty where the header says nothing. */
function attributeOf(header: string, currency: string | undefined): string {
  const plain = header.trim().toLowerCase();
  const price = /^price[ /_]\(?([a-z]{3})\)?$/.exec(plain)?.[1] ?? (plain === 'price' ? currency : undefined);
  if (price !== undefined) return `price/${price.toUpperCase()}`;
  return KNOWN[plain] ?? '';
}

/** `--column name=Description`, as often as needed. */
export function namedColumn(text: string, before: NamedColumns = new Map()): NamedColumns {
  const [, attribute = '', header = ''] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  const isKnown = attribute === 'sku' || AttributeName.safeParse(attribute).success;
  if (!isKnown || header === '') {
    throw new UsageError('--column: write ATTRIBUTE=HEADER, for example name=Description or price/EUR="Unit price".');
  }
  return new Map([...before, [header, attribute]]);
}
