// A count sheet of the store window as the document that a back office would post, and as the facts that it becomes.
import { DateTime } from 'luxon';
import type { NormaliseContext } from '../../capture/finish.ts';
import type { CaptureJournal } from '../../capture/ports.ts';
import type { Prepared } from '../../capture/prepared.ts';
import { WAYS } from '../../capture/ways.ts';
import { formatQuantity } from '../../core/amounts.ts';
import type { Captured } from '../../core/captured.ts';
import type { StocktakeInput } from '../../protocol/local/documents.ts';
import type { HeldSheet } from '../../storage/count/counts.ts';
import { WINDOW_WORKSTATION } from '../decide.ts';

const FEED = 'window';
/** No customer is named on a count. */
const NO_KEY = new Uint8Array();

/** Without a zone of its own a sheet is written in that of this PC. */
const instant = (ms: number): string => DateTime.fromMillis(ms).toISO() ?? '';

function inputOf({ row, tallied }: HeldSheet, finishedMs: number, nowMs: number): StocktakeInput {
  return {
    workstation: WINDOW_WORKSTATION,
    stocktake: row.number,
    businessDate: row.businessDate,
    occurred: instant(finishedMs),
    begun: instant(row.begunMs),
    sentAt: instant(nowMs),
    reason: row.area,
    lines: tallied.map(({ sku, counted, when }) => ({
      sku,
      counted: formatQuantity(counted),
      occurred: instant(Math.min(Math.max(when.toMs, row.begunMs), finishedMs)),
    })),
  };
}

/**
 * Through the way of any count sheet: checked, masked and cut into parts (D6). Beside it each fact carries what the
 * agent noted itself while people counted (R6, R9).
 */
export async function prepareSheet(
  sheet: HeldSheet,
  { store, nowMs }: { store: string; nowMs: number },
  journal: CaptureJournal,
): Promise<Prepared> {
  // A clock that was set back meanwhile must not end a count before it began.
  const finishedMs = Math.max(sheet.row.finishedMs ?? nowMs, sheet.row.begunMs);
  const context: NormaliseContext = { store, feed: FEED, pseudonymKey: NO_KEY, nowMs };
  const prepared = await WAYS.stocktakes.prepare(inputOf(sheet, finishedMs, nowMs), context, journal);
  if (!prepared.ok) return prepared;
  const times = new Map(sheet.tallied.map(({ sku, when }) => [sku, when]));
  const followed = (captured: Captured): Captured => {
    if (captured.content.kind !== 'stocktake') return captured;
    const lines = captured.content.lines.flatMap(({ sku }) => times.get(sku) ?? []);
    return { ...captured, counting: { known: sheet.known, lines } };
  };
  const [first, ...others] = prepared.captures;
  return { ...prepared, captures: [followed(first), ...others.map(followed)] };
}
