// All that the journal knows of one document, and which documents it is tied to.
import { EXCEPTIONS, type ExceptionType, policyOf } from '../core/exception.ts';
import type { Fact, FactContent } from '../core/fact.ts';
import { hex } from '../core/hash.ts';
import { REFERENCES_MAX } from '../core/limits/search.ts';
import { factName } from '../core/order.ts';
import { sentence } from '../core/outcome.ts';
import type { LifeQuestion, ReceiptLife, TiedDocument } from '../protocol/local/receipt-life.ts';
import type { Place, RecentRow } from '../protocol/local/rooms/receipts.ts';
import { factOf } from './carry.ts';
import { openNames } from './catalogue/names.ts';
import type { Db } from './database.ts';
import { atOf, carriedOn, entryId } from './entry-id.ts';
import { linesOf } from './life-lines.ts';
import { type Named, namedBy } from './references.ts';
import { openRows } from './views.ts';

/** As a window is told, but for what others know. */
export type KeptLife = Omit<ReceiptLife, 'proof' | 'outcome'> & {
  proof: { frame: string; publicKey: string; chain: string | null } | null;
};

type EntryRow = { id: number; number: string; content: Uint8Array; chain: Uint8Array; bytes: Uint8Array };

const COLUMNS = 'id, number, content, chain, bytes';
const EPOCH_SPAN = 2 ** 40;

export function openReceiptLives(db: Db, store: string) {
  const rows = openRows(db);
  const entryAt = db.prepare<[number], EntryRow>(`SELECT ${COLUMNS} FROM entry WHERE id = ?`);
  const isCarriedOn = db.prepare<[number], number>(`SELECT 1 FROM entry WHERE id = ? AND ${carriedOn('id')}`).pluck();
  const laterTwin = db.prepare<[string, Uint8Array], EntryRow>(
    `SELECT ${COLUMNS} FROM entry WHERE number = ? AND content = ? AND NOT ${carriedOn('id')} ORDER BY id DESC LIMIT 1`,
  );
  const byKey = db.prepare<[string], EntryRow>(`SELECT ${COLUMNS} FROM entry WHERE key = ?`);
  const byNumber = db
    .prepare<[string], number>(
      `SELECT id FROM entry WHERE number = ? AND NOT ${carriedOn('id')} ORDER BY id DESC LIMIT ${REFERENCES_MAX}`,
    )
    .pluck();
  const naming = db
    .prepare<[string], number>(
      `SELECT entry FROM search_reference WHERE number = ? AND NOT ${carriedOn('entry')}
       ORDER BY entry DESC LIMIT ${REFERENCES_MAX}`,
    )
    .pluck();
  const aliases = db
    .prepare<[string], number>('SELECT count(*) FROM client_alias WHERE entry = (SELECT id FROM entry WHERE key = ?)')
    .pluck();
  const settledBy = db.prepare<[number, number], { entry: number; frame: string }>(
    'SELECT entry, frame FROM mark WHERE entry >= ? AND entry < ? ORDER BY entry LIMIT 1',
  );
  const setting = db.prepare<[string], string>('SELECT value FROM setting WHERE name = ?').pluck();
  const { nameOf } = openNames(db);
  const readers = { corrections: openCorrections(db), questions: openQuestionsOf(db) };

  const factFrom = (row: EntryRow): Fact => factOf(row.bytes);
  /** Where a document counts that was carried on into a later epoch. */
  const counting = (row: EntryRow): EntryRow =>
    isCarriedOn.get(row.id) === undefined ? row : (laterTwin.get(row.number, row.content) ?? row);

  /** Where what a document names lies here. Without a day it may be the only one of that number at that till. */
  function placeOf({ keys, ref, isOurs }: Named): EntryRow | null {
    for (const key of keys) {
      const row = byKey.get(key);
      if (row !== undefined) return counting(row);
    }
    if (!isOurs || ref.businessDate !== undefined) return null;
    const same = byNumber.all(ref.receipt).flatMap((id) => {
      const row = entryAt.get(id);
      if (row === undefined) return [];
      const { content } = factFrom(row);
      const isReceipt = content.kind === 'sale' || content.kind === 'return';
      return isReceipt && (ref.workstation ?? content.workstation) === content.workstation ? [row] : [];
    });
    return same.length === 1 ? (same[0] ?? null) : null;
  }

  function tied(named: Named): TiedDocument {
    const { tie, ref } = named;
    const row = placeOf(named);
    const content = row === null ? null : factFrom(row).content;
    return {
      ...{ tie, number: ref.receipt, store: named.isOurs ? null : (ref.store ?? null) },
      workstation: content?.workstation ?? ref.workstation ?? null,
      businessDate: content?.businessDate ?? ref.businessDate ?? null,
      kind: content?.kind ?? null,
      at: row === null ? null : atOf(row.id),
    };
  }

  /** Documents of this store that name this very one. */
  function namersOf(row: EntryRow): TiedDocument[] {
    return naming.all(row.number).flatMap((id): TiedDocument[] => {
      const namer = entryAt.get(id);
      if (namer === undefined || id === row.id) return [];
      const { content } = factFrom(namer);
      const named = namedBy(store, content).find((one) => placeOf(one)?.id === row.id);
      return named === undefined ? [] : [{ ...own(content, namer), tie: named.tie }];
    });
  }

  const own = ({ workstation, businessDate, kind }: FactContent, { id, number }: EntryRow) => ({
    ...{ number, workstation, businessDate, store: null, kind, at: atOf(id) },
  });

  function proofOf({ id }: EntryRow, settledMs: number | null): KeptLife['proof'] {
    const { epoch } = atOf(id);
    const mark = settledMs === null ? undefined : settledBy.get(id, (epoch + 1) * EPOCH_SPAN);
    const publicKey = setting.get('central-key');
    if (mark === undefined || publicKey === undefined) return null;
    const chain = entryAt.get(mark.entry)?.chain;
    return { frame: mark.frame, publicKey, chain: chain === undefined ? null : hex(chain) };
  }

  return {
    /** Null where there is no such entry. Of one that was carried on, where it counts now. */
    receiptLife({ epoch, seq }: Place): KeptLife | null {
      const found = entryAt.get(entryId(epoch, seq));
      if (found === undefined) return null;
      const row = counting(found);
      const [listed] = rows.at(row.id);
      if (listed === undefined) return null;
      const fact = factFrom(row);
      const at = atOf(row.id);
      return {
        ...{ epoch: at.epoch, seq: at.seq, content: hex(row.content), chain: hex(row.chain), key: fact.key },
        ...written(fact, listed, nameOf),
        ...{ recordedMs: listed.recordedMs, settledMs: listed.settledMs, proof: proofOf(row, listed.settledMs) },
        again: aliases.get(fact.key) ?? 0,
        names: namedBy(store, fact.content).map(tied),
        namedBy: namersOf(row),
        corrections: readers.corrections(row.id),
        questions: readers.questions(factName(at)),
      };
    },
    /** Documents with exactly this number, newest first. */
    numbered: (number: string): RecentRow[] => byNumber.all(number).flatMap(rows.at),
  };
}

