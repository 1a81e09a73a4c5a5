// Bodies shaped like the webhooks of shop systems, posted by a relay: signed or with a token, then as files of the feed.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { WEBHOOK_NOTES_MAX } from '../core/limits/feeds.ts';
import { BODY_BYTES_MAX, TEXT_LENGTH_MAX } from '../core/limits.ts';
import type { Vendor, WebhookOutput } from '../protocol/local/webhooks.ts';
import type { Caller } from './callers.ts';
import { ImportStopped } from './csv/source.ts';
import type { DoorLimits } from './door-limits.ts';
import type { BodyTold } from './feeds/bodies/feed.ts';
import { isFields, withLongFractionsAsText } from './feeds/bodies/node.ts';
import type { Feed } from './feeds/feed.ts';
import { runFeed, type Settled } from './feeds/import.ts';
import { shopifyFeed } from './feeds/shopify/feed.ts';
import { squareFeed } from './feeds/square/feed.ts';
import { vendFeed } from './feeds/vend/feed.ts';
import { woocommerceFeed } from './feeds/woocommerce/feed.ts';
import type { CaptureHandlerOptions } from './http.ts';
import { admit, type Door, turnedAway } from './http-admission.ts';
import { discardBody, isPlainJson, readBody, refuse, sendJson } from './http-exchange.ts';
import type { CaptureJournal } from './ports.ts';
import { parseStrictJson } from './strict-json.ts';
import { readWebhook, type Webhook } from './webhook-settings.ts';
import { isSigned, signatureHeader } from './webhook-signature.ts';

type Post = { vendor: Vendor; req: IncomingMessage; res: ServerResponse };
type Parts = { options: CaptureHandlerOptions; door: Door; limits: DoorLimits };

const FEEDS: Record<Vendor, (told: BodyTold) => Feed> = {
  square: squareFeed,
  shopify: shopifyFeed,
  vend: vendFeed,
  woocommerce: woocommerceFeed,
};
const TOPIC_HEADERS: Partial<Record<Vendor, string>> = {
  shopify: 'x-shopify-topic',
  woocommerce: 'x-wc-webhook-topic',
};

/** Answers 200 with what became of the body once all of it is on disk; anything else asks the relay to come again (L1). */
export async function takeWebhook(post: Post, parts: Parts): Promise<void> {
  const { vendor, req, res } = post;
  const read = await readWebhook(parts.options.webhookFolder, vendor);
  if (!read.ok) {
    await discardBody(req);
    return refuse(res, read.code, { message: read.message });
  }
  const { webhook } = read;
  const isForm = vendor === 'vend' && webhook.secret !== null && isPlainForm(req);
  if (!isForm && !isPlainJson(req)) {
    await discardBody(req);
    return refuse(res, 'not-json');
  }
  const caller = webhook.secret === null ? await bearer(post, parts) : signer(vendor);
  if (caller === null) return;
  const end = parts.limits.begin(caller);
  if (end === null) return void (await turnedAway(req, res, 'too-many', { 'retry-after': '1' }));
  try {
    const body = await bodyOf(post, parts, webhook, caller);
    if (body !== null) await capture(post, parts, webhook, isForm ? payloadOf(body) : body);
  } finally {
    end();
  }
}

/** Each vendor's signed bodies count together, like those of one till. */
const signer = (vendor: Vendor): Caller => ({ kind: 'till', name: `webhooks of ${vendor}`, workstation: null });

/** A relay that does not sign shows a token; one that is bound to a workstation speaks for that one only. */
async function bearer({ req, res }: Post, { door, limits }: Parts): Promise<Caller | null> {
  const caller = await admit(req, res, { method: 'POST', opensTo: 'tills' }, door, limits);
  if (caller?.kind !== 'till' || caller.workstation === null) return caller;
  return turnedAway(req, res, 'wrong-workstation');
}

