// Whether a body is the vendor's: its signature over the bytes as they came, compared in constant time.
import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Vendor } from '../protocol/local/webhooks.ts';
import { sameSecret } from '../protocol/secret.ts';

type Scheme = {
  header: string;
  encoding: 'base64' | 'hex';
  /** What a shown header says of the signature. */
  shown?(text: string): string;
};

const SCHEMES: Record<Vendor, Scheme> = {
  square: { header: 'x-square-hmacsha256-signature', encoding: 'base64' },
  shopify: { header: 'x-shopify-hmac-sha256', encoding: 'base64' },
  woocommerce: { header: 'x-wc-webhook-signature', encoding: 'base64' },
  vend: { header: 'x-signature', encoding: 'hex', shown: hexOf },
};

/** Of "signature=<hex>,algorithm=HMAC-SHA256"; no other algorithm is taken. */
function hexOf(text: string): string {
  const parts = new Map(
    text.split(',').map((part): [string, string] => {
      const [name = '', value = ''] = part.trim().split('=', 2);
      return [name, value];
    }),
  );
  const isKnown = (parts.get('algorithm') ?? 'HMAC-SHA256').toUpperCase() === 'HMAC-SHA256';
  return isKnown ? (parts.get('signature') ?? text).toLowerCase() : '';
}

/** The header that a vendor signs in. */
export const signatureHeader = (vendor: Vendor): string => SCHEMES[vendor].header;

/** `address` is what Square was told to call; the others sign the body alone. */
export function isSigned(
  vendor: Vendor,
  headers: IncomingHttpHeaders,
  { secret, address, body }: { secret: string; address: string; body: string },
): boolean {
  const { header, encoding, shown = (text: string) => text } = SCHEMES[vendor];
  const said = headers[header];
  if (typeof said !== 'string') return false;
  const hmac = createHmac('sha256', secret);
  if (vendor === 'square') hmac.update(address);
  return sameSecret(shown(said.trim()), hmac.update(body, 'utf8').digest(encoding));
}
