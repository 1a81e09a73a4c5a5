// Walks through the receipts of a spill: each is planned, or set aside with the reason.
import type { SetAside } from '../../core/captured.ts';
import { IMPORT_GROUP_BYTES_MAX, SET_ASIDE_BYTES_MAX, SET_ASIDE_ROWS_MAX } from '../../core/limits/files.ts';
import { LINES_MAX } from '../../core/limits.ts';
import { type AsideOrigin, asideItems } from './aside.ts';
import type { Plan } from './place.ts';
import { type Aside, buildReceipt, type ReceiptContext } from './receipts.ts';
import type { RowReader } from './rows.ts';
import type { Spill, SpilledRow, SpillGroup } from './spill.ts';

/** `receipts` is 0 for rows without a receipt number, and for the further parts of one receipt. */
export type Step =
  | { kind: 'plan'; plan: Plan }
  | { kind: 'aside'; items: SetAside[]; rows: SpilledRow[]; receipts: 0 | 1; why: Aside };

export function* eachReceipt(
  spill: Spill,
  reader: RowReader,
  origin: AsideOrigin,
  context: ReceiptContext,
): Generator<Step> {
  for (const group of spill.groups()) {
    if (group.receipt === '') yield* rowsWithoutReceipt(spill, group, origin, reader);
    else if (group.uncertain) yield* inParts(spill, group, origin, uncertain(group, context));
    else if (group.rows > LINES_MAX || group.bytes > IMPORT_GROUP_BYTES_MAX) {
      yield* inParts(spill, group, origin, tooLarge(group));
    } else yield wholeReceipt(spill, group, origin, reader, context);
  }
}

function wholeReceipt(
  spill: Spill,
  group: SpillGroup,
  origin: AsideOrigin,
  reader: RowReader,
  context: ReceiptContext,
): Step {
  const rows = [...spill.pages(group.id, LINES_MAX, Number.POSITIVE_INFINITY)].flat();
  const built = buildReceipt(rows, reader, context);
  if (built.ok) {
    return {
      kind: 'plan',
      plan: { receipt: group.receipt, facts: built.facts, rows, rowsNotGoods: built.rowsNotGoods },
    };
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

function* rowsWithoutReceipt(spill: Spill, group: SpillGroup, origin: AsideOrigin, reader: RowReader): Generator<Step> {
  for (const page of spill.pages(group.id, SET_ASIDE_ROWS_MAX, SET_ASIDE_BYTES_MAX)) {
    for (const row of page) {
      const result = reader.read(row);
      const text = result.ok ? 'the receipt number is missing' : result.problem.text;
      const code = result.ok ? 'bad-row' : result.problem.code;
      const why: Aside = { code, reason: `Line ${row.line}: ${text}.` };
      yield { kind: 'aside', items: asideItems(origin, '', [row], why), rows: [row], receipts: 0, why };
    }
  }
}

function uncertain(group: SpillGroup, { mapping }: ReceiptContext): Aside {
  const day = mapping.receiptScope === 'day' ? ' or day' : '';
  const reason = `Receipt ${group.receipt}: another row with this number has no readable till${day} and may belong here: correct that row or the mapping, then drive both again.`;
  return { code: 'bad-receipt', reason };
}

const tooLarge = (group: SpillGroup): Aside => ({
  code: 'too-large',
  reason: `Receipt ${group.receipt} has ${group.rows} rows (${group.bytes} bytes); at most ${LINES_MAX} rows are one receipt. Check that "receipt" in the mapping names the column of the receipt number.`,
});
