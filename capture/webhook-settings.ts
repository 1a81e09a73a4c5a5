// What a vendor's webhooks need to be told, in a private file of the data folder: its secret, and what a file of the feed needs.
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { WEBHOOK_SETTINGS_BYTES_MAX } from '../core/limits/feeds.ts';
import type { Vendor } from '../protocol/local/webhooks.ts';
import { FeedSettings } from './feeds/settings.ts';
import { issuesOf } from './issues.ts';

const SECRET_LENGTH_MIN = 8;
const SECRET_LENGTH_MAX = 1_000;
const OTHERS = 0o077;

export type Webhook = {
  /** Null: a relay shows a bearer token instead of signing. */
  secret: string | null;
  /** Square signs the address that it was told to call, with the body. */
  notificationUrl: string;
  settings: FeedSettings;
};

export type WebhookRead =
  | { ok: true; webhook: Webhook }
  | { ok: false; code: 'no-webhook' | 'bad-webhook'; message: string };

const schemaOf = (vendor: Vendor) =>
  z
    .strictObject({
      secret: z.string().min(SECRET_LENGTH_MIN).max(SECRET_LENGTH_MAX).optional(),
      notificationUrl: z.url().max(SECRET_LENGTH_MAX).optional(),
      settings: z.strictObject({ ...FeedSettings.shape, feed: z.literal(vendor).default(vendor) }).prefault({}),
    })
    .refine(
      ({ secret, notificationUrl }) => vendor !== 'square' || secret === undefined || notificationUrl !== undefined,
      {
        path: ['notificationUrl'],
        error: 'send the address of the subscription, word for word: Square signs it together with the body',
      },
    );

/** Read for each body, so that a changed file counts at once. `folder` is "webhooks" in the data folder. */
export async function readWebhook(folder: string | undefined, vendor: Vendor): Promise<WebhookRead> {
  const path = `webhooks/${vendor}.json`;
  const text = folder === undefined ? null : await readPrivate(join(folder, `${vendor}.json`));
  if (text === null) {
    const message = `This PC takes no webhooks of ${vendor}: create ${path} in the agent's data folder, readable by its owner only, for example ${JSON.stringify(exampleOf(vendor))}. Nothing was kept.`;
    return { ok: false, code: 'no-webhook', message };
  }
  if (typeof text !== 'string') return unusable(path, text.problem);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unusable(path, 'it is not valid JSON');
  }
  const read = schemaOf(vendor).safeParse(value);
  if (!read.success) {
    const told = issuesOf(read.error, value).map(({ field, problem, fix }) => `${field} ${problem}: ${fix}`);
    return unusable(path, told.join('; '));
  }
  const { secret = null, notificationUrl = '', settings } = read.data;
  return { ok: true, webhook: { secret, notificationUrl, settings } };
}

const exampleOf = (vendor: Vendor): object => ({
  secret: `the secret that ${vendor} signs with`,
  ...(vendor === 'square' ? { notificationUrl: 'the address of the subscription' } : {}),
  settings: { timeZone: 'Europe/London', currency: 'GBP' },
});

const unusable = (path: string, why: string): WebhookRead => ({
  ok: false,
  code: 'bad-webhook',
  message: `${path} in the agent's data folder cannot be used: ${why}. Nothing was kept.`,
});

/** Null where there is no such file; the mode is that of the file that is read, not of a name. */
async function readPrivate(file: string): Promise<string | { problem: string } | null> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return missing ? null : { problem: 'it cannot be opened by the account of the agent' };
  }
  try {
    const { mode, size } = await handle.stat();
    if (size > WEBHOOK_SETTINGS_BYTES_MAX) return { problem: `it is larger than ${WEBHOOK_SETTINGS_BYTES_MAX} bytes` };
    if (process.platform !== 'win32' && (mode & OTHERS) !== 0) {
      return { problem: 'others than its owner may read it (let the mode be 0600)' };
    }
    return await handle.readFile('utf8');
  } catch {
    return { problem: 'it cannot be read' };
  } finally {
    await handle.close();
  }
}
