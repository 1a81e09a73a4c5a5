// A count sheet becomes facts: counters' parts added up, zeros written for a whole store, large sheets cut (D6).
import { canonicalJson } from '../core/canonical.ts';
import type { FactContent, StocktakeContent, StocktakeLine } from '../core/fact.ts';
import { AMOUNT_MAX, STOCKTAKE_LINES_MAX, STOCKTAKE_PARTS_MAX } from '../core/limits.ts';
import type { StocktakeInput } from '../protocol/local/documents.ts';
import { finish, type NormaliseContext, type Normalised } from './finish.ts';
import { checkDates, checkMoment, figure, freeText, type Notes, noNotes } from './notes.ts';
import type { CaptureJournal } from './ports.ts';
import { type Prepared, partKey, partNumber, together } from './prepared.ts';

type InputLine = StocktakeInput['lines'][number];

/** Reads what the book holds where the whole store was counted. */
export async function prepareStocktake(
  input: StocktakeInput,
  context: NormaliseContext,
  journal: Pick<CaptureJournal, 'heldSkus'>,
): Promise<Prepared> {
  const notes = noNotes();
  checkTimes(input, notes);
  const lines = input.lines.map((line, index) => sheetLine(line, `lines.${index}`, notes));
  checkOnce(lines, notes);
  const first = { ...headOf(input, notes), lines: lines.slice(0, STOCKTAKE_LINES_MAX) };
  const checked = finish(first, notes, input.sentAt, context);
  if (!checked.ok) return checked;
  const zeros = input.scope === 'store' ? await zeroLines(journal, lines) : [];
  const all = [...lines, ...zeros];
  if (all.length > STOCKTAKE_LINES_MAX * STOCKTAKE_PARTS_MAX) {
    return { ok: false, code: 'fact-too-large', message: TOO_MANY };
  }
  const parts: Normalised[] = [];
  for (let at = 0; at < all.length; at += STOCKTAKE_LINES_MAX) {
    const index = parts.length;
    const content = { ...first, document: partNumber(first.document, index) };
    const part = { ...content, lines: all.slice(at, at + STOCKTAKE_LINES_MAX) };
    const clientKey = partKey(context.clientKey, index);
    parts.push(finish(part, noNotes(), input.sentAt, { ...context, clientKey }));
  }
  const [head = checked, ...others] = parts;
  return together(head.ok ? { ...head, masked: notes.masked } : head, others);
}

const TOO_MANY = `The count would have more than ${STOCKTAKE_LINES_MAX * STOCKTAKE_PARTS_MAX} articles. Nothing was kept: send the count in several sheets, without the scope "store".`;

const headOf = (input: StocktakeInput, notes: Notes): Omit<StocktakeContent, 'lines'> => ({
  kind: 'stocktake',
  workstation: input.workstation,
  document: input.document ?? input.stocktake,
  businessDate: input.businessDate,
  occurred: input.occurred,
  begun: input.begun,
  stocktake: input.stocktake,
  reason: freeText(notes, 'reason', input.reason),
});

function checkTimes(input: StocktakeInput, notes: Notes): void {
  checkDates(input, notes);
  checkMoment('begun', input.begun, notes);
  const [begun, ended] = [Date.parse(input.begun), Date.parse(input.occurred)];
  if (begun > ended) {
    const fix = 'send as begun when counting began, and as occurred when the sheet was finished';
    notes.issues.push({ field: 'begun', problem: 'is later than occurred', fix });
    return;
  }
  for (const [index, { occurred }] of input.lines.entries()) {
    if (occurred === undefined || (Date.parse(occurred) >= begun && Date.parse(occurred) <= ended)) continue;
    const fix = 'send a time from begun to occurred, or leave it out';
    notes.issues.push({ field: `lines.${index}.occurred`, problem: 'is outside the count', fix });
  }
}

function sheetLine(line: InputLine, field: string, notes: Notes): StocktakeLine {
  return {
    sku: line.sku,
    gtin: line.gtin,
    description: freeText(notes, `${field}.description`, line.description),
    counted: countedOf(line, field, notes),
    occurred: line.occurred,
  };
}

/** One figure, or the sum of the counters' parts, of which each counter's last stands. */
function countedOf(line: InputLine, field: string, notes: Notes): number {
  if ((line.counted === undefined) === (line.parts === undefined)) {
    const problem = line.parts === undefined ? 'is missing' : 'stands beside parts';
    notes.issues.push({ field: `${field}.counted`, problem, fix: 'send either counted or parts' });
    return 0;
  }
  if (line.parts === undefined) return figure(notes, `${field}.counted`, line.counted ?? 0);
  const byCounter = new Map<string, number>();
  for (const [index, { counter, quantity }] of line.parts.entries()) {
    byCounter.set(counter, figure(notes, `${field}.parts.${index}.quantity`, quantity));
  }
  const sum = [...byCounter.values()].reduce((total, part) => total + part, 0);
  if (sum <= AMOUNT_MAX) return sum;
  notes.issues.push({ field: `${field}.parts`, problem: 'add up to too much', fix: 'check the quantities' });
  return 0;
}

function checkOnce(lines: StocktakeLine[], notes: Notes): void {
  const seen = new Map<string, number>();
  for (const [index, { sku }] of lines.entries()) {
    const before = seen.get(sku);
    if (before === undefined) seen.set(sku, index);
    else {
      const fix = 'list each SKU once, with what several people counted of it as its parts';
      notes.issues.push({ field: `lines.${index}.sku`, problem: `is in lines.${before} already`, fix });
    }
  }
}

/** What the book holds and nobody found; one more than may be is enough to see that it is too much. */
async function zeroLines(journal: Pick<CaptureJournal, 'heldSkus'>, listed: StocktakeLine[]): Promise<StocktakeLine[]> {
  const found = new Set(listed.map(({ sku }) => sku));
  const most = STOCKTAKE_LINES_MAX * STOCKTAKE_PARTS_MAX;
  const zeros: StocktakeLine[] = [];
  let after: string | null = null;
  while (zeros.length <= most) {
    const page: string[] = await journal.heldSkus(after, STOCKTAKE_LINES_MAX);
    zeros.push(...page.filter((sku) => !found.has(sku)).map((sku) => ({ sku, counted: 0 })));
    after = page.at(-1) ?? null;
    if (page.length < STOCKTAKE_LINES_MAX) break;
  }
  return zeros;
}

/**
 * True where `kept`, the parts of a sheet in order, say what this sheet says. The zeros of a whole store were written
 * for what the book held then: a retry finds other stock and means the same count (L1).
 */
export function isSameSheet(kept: FactContent[], input: StocktakeInput): boolean {
  const [first] = kept;
  if (first?.kind !== 'stocktake') return false;
  const lines = input.lines.map((line, index) => sheetLine(line, `lines.${index}`, noNotes()));
  const keptLines = kept.flatMap((part) => (part.kind === 'stocktake' ? part.lines : []));
  const zeros = keptLines.slice(lines.length);
  if (input.scope !== 'store' ? zeros.length > 0 : zeros.some(({ counted }) => counted !== 0)) return false;
  const head = { ...first, lines: keptLines.slice(0, lines.length) };
  const listed = { ...headOf(input, noNotes()), lines };
  return canonicalJson(head) === canonicalJson(listed);
}
