// One thing that stands in a feed's input, prepared as the door prepares it: facts to keep, or why not.
import type { Captured, SetAsideCode } from '../../core/captured.ts';
import { PROBLEMS_TOLD_MAX } from '../../core/limits/files.ts';
import type { CaptureJournal } from '../ports.ts';
import type { Prepared } from '../prepared.ts';
import { WAYS } from '../ways.ts';
import type { FeedDocument, FeedItem } from './feed.ts';
import type { FeedSettings } from './settings.ts';

type DocumentItem = Extract<FeedItem, { kind: 'document' }>;
type AsideItem = Extract<FeedItem, { kind: 'aside' }>;
type PassedItem = Extract<FeedItem, { kind: 'passed' }>;

export type FeedPlan =
  /** `facts` are kept together or not at all; `masked` counts fields in which a card number was painted over. */
  | { kind: 'document'; item: DocumentItem; facts: Captured[]; together: boolean; masked: number }
  | { kind: 'aside'; item: AsideItem; facts: [] }
  | { kind: 'passed'; item: PassedItem; facts: [] };

export type PlanContext = {
  settings: FeedSettings;
  store: string;
  journal: CaptureJournal;
  pseudonymKey: Uint8Array;
  /** Told in the cursor: the file that is read. */
  fileName: string;
};

/** "poslog:north": where facts and set-aside input came from. */
export const feedId = ({ feed, name }: FeedSettings): string => `${feed}:${name}`;

export async function planItem(item: FeedItem, context: PlanContext): Promise<FeedPlan> {
  if (item.kind === 'aside') return { kind: 'aside', item, facts: [] };
  if (item.kind === 'passed') return { kind: 'passed', item, facts: [] };
  const facts: Captured[] = [];
  let masked = 0;
  for (const document of item.documents) {
    const prepared = await prepare(document, context);
    if (!prepared.ok) return { kind: 'aside', item: asideOf(item, document, prepared), facts: [] };
    masked += prepared.masked.length;
    for (const captured of prepared.captures) facts.push(placed(captured, item.place, context));
  }
  return { kind: 'document', item, facts, together: facts.length > 1, masked };
}

const prepare = (
  { way, body }: FeedDocument,
  { settings, store, journal, pseudonymKey }: PlanContext,
): Prepared | Promise<Prepared> => WAYS[way].prepare(body, { store, feed: feedId(settings), pseudonymKey }, journal);

/** A file says nothing of its clock: what it is off is what the settings say, or unknown (D29). */
function placed(captured: Captured, place: string, { settings, fileName }: PlanContext): Captured {
  const seconds = settings.clockErrorSeconds;
  const skew = seconds === undefined ? undefined : { ms: 0, boundMs: seconds * 1_000 };
  return { ...captured, skew, cursor: { till: captured.content.workstation, position: `${fileName}, ${place}` } };
}

function asideOf(item: DocumentItem, document: FeedDocument, prepared: Extract<Prepared, { ok: false }>): AsideItem {
  const issues = prepared.issues ?? [];
  const told = issues.slice(0, PROBLEMS_TOLD_MAX).map(({ field, problem, fix }) => `${field} ${problem}: ${fix}.`);
  if (issues.length > told.length) told.push(`And ${issues.length - told.length} more.`);
  const reason = told.length > 0 ? told.join(' ') : (prepared.message ?? 'It does not follow the contract.');
  const { place, raw } = item;
  return { kind: 'aside', place, raw, code: codeOf(prepared.code), reason, receipt: numberOf(document) };
}

function codeOf(code: Extract<Prepared, { ok: false }>['code']): SetAsideCode {
  if (code === 'card-number') return 'card-number';
  return code === 'fact-too-large' ? 'too-large' : 'bad-receipt';
}

/** The number of a document, as far as it has one. */
export function numberOf({ body }: FeedDocument): string | undefined {
  const number: unknown = 'receipt' in body ? body.receipt : body.document;
  return typeof number === 'string' && number !== '' ? number : undefined;
}
