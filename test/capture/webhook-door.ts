// The door with settings of webhooks in a private folder, and posts signed as the vendors sign them.
import { createHmac } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaptureHandlerOptions } from '../../capture/http.ts';
import type { Vendor } from '../../protocol/local/webhooks.ts';
import { temporaryFolder } from '../temporary.ts';
import { type Door, openDoor } from './door.ts';

export const SECRET = 'a-secret-of-the-vendor';
export const NOTIFY = 'https://relay.example/square';

export type WebhookDoor = Door & {
  folder: string;
  settings(vendor: Vendor, settings: unknown, mode?: number): void;
  /** Posts as the vendor would, with its signature unless `headers` say otherwise. */
  send(vendor: Vendor, body: unknown, headers?: Record<string, string>): Promise<{ status: number; answer: Answer }>;
};
type Answer = Record<string, unknown> & { error?: { code: string; message: string } };

export const signed = (vendor: Vendor, body: string, secret = SECRET): Record<string, string> => {
  const mac = (encoding: 'base64' | 'hex', before = '') =>
    createHmac('sha256', secret).update(`${before}${body}`).digest(encoding);
  switch (vendor) {
    case 'square':
      return { 'x-square-hmacsha256-signature': mac('base64', NOTIFY) };
    case 'shopify':
      return { 'x-shopify-hmac-sha256': mac('base64') };
    case 'woocommerce':
      return { 'x-wc-webhook-signature': mac('base64') };
    case 'vend':
      return { 'x-signature': `signature=${mac('hex')},algorithm=HMAC-SHA256` };
  }
};

export async function openWebhookDoor(changes: Partial<CaptureHandlerOptions> = {}): Promise<WebhookDoor> {
  const folder = join(temporaryFolder(), 'webhooks');
  mkdirSync(folder, { mode: 0o700 });
  const door = await openDoor({ webhookFolder: folder, ...changes });
  return {
    ...door,
    folder,
    settings(vendor, settings, mode = 0o600) {
      const file = join(folder, `${vendor}.json`);
      writeFileSync(file, typeof settings === 'string' ? settings : JSON.stringify(settings));
      chmodSync(file, mode);
    },
    async send(vendor, body, headers) {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const { status, data } = await door.client.post<string>(`/v1/webhooks/${vendor}`, text, {
        transformRequest: (given: string) => given,
        headers: { authorization: '', 'content-type': 'application/json', ...(headers ?? signed(vendor, text)) },
      });
      return { status, answer: JSON.parse(data) as Answer };
    },
  };
}

/** A sold article in each vendor's words, with a secret in the settings. */
export const SOLD: Record<Vendor, unknown> = {
  square: {
    ...{ id: 'ORDER1', location_id: 'L1', state: 'COMPLETED', closed_at: '2026-11-20T10:05:00Z' },
    line_items: [{ catalog_object_id: 'A', quantity: '2', total_money: { amount: 200, currency: 'GBP' } }],
    total_money: { amount: 200, currency: 'GBP' },
  },
  shopify: {
    ...{ id: 1, financial_status: 'paid', currency: 'GBP', total_price: '2.00', processed_at: '2026-11-20T10:05:00Z' },
    line_items: [{ id: 1, sku: 'A', quantity: 2, price: '1.00' }],
  },
  vend: {
    ...{ id: 'S', status: 'CLOSED', sale_date: '2026-11-20 10:05:00', total_price: '2.00', total_tax: '0' },
    register_sale_products: [{ product_id: 'A', quantity: '2', price: '1.00' }],
  },
  woocommerce: {
    ...{ id: 1, status: 'completed', currency: 'GBP', total: '2.00', date_created_gmt: '2026-11-20T10:05:00' },
    line_items: [{ sku: 'A', quantity: 2, total: '2.00', total_tax: '0.00' }],
  },
};

export const settingsOf = (vendor: Vendor, changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  secret: SECRET,
  ...(vendor === 'square' ? { notificationUrl: NOTIFY } : {}),
  settings: { timeZone: 'Europe/London', currency: 'GBP' },
  ...changes,
});