/** What stands in the document. */
function written(
  { content, feed }: Fact,
  { kind, number, workstation, businessDate, total, currency }: RecentRow,
  nameOf: (sku: string) => string | null,
) {
  return {
    ...{ kind, number, workstation, businessDate, total, currency, occurred: content.occurred, feed },
    operator: 'operator' in content ? (content.operator ?? null) : null,
    reason: 'reason' in content ? (content.reason ?? null) : null,
    lines: linesOf(content, nameOf),
    tenders: 'tenders' in content ? (content.tenders ?? []).map(({ type, amount }) => ({ type, amount })) : [],
  };
}

/** What later entries made of it (R20). */
function openCorrections(db: Db) {
  const changes = db
    .prepare<[number], 'absorbed' | 'posted'>('SELECT outcome FROM outcome_change WHERE entry = ? ORDER BY cause')
    .pluck();
  return (id: number): string[] =>
    changes
      .all(id)
      .map((outcome) => sentence({ outcome, reason: outcome === 'absorbed' ? 'not-known-to-count' : null, sku: '' }));
}

/** Questions that it raised and that head office has confirmed. */
function openQuestionsOf(db: Db) {
  type Row = { type: ExceptionType; message: string; option: string | null };
  const raised = db.prepare<[string, string], Row>(
    `SELECT type, message, decided_option AS option FROM exception WHERE id >= ? AND id < ? LIMIT ${REFERENCES_MAX}`,
  );
  const types = Object.keys(EXCEPTIONS) as ExceptionType[];
  return (name: string): LifeQuestion[] =>
    types
      // "0" is what follows "/".
      .flatMap((type) => raised.all(`${type}/${name}/`, `${type}/${name}0`))
      .map(({ type, message, option }) => {
        const { title, options } = policyOf(type);
        const answers: Readonly<Record<string, string>> = options;
        return { type, title, message, answer: option === null ? null : (answers[option] ?? option) };
      });
}
