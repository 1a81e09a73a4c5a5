// The rows of one document to what is captured of it: all of them or none (a document is atomic).
import type { Captured } from '../../core/captured.ts';
import { PROBLEMS_TOLD_MAX } from '../../core/limits/files.ts';
import type { Built, DocumentContext } from './built.ts';
import { placeCount } from './counts.ts';
import { placeMovements } from './movements.ts';
import { placeReceipt } from './receipts.ts';
import type { ReadRow, RowReader } from './rows.ts';
import type { SpilledRow } from './spill.ts';

export async function buildDocument(rows: SpilledRow[], reader: RowReader, context: DocumentContext): Promise<Built> {
  const read: ReadRow[] = [];
  const problems: string[] = [];
  let card = false;
  for (const row of rows) {
    const result = reader.read(row);
    if (result.ok) read.push(result.row);
    else {
      problems.push(`Line ${row.line}: ${result.problem.text}.`);
      card ||= result.problem.code === 'card-number';
    }
  }
  if (problems.length > 0) {
    const more = problems.length > PROBLEMS_TOLD_MAX ? ` And ${problems.length - PROBLEMS_TOLD_MAX} more rows.` : '';
    const reason = problems.slice(0, PROBLEMS_TOLD_MAX).join(' ') + more;
    return { ok: false, code: card ? 'card-number' : 'bad-row', reason };
  }
  const built = await placed(read, context);
  return built.ok ? { ...built, facts: built.facts.map((fact) => timed(fact, context)) } : built;
}

function placed(rows: ReadRow[], context: DocumentContext): Built | Promise<Built> {
  switch (context.mapping.documents) {
    case 'receipts':
      return placeReceipt(rows, context);
    case 'movements':
      return placeMovements(rows, context);
    case 'counts':
      return placeCount(rows, context);
  }
}

/** A file tells no clock: the mapping may say how far off it can be (D29). */
function timed(fact: Captured, { mapping: { clockErrorSeconds } }: DocumentContext): Captured {
  return clockErrorSeconds === undefined ? fact : { ...fact, skew: { ms: 0, boundMs: clockErrorSeconds * 1_000 } };
}
