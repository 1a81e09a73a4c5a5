// The rows of one count sheet to its facts: what several people counted is added up, a large sheet is cut (D6).
import { formatDecimal, QUANTITY_SCALE } from '../../core/amounts.ts';
import type { Captured } from '../../core/captured.ts';
import { naturalKey } from '../../core/fact.ts';
import type { StocktakeInput } from '../../protocol/local/documents.ts';
import { isSameSheet, prepareStocktake } from '../count-sheet.ts';
import { keptParts } from '../documents.ts';
import { agreed, type Built, canonicalOrder, type DocumentContext, identityOf, normaliseContext } from './built.ts';
import { reasonOf } from './movements.ts';
import type { ReadRow } from './rows.ts';

export async function placeCount(all: ReadRow[], context: DocumentContext): Promise<Built> {
  const { receipt } = identityOf(all);
  const name = `Count sheet ${receipt}`;
  const bad = (reason: string): Built => ({ ok: false, code: 'bad-receipt', reason: `${name}: ${reason}.` });
  const rows = all.filter((row) => !row.notGoods);
  if (rows.length === 0) return bad('none of its rows is goods: look at notGoods');
  const stocktakes = new Set(rows.map((row) => row.stocktake ?? receipt));
  if (stocktakes.size > 1) {
    return bad(`its rows name the stocktakes ${[...stocktakes].slice(0, 5).join(', ')}: a sheet belongs to one`);
  }
  const lines = linesOf(rows, context.mapping.counts?.repeated ?? 'refuse');
  if (typeof lines === 'string') return bad(lines);
  const input = inputOf(rows, lines, context);
  const { journal, store } = context;
  const prepared = await prepareStocktake(input, normaliseContext(context, all), journal);
  if (!prepared.ok) {
    const told = prepared.message ?? prepared.issues?.map(({ field, problem, fix }) => `${field} ${problem}: ${fix}`);
    const code = prepared.code === 'fact-too-large' ? 'too-large' : 'bad-receipt';
    return { ok: false, code, reason: `${name}: ${[told].flat().join('. ')}` };
  }
  const [first] = prepared.captures;
  const isKept = async (): Promise<boolean> => {
    const parts = await keptParts(journal, naturalKey(store, first.content));
    return isSameSheet(
      parts.map(({ fact }) => fact.content),
      input,
    );
  };
  const facts: Captured[] = prepared.captures;
  return { ok: true, facts, rowsNotGoods: all.length - rows.length, together: facts.length > 1, isKept };
}

type Line = StocktakeInput['lines'][number];

/** A sheet begins with its first line and ends with its last, unless a column says when counting began. */
function inputOf(rows: ReadRow[], lines: Line[], { mapping }: DocumentContext): StocktakeInput {
  const { workstation, receipt, businessDate, occurred } = identityOf(rows);
  const begun = rows.reduce(
    (first, row) => earlier(first, row.begun ?? row.time),
    rows[0]?.time ?? { instantMs: 0, occurred },
  );
  const ended = rows.reduce((last, row) => (row.time.instantMs > last.instantMs ? row.time : last), begun);
  return {
    workstation,
    document: receipt,
    stocktake: rows[0]?.stocktake ?? receipt,
    businessDate,
    begun: begun.occurred,
    occurred: ended.occurred,
    // The clock was not asked: how far it may be off stands in the mapping.
    sentAt: ended.occurred,
    scope: mapping.counts?.scope,
    lines: canonicalOrder(lines),
    reason: mapping.counts?.reason ?? reasonOf(rows),
  };
}

type Moment = { instantMs: number; occurred: string };
const earlier = (a: Moment, b: Moment): Moment => (b.instantMs < a.instantMs ? b : a);

/** One line for each SKU, or a sentence. */
function linesOf(rows: ReadRow[], repeated: 'add' | 'last' | 'refuse'): Line[] | string {
  const bySku = Map.groupBy(rows, (row) => row.sku);
  const lines: Line[] = [];
  for (const [sku, ofSku] of bySku) {
    let sum = 0;
    for (const [counter, ofCounter] of Map.groupBy(ofSku, (row) => row.counter ?? '')) {
      const counted = countedOf(ofCounter, repeated);
      if (counted === null) {
        const twice = ofCounter.map(({ line }) => line).slice(0, 5);
        const by = counter === '' ? '' : ` by ${counter}`;
        return `${sku} stands on it more than once${by} (lines ${twice.join(', ')}): set counts.repeated to "add" or "last", or mend the sheet`;
      }
      sum += counted;
    }
    const last = ofSku.reduce((latest, row) => (row.time.instantMs > latest.time.instantMs ? row : latest));
    lines.push({
      sku,
      gtin: agreed(ofSku.map((row) => row.gtin)),
      description: agreed(ofSku.map((row) => row.description)),
      counted: formatDecimal(sum, QUANTITY_SCALE),
      occurred: last.time.occurred,
    });
  }
  return lines;
}

/** In thousandths; null where the mapping does not say which of them counts, or two are of the same moment. */
function countedOf(rows: ReadRow[], repeated: 'add' | 'last' | 'refuse'): number | null {
  const [first] = rows;
  if (rows.length === 1 && first !== undefined) return first.quantity;
  if (repeated === 'add') return rows.reduce((sum, row) => sum + row.quantity, 0);
  if (repeated === 'refuse') return null;
  const last = Math.max(...rows.map((row) => row.time.instantMs));
  const latest = new Set(rows.filter((row) => row.time.instantMs === last).map((row) => row.quantity));
  return latest.size === 1 ? ([...latest][0] ?? null) : null;
}
