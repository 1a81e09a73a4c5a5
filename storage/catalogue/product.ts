// A product of head office's catalogue as the journal keeps it.
import type { ProductState } from '../../protocol/catalogue.ts';

type Attributes = ProductState['attributes'];

/** Attributes that the window shows everywhere. */
const NAME = 'name';
const GTIN = 'gtin';

function said(attributes: Attributes, attribute: string): string | null {
  const value = attributes[attribute]?.value ?? null;
  return value === null || value === '' ? null : String(value);
}

export const productName = (attributes: Attributes): string | null => said(attributes, NAME);
export const productGtin = (attributes: Attributes): string | null => said(attributes, GTIN);
