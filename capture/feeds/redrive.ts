// What a feed set aside is read again by the same reader, alone: what can be placed now is captured once and resolved.
import type { SetAsideItem } from '../../core/captured.ts';
import { REASONS_TOLD_MAX, REDRIVE_PAGE_ITEMS } from '../../core/limits/files.ts';
import type { RedriveResult } from '../../protocol/local/capture.ts';
import { ImportStopped } from '../csv/source.ts';
import { togetherPatiently, type Verdict, verdictOf } from '../place.ts';
import type { CaptureJournal } from '../ports.ts';
import { partOf } from './aside.ts';
import type { Feed } from './feed.ts';
import { isKept, timeZoneOf } from './import.ts';
import { type FeedPlan, feedId, planItem } from './plan.ts';
import type { FeedSettings } from './settings.ts';

export type FeedRedrive = {
  journal: CaptureJournal;
  feed: Feed;
  settings: FeedSettings;
  store: string;
  pseudonymKey: Uint8Array;
};

/**
 * Takes the open items of the settings' feed. An item is resolved in the transaction of its capture, or where all of it
 * is known or passed over by now; otherwise it stays as it is, once.
 */
export async function redriveFeed(options: FeedRedrive): Promise<RedriveResult> {
  const id = feedId(options.settings);
  const result: RedriveResult = {
    mapping: id,
    items: 0,
    resolved: 0,
    left: 0,
    captured: 0,
    duplicates: 0,
    reasons: [],
  };
  for await (const parts of openDocuments(options.journal, id)) {
    const before = { captured: result.captured, duplicates: result.duplicates };
    result.items += parts.length;
    const reason = await driveOne(options, parts, result);
    if (reason === null) {
      result.resolved += parts.length;
      continue;
    }
    Object.assign(result, before);
    result.left += parts.length;
    const [first] = parts;
    if (first !== undefined && result.reasons.length < REASONS_TOLD_MAX) result.reasons.push({ id: first.id, reason });
  }
  return result;
}

/** Each document's item, or all parts of one that was cut. */
async function* openDocuments(journal: CaptureJournal, feed: string): AsyncGenerator<SetAsideItem[]> {
  let parts: SetAsideItem[] = [];
  for (let after = 0; ; ) {
    const page = await journal.listAside({ after, limit: REDRIVE_PAGE_ITEMS });
    for (const item of page) {
      after = item.id;
      if (item.feed !== feed) continue;
      const { part, parts: count } = partOf(item.place);
      // Parts were written one behind the other, in one transaction.
      if (part === 1) parts = [];
      parts.push(item);
      if (part === count && parts.length === count) yield parts;
    }
    if (page.length < REDRIVE_PAGE_ITEMS) return;
  }
}

/** Null where it is placed, else why it is not. */
async function driveOne(options: FeedRedrive, parts: SetAsideItem[], result: RedriveResult): Promise<string | null> {
  const { journal, feed, settings, store, pseudonymKey } = options;
  const [first] = parts;
  const raw = parts.map((part) => part.raw).join('');
  const context = { settings, store, journal, pseudonymKey, fileName: first?.source ?? '' };
  const read: FeedPlan[] = [];
  try {
    for await (const item of feed.read(once(raw), { settings, store, timeZone: timeZoneOf(settings) })) {
      read.push(await planItem(item, context));
    }
  } catch (error) {
    if (error instanceof ImportStopped && error.code === 'bad-file') return error.message;
    throw error;
  }
  if (read.length === 0) return 'Nothing could be read in it.';
  const aside = read.find((plan) => plan.kind === 'aside');
  if (aside !== undefined) return aside.item.reason;
  const documents = read.filter((plan) => plan.kind === 'document');
  const resolves = parts.length === 1 ? first?.id : undefined;
  const verdict = await settle(options, documents, resolves, context.fileName);
  if (verdict.kind === 'aside') return verdict.reason;
  if (documents.length > 0 && verdict.kind === 'captured') result.captured++;
  if (documents.length > 0 && verdict.kind === 'duplicate') result.duplicates++;
  for (const part of parts) await journal.resolveAside(part.id);
  return null;
}

/**
 * Documents of one item stand for themselves, as when the file was read: one that is known does not hinder the others.
 * The last fact of the last one takes the item with it, in one transaction.
 */
async function settle(
  options: FeedRedrive,
  documents: FeedPlan[],
  resolves: number | undefined,
  what: string,
): Promise<Verdict> {
  let isNew = false;
  for (const [index, plan] of documents.entries()) {
    const last = index === documents.length - 1 ? plan.facts.length - 1 : -1;
    const captures = plan.facts.map((fact, nth) => (nth === last ? { ...fact, resolves } : fact));
    const verdict = verdictOf(captures, await togetherPatiently(options.journal, captures), what);
    const conflicts = verdict.kind === 'aside' && verdict.code === 'key-conflict';
    if (conflicts && (await isKept(plan, options))) continue;
    if (verdict.kind === 'aside') return verdict;
    if (verdict.kind === 'captured') isNew = true;
  }
  return { kind: isNew ? 'captured' : 'duplicate' };
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
