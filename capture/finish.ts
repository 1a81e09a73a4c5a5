// The last gate for every feed: a document that was read without a complaint becomes a capture.
import type { Captured } from '../core/captured.ts';
import type { FactContent } from '../core/fact.ts';
import { SKEW_BOUND_MS } from '../core/limits.ts';
import { FactContentSchema } from '../protocol/fact.ts';
import type { Issue } from '../protocol/local/capture.ts';
import { issuesOf } from './issues.ts';
import type { Notes } from './notes.ts';

export type NormaliseContext = {
  store: string;
  feed: string;
  /** Of this device: the customer reference is kept only as HMAC-SHA256 under it. */
  pseudonymKey: Uint8Array;
  /** The agent's clock when the document came in; absent where the feed tells no till clock. */
  nowMs?: number | undefined;
  clientKey?: string | undefined;
  trace?: string | undefined;
  cursor?: Captured['cursor'];
  resolves?: number | undefined;
};

export type Normalised =
  /** `masked` names the fields in which a card number was painted over. */
  { ok: true; captured: Captured; masked: string[] } | { ok: false; code: 'bad-body' | 'card-number'; issues: Issue[] };

/** The last gate for every feed: whatever is still not a fact is told by field. */
export function finish(
  content: FactContent,
  notes: Notes,
  sentAt: string | undefined,
  context: NormaliseContext,
): Normalised {
  if (notes.cards.length > 0) return { ok: false, code: 'card-number', issues: notes.cards };
  if (notes.issues.length > 0) return { ok: false, code: 'bad-body', issues: notes.issues };
  const money = needsCurrency(content);
  if (money !== null) {
    const fix = 'send the ISO 4217 code, for example EUR';
    return { ok: false, code: 'bad-body', issues: [{ field: 'currency', problem: `is missing, and ${money}`, fix }] };
  }
  const checked = FactContentSchema.safeParse(content);
  if (!checked.success) {
    const issues = issuesOf(checked.error, content).map((issue) => ({
      ...issue,
      field: issue.field.replace(/\.unitPriceE4$/, '.unitPrice'),
    }));
    return { ok: false, code: 'bad-body', issues };
  }
  const { store: _store, pseudonymKey: _key, nowMs, ...rest } = context;
  const skew =
    sentAt === undefined || nowMs === undefined
      ? undefined
      : { ms: nowMs - Date.parse(sentAt), boundMs: SKEW_BOUND_MS };
  return { ok: true, captured: { content, ...rest, skew }, masked: notes.masked };
}

function needsCurrency(content: FactContent): string | null {
  if (!('receipt' in content) || content.currency !== undefined) return null;
  const line = content.lines.findIndex((each) => each.amount !== undefined || each.unitPriceE4 !== undefined);
  if (line >= 0) return `lines.${line} carries an amount`;
  if (content.total !== undefined) return 'total carries an amount';
  return (content.tenders ?? []).length > 0 ? 'tenders.0 carries an amount' : null;
}
