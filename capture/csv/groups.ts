// Walks through the receipts of a spill: each is planned, or set aside with the reason.
import type { SetAside } from '../../core/captured.ts';
import { IMPORT_GROUP_BYTES_MAX, SET_ASIDE_BYTES_MAX, SET_ASIDE_ROWS_MAX } from '../../core/limits/files.ts';
import { LINES_MAX, SHEET_LINES_MAX } from '../../core/limits.ts';
import { type AsideOrigin, asideItems } from './aside.ts';
import type { Aside, DocumentContext } from './built.ts';
import { buildDocument } from './documents.ts';
import { nounOf } from './mapping.ts';
import type { Plan } from './place.ts';
import type { RowReader } from './rows.ts';
import type { Spill, SpilledRow, SpillGroup } from './spill.ts';

/** `receipts` is 0 for rows without a receipt number, and for the further parts of one receipt. */
export type Step =
  | { kind: 'plan'; plan: Plan }
  | { kind: 'aside'; items: SetAside[]; rows: SpilledRow[]; receipts: 0 | 1; why: Aside };

export async function* eachDocument(
  spill: Spill,
  reader: RowReader,
  origin: AsideOrigin,
  context: DocumentContext,
): AsyncGenerator<Step> {
  const linesMax = linesOf(context);
  for (const group of spill.groups()) {
    if (group.receipt === '') yield* rowsWithoutNumber(spill, group, origin, reader, context);
    else if (group.uncertain) yield* inParts(spill, group, origin, uncertain(group, context));
    else if (group.rows > linesMax || group.bytes > IMPORT_GROUP_BYTES_MAX) {
      yield* inParts(spill, group, origin, tooLarge(group, context));
    } else yield await wholeDocument(spill, group, origin, reader, context);
  }
}

async function wholeDocument(
  spill: Spill,
  group: SpillGroup,
  origin: AsideOrigin,
  reader: RowReader,
  context: DocumentContext,
): Promise<Step> {
  const rows = [...spill.pages(group.id, linesOf(context), Number.POSITIVE_INFINITY)].flat();
  const built = await buildDocument(rows, reader, context);
  if (built.ok) {
    const { ok: _, ...plan } = built;
    return { kind: 'plan', plan: { receipt: group.receipt, rows, ...plan } };
  }
  const why = { code: built.code, reason: built.reason };
  return { kind: 'aside', items: asideItems(origin, group.receipt, rows, why), rows, receipts: 1, why };
}

function* inParts(spill: Spill, group: SpillGroup, origin: AsideOrigin, why: Aside): Generator<Step> {
  let page = 0;
  for (const rows of spill.pages(group.id, SET_ASIDE_ROWS_MAX, SET_ASIDE_BYTES_MAX)) {
    const items = asideItems(origin, group.receipt, rows, why, page);
    yield { kind: 'aside', items, rows, receipts: page === 0 ? 1 : 0, why };
    page++;
  }
}

function* rowsWithoutNumber(
  spill: Spill,
  group: SpillGroup,
  origin: AsideOrigin,
  reader: RowReader,
  { mapping }: DocumentContext,
): Generator<Step> {
  for (const page of spill.pages(group.id, SET_ASIDE_ROWS_MAX, SET_ASIDE_BYTES_MAX)) {
    for (const rows of byRecord(page)) {
      const [row] = rows;
      if (row === undefined) continue;
      const result = reader.read(row);
      const text = result.ok ? `the ${nounOf(mapping).toLowerCase()} number is missing` : result.problem.text;
      const code = result.ok ? 'bad-row' : result.problem.code;
      const why: Aside = { code, reason: `Line ${row.line}: ${text}.` };
      yield { kind: 'aside', items: asideItems(origin, '', rows, why), rows, receipts: 0, why };
    }
  }
}

/** Lines of one JSON object stand together: only the first holds its text. */
function byRecord(page: SpilledRow[]): SpilledRow[][] {
  const records: SpilledRow[][] = [];
  for (const row of page) {
    if (row.raw === '' && records.length > 0) records.at(-1)?.push(row);
    else records.push([row]);
  }
  return records;
}

function uncertain(group: SpillGroup, { mapping }: DocumentContext): Aside {
  const day = mapping.receiptScope === 'day' ? ' or day' : '';
  const reason = `${nounOf(mapping)} ${group.receipt}: another row with this number has no readable till${day} and may belong here: correct that row or the mapping, then drive both again.`;
  return { code: 'bad-receipt', reason };
}

const linesOf = ({ mapping }: DocumentContext): number =>
  mapping.documents === 'counts' ? SHEET_LINES_MAX : LINES_MAX;

function tooLarge(group: SpillGroup, context: DocumentContext): Aside {
  const noun = nounOf(context.mapping);
  const setting = noun === 'Receipt' ? 'receipt' : 'document';
  const reason = `${noun} ${group.receipt} has ${group.rows} rows (${group.bytes} bytes); at most ${linesOf(context)} rows are one ${noun.toLowerCase()}. Check that "${setting}" in the mapping names the column of its number.`;
  return { code: 'too-large', reason };
}