/** The body as it came, of whom it says that it is from; null after it was refused. */
async function bodyOf({ vendor, req, res }: Post, { limits }: Parts, webhook: Webhook, caller: Caller) {
  const body = await readBody(req, BODY_BYTES_MAX);
  if (!body.ok) {
    refuse(res, body.code, { message: body.message });
    return null;
  }
  const { secret, notificationUrl: address } = webhook;
  if (secret === null) return body.text;
  if (!isSigned(vendor, req.headers, { secret, address, body: body.text })) {
    const seconds = await limits.wrongToken(req.socket.remoteAddress ?? '');
    if (seconds > 0) return turnedAway(req, res, 'too-many', { 'retry-after': String(seconds) });
    refuse(res, 'bad-signature', { message: wrongSignature(vendor) });
    return null;
  }
  const seconds = await limits.documents(caller, 1);
  return seconds === 0 ? body.text : turnedAway(req, res, 'too-many', { 'retry-after': String(seconds) });
}

const wrongSignature = (vendor: Vendor): string =>
  `The signature in ${signatureHeader(vendor)} is missing or is not that of this body: let the relay pass on the body byte for byte with its headers, and compare the secret in webhooks/${vendor}.json${vendor === 'square' ? ', and the notificationUrl' : ''}. Nothing was kept.`;

async function capture({ vendor, req, res }: Post, { options }: Parts, webhook: Webhook, text: string): Promise<void> {
  const parsed = parseStrictJson(withLongFractionsAsText(text));
  if (!parsed.ok) {
    const { code, position } = parsed;
    const issues =
      code === 'unsafe-json' ? [{ field: parsed.field, problem: parsed.problem, fix: parsed.fix }] : undefined;
    return refuse(res, code, { position, issues });
  }
  const { value } = parsed;
  if (!isFields(value) && !(Array.isArray(value) && value.length > 0 && value.every(isFields))) {
    return refuse(res, 'bad-body', { message: NO_OBJECT });
  }
  const notes: string[] = [];
  const topic = TOPIC_HEADERS[vendor];
  const told = topic === undefined ? undefined : req.headers[topic];
  try {
    const { result, stopped } = await runFeed({
      source: once(text),
      feed: FEEDS[vendor]({ topic: typeof told === 'string' ? told.slice(0, TEXT_LENGTH_MAX) : undefined }),
      settings: webhook.settings,
      store: options.store,
      fileName: `webhooks of ${vendor}`,
      journal: impatient(options.journal),
      pseudonymKey: options.pseudonymKey,
      onSettled: async (settled) => {
        const note = noteOf(settled);
        if (note !== null && notes.length < WEBHOOK_NOTES_MAX) notes.push(note);
      },
    });
    if (stopped !== null) return refuse(res, 'bad-body', { message: stopped.message });
    const { captured, duplicates, setAside, passed, masked } = result;
    const output: WebhookOutput = { captured, duplicates, setAside, passed, masked, notes };
    sendJson(res, 200, JSON.stringify(output));
  } catch (error) {
    if (!(error instanceof ImportStopped)) throw error;
    refuse(res, error.code === 'bad-file' ? 'bad-body' : error.code, { message: error.message });
  }
}

const NO_OBJECT =
  'The body is no JSON object and no list of objects: post it as the vendor sends it. Nothing was kept.';

function noteOf({ plan: { item }, verdict }: Settled): string | null {
  if (item.kind === 'passed') return item.what;
  return verdict.kind === 'aside' ? `Set aside: ${item.place}: ${verdict.reason}` : null;
}

/** A file waits where the queue is full; a relay asks again, and must hear so in time. */
function impatient(journal: CaptureJournal): CaptureJournal {
  const checked = <T extends { kind: string; reason?: string }>(outcomes: T[]): T[] => {
    const isFull = outcomes.some(({ kind, reason }) => kind === 'refused' && reason === 'queue-full');
    if (isFull) throw new ImportStopped('busy', 'Too much is waiting to be written: send the same body again.');
    return outcomes;
  };
  return {
    ...journal,
    appendMany: async (captures) => checked(await journal.appendMany(captures)),
    appendTogether: async (captures) => checked(await journal.appendTogether(captures)),
  };
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

function isPlainForm(req: IncomingMessage): boolean {
  if ((req.headers['content-encoding'] ?? 'identity') !== 'identity') return false;
  return /^application\/x-www-form-urlencoded\s*(;\s*charset="?utf-8"?\s*)?$/i.test(req.headers['content-type'] ?? '');
}

/** Vend posts a form whose field "payload" is the JSON; no page can forge it, for it is signed. */
const payloadOf = (body: string): string => new URLSearchParams(body).get('payload') ?? '';
